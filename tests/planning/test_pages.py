"""The pages of plan-schedules: drafting, deciding, comparing, coverage."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.planning import verbs
from cases.planning.models import PlanSchedule
from cases.registry.models import Organisation, ProgrammeArea
from tests.cast import Cast
from tests.conftest import Opened
from tests.kinds.planning import item_facts, legal_act, make_plan
from tests.planning.pages import page
from workflow.door import perform
from workflow.lifecycles.plan_schedule import State
from workflow.terms import legal_date

pytestmark = pytest.mark.django_db
ITEM = {
    "kind": "main",
    "title": "Medicine (test)",
    "directions": ["1", "10"],
    "levels": ["college"],
    "institutions": "col\nUNI",
    "starts": "01.04.2026",
    "ends": "30.09.2026",
    "budget": "2 500 000,50",
    "source_of_finance": "State budget (test)",
}


def test_a_coordinator_drafts_a_plan_with_a_monitoring(cast: Cast, at: Opened) -> None:
    client, act = at(cast.coordinator), legal_act()
    new = {"department": cast.department.pk, "title": "Plan (test)", "first_year": 2026, "last_year": 2027}
    client.post(reverse("plan_new"), new)
    plan = PlanSchedule.objects.get()
    assert (plan.title, plan.years, plan.coordinator) == ("Plan (test)", "2026–2027", cast.coordinator)
    area = ProgrammeArea.objects.create(code="MED", name="Medicine")
    sent = {**ITEM, "legal_basis": act.pk, "areas": [area.pk], "version": plan.version}
    response = client.post(reverse("plan_item_add", args=[plan.number]), sent)
    assert response.status_code == 302
    item = plan.items.get()
    assert (item.starts, item.ends, str(item.budget)) == (date(2026, 4, 1), date(2026, 9, 30), "2500000.50")
    assert sorted(row.code for row in item.institutions.all()) == ["COL", "UNI"]
    shown = page(client, plan.get_absolute_url())
    assert "Medicine (test)" in shown
    assert '<svg class="gantt"' in shown
    assert "1. Education programmes" in shown
    response = client.post(reverse("plan_item_edit", args=[plan.number, 1]), {**sent, "version": 0, "title": "Other"})
    assert response.status_code == 409
    assert "Other" in response.content.decode()
    plan.refresh_from_db()
    client.post(reverse("plan_item_remove", args=[plan.number, 1]), {"version": plan.version})
    assert not plan.items.exists()


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"institutions": "UNI\nNO-SUCH"}, "No active institution has this code or name: NO-SUCH."),
        ({"institutions": "DEP"}, "No active institution has this code or name: DEP."),
        ({"directions": []}, "Choose at least one direction."),
        ({"levels": []}, "Choose at least one type of institution."),
        ({"legal_basis": ""}, "Name the legal basis."),
        ({"ends": "01.01.2026"}, "It ends before it begins."),
        ({"starts": "31.02.2026"}, "31.12.2026."),
        ({"budget": "-1"}, "Give the sum in som, such as 2 500 000 or 1 500,50."),
        ({"budget": "1,000"}, "Give the sum in som, such as 2 500 000 or 1 500,50."),
    ],
)
def test_a_wrong_monitoring_comes_back_with_everything_typed(
    cast: Cast, at: Opened, wrong: dict[str, object], sentence: str
) -> None:
    plan = make_plan(cast)
    sent = {**ITEM, "legal_basis": legal_act().pk, "version": plan.version, **wrong}
    response = at(cast.coordinator).post(reverse("plan_item_add", args=[plan.number]), sent)
    assert response.status_code == 422
    shown = response.content.decode()
    assert sentence in shown
    assert "State budget (test)" in shown
    assert plan.items.count() == 1


def test_the_page_of_an_answer_shows_what_is_decided_on(cast: Cast, at: Opened) -> None:
    plan = make_plan(cast, State.SUBMITTED)
    head = at(cast.head)
    address = reverse("plan_schedule_act", args=[plan.number, "agree"])
    shown = page(head, address)
    assert "Engineering (test)" in shown
    response = head.post(address, {"version": plan.submissions, "remarks": "Good (test)."})
    assert response.status_code == 302
    sheet = page(head, plan.get_absolute_url())
    assert "Route sheet, round 1" in sheet
    assert "Agreed with remarks" in sheet
    assert "Good (test)." in sheet
    again = head.post(address, {"version": plan.submissions})
    assert again.status_code == 422
    assert "You are not asked now" in again.content.decode()


@pytest.mark.parametrize(
    ("state", "action", "who"),
    [
        (State.DRAFT, "submit", "coordinator"),
        (State.SUBMITTED, "send_back", "head"),
        (State.SUBMITTED, "take", "head"),
        (State.SUBMITTED, "hand_over", "head"),
        (State.SUBMITTED, "recall", "coordinator"),
        (State.AGREED, "decline", "leader"),
        (State.APPROVED, "put_in_force", "head"),
    ],
)
def test_the_page_of_every_act_shows_the_plan_with_the_types_of_institutions(
    cast: Cast, at: Opened, state: str, action: str, who: str
) -> None:
    plan = make_plan(cast, state)
    shown = page(at(getattr(cast, who)), reverse("plan_schedule_act", args=[plan.number, action]))
    assert "Engineering (test)" in shown
    assert "Types of institutions: University" in shown


def test_the_leader_approves_by_an_act(cast: Cast, at: Opened) -> None:
    plan = make_plan(cast, State.AGREED)
    leader = at(cast.leader)
    address = reverse("plan_schedule_act", args=[plan.number, "approve"])
    refused = leader.post(address, {"version": plan.submissions})
    assert refused.status_code == 422
    assert "Name the legal act by which the plan-schedule is approved." in refused.content.decode()
    leader.post(address, {"version": plan.submissions, "approval_act_id": legal_act().pk})
    plan.refresh_from_db()
    assert (plan.state, plan.approval_act) == (State.APPROVED, legal_act())


def test_two_versions_are_compared(cast: Cast, at: Opened) -> None:
    plan = make_plan(cast, State.SUBMITTED)
    perform(plan, "send_back", by=cast.head, reason="Later (test).")
    client = at(cast.coordinator)
    sent = {**ITEM, "legal_basis": legal_act().pk, "version": plan.version}
    client.post(reverse("plan_item_add", args=[plan.number]), sent)
    item = plan.items.get(place=1)
    plan.refresh_from_db()
    filled = {**sent, "title": item.title, "version": plan.version, "institutions": "UNI", "directions": ["1"]}
    client.post(reverse("plan_item_edit", args=[plan.number, 1]), filled)
    shown = page(client, reverse("plan_compare", args=[plan.number]))
    assert shown.count(">Added<") == 1
    assert shown.count(">Changed<") == 1
    assert "01.03.2026" in shown
    assert "01.04.2026" in shown
    same = page(client, reverse("plan_compare", args=[plan.number]) + f"?left={plan.number}-1&right={plan.number}-1")
    assert "These two versions say the same." in same
    assert page(client, reverse("plan_compare", args=[plan.number]) + "?left=nonsense&right=%00")


def test_coverage_shows_what_is_overdue_first(cast: Cast, at: Opened) -> None:
    next_year = legal_date().year + 1
    plan = make_plan(cast, State.SUBMITTED, years=(next_year, next_year))
    Organisation.objects.filter(code="UNI").update(monitored_on="2026-01-10")
    ProgrammeArea.objects.create(code="ENG", name="Engineering", monitored_on="2020-05-01")
    client = at(cast.observer)
    shown = page(client, reverse("coverage"))
    assert "2 are overdue." in shown
    assert shown.index("COL") < shown.index("ENG") < shown.index("UNI")
    assert "10.01.2029" in shown
    assert "never monitored" in shown
    areas = page(client, reverse("coverage") + "?kind=area&overdue=on")
    assert "ENG" in areas
    assert "COL" not in areas
    assert "Nothing was found." in page(client, reverse("coverage") + "?q=zzz")
    table = b"".join(client.get(reverse("coverage_export", args=["csv"])).streaming_content).decode()  # type: ignore[attr-defined]
    assert table.splitlines()[1].startswith(
        f"COL,COL (test),Osh region,,never monitored,{plan.number} Engineering (test) (01.03.{next_year})"
    )
    assert client.get(reverse("coverage_export", args=["xlsx"])).status_code == 200
    assert client.get(reverse("coverage_export", args=["pdf"])).status_code == 404


@pytest.mark.parametrize("who", ["rector", "expert", "stranger"])
def test_coverage_is_for_the_department_and_the_ministry(cast: Cast, at: Opened, who: str) -> None:
    assert at(getattr(cast, who)).get(reverse("coverage")).status_code == 403


def test_an_institution_sees_the_plan_that_names_it_once_it_is_in_force(cast: Cast, at: Opened) -> None:
    plan = make_plan(cast, State.APPROVED)
    rector = at(cast.rector)
    assert rector.get(plan.get_absolute_url()).status_code == 404
    perform(plan, "put_in_force", by=cast.head)
    assert "Engineering (test)" in page(rector, plan.get_absolute_url())
    assert rector.get(reverse("plan_new")).status_code == 403
    assert at(cast.stranger).get(plan.get_absolute_url()).status_code == 404


@pytest.mark.parametrize(
    ("state", "who", "path"),
    [
        ("draft", "coordinator", ""),
        ("submitted", "head", ""),
        ("submitted", "head", "act/agree/"),
        ("agreed", "leader", "act/approve/"),
        ("in_force", "observer", ""),
    ],
)
def test_a_page_reads_monitorings_and_seats_once_however_many_conditions_need_them(
    cast: Cast, at: Opened, state: str, who: str, path: str
) -> None:
    plan = make_plan(cast, state)
    client = at(getattr(cast, who))
    with CaptureQueriesContext(connection) as captured:
        page(client, f"{plan.get_absolute_url()}{path}")
    statements = [query["sql"] for query in captured]
    read = {table: sum(f'SELECT "{table}".' in sql for sql in statements) for table in ("planning_planitem",
            "planning_itemdirection", "rounds_roundtask")}  # fmt: skip
    assert (read["planning_planitem"], read["planning_itemdirection"]) == (1, 1)
    foreseen = 2 if path else 0  # The page of an act also says who would be asked in each state that it may lead to.
    assert read["rounds_roundtask"] <= 1 + foreseen
    assert len(statements) <= 30


def test_the_page_asks_as_many_queries_for_six_monitorings_as_for_one(
    cast: Cast, at: Opened, django_assert_max_num_queries: Any
) -> None:
    plan = make_plan(cast, State.DRAFT)
    for _ in range(5):
        verbs.add_item(plan, item_facts(cast), by=cast.coordinator, version=plan.version)
        plan.refresh_from_db()
    perform(plan, "submit", by=cast.coordinator)
    client = at(cast.observer)
    with django_assert_max_num_queries(30):
        page(client, plan.get_absolute_url())


def test_the_list_leads_to_a_new_plan_and_to_coverage(cast: Cast, at: Opened) -> None:
    plan = make_plan(cast, State.IN_FORCE)
    coordinator = page(at(cast.coordinator), reverse("plan_schedule_list"))
    assert f'href="{reverse("plan_new")}"' in coordinator
    assert f'href="{reverse("coverage")}"' in coordinator
    rector = page(at(cast.rector), reverse("plan_schedule_list"))
    assert plan.number in rector
    assert f'href="{reverse("procedure")}"' in rector
    assert reverse("plan_new") not in rector
    assert reverse("coverage") not in rector


def test_the_next_plan_is_drafted_from_the_page_of_this_one(cast: Cast, at: Opened) -> None:
    plan = make_plan(cast, State.IN_FORCE)
    client = at(cast.coordinator)
    address = reverse("plan_next", args=[plan.number])
    assert address in page(client, plan.get_absolute_url())
    assert f"The monitorings of {plan.number} are copied" in page(client, address)
    new = {"department": cast.department.pk, "title": "Next (test)", "first_year": 2027, "last_year": 2026}
    assert "The last year lies before the first." in client.post(address, new).content.decode()
    client.post(address, {**new, "last_year": 2027})
    assert [item.title for item in PlanSchedule.objects.get(title="Next (test)").items.all()] == ["Engineering (test)"]
