"""A monitoring from the plan to its end: what is asked for, of whom, and what is refused."""

from datetime import date
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pytest_django import DjangoAssertNumQueries

from cases.planning.models import Deliverable, DeliverableFile, Engagement, RouteSeat, StageTemplate, TemplateRow
from cases.planning.stages import FILE, load_stages
from cases.planning.verbs import (
    attach_file,
    facts_of,
    give_access,
    plan_engagement,
    set_dates,
    withdraw_access,
)
from cases.registry.models import User
from tests.cast import Cast
from tests.factories import CONTENT
from tests.kinds.engagements import LATER, SMALL, approve, conclude, deliver, make_engagement, submit
from tests.kinds.planning import legal_act, make_plan
from tests.workflow.effects import Clock
from workflow.door import Refused, perform
from workflow.lifecycles.engagement import State
from workflow.lifecycles.plan_schedule import State as PlanState
from workflow.models import Event, Expectation
from workflow.terms import legal_date

pytestmark = pytest.mark.django_db


def owed(engagement: Engagement) -> set[tuple[str, str]]:
    rows = Expectation.objects.open().filter(number__startswith=engagement.number)
    return {(row.action, row.role) for row in rows}


def test_from_the_plan_to_its_end(cast: Cast) -> None:
    engagement = make_engagement(cast, stages=FILE)
    assert owed(engagement) == {("start", "coordinator")}
    perform(engagement, "start", by=cast.coordinator)
    kinds = list(engagement.deliverables.values_list("row__kind", "number"))
    assert kinds == [
        ("terms_of_reference", "E-2026-00001-01"),
        ("cost_estimate", "E-2026-00001-02"),
        ("contractor_decision", "E-2026-00001-03"),
        ("national_team", "E-2026-00001-04"),
    ]
    assert owed(engagement) == {("begin_collection", "coordinator"), ("submit", "coordinator")}
    conclude(cast, engagement)
    assert engagement.deliverables.count() == 12
    deliver(cast, engagement)
    perform(engagement, "begin_collection", by=cast.coordinator)
    deliver(cast, engagement)
    perform(engagement, "begin_analysis", by=cast.coordinator)
    deliver(cast, engagement)
    perform(engagement, "begin_conclusions", by=cast.coordinator)
    conclusions = engagement.deliverables.filter(row__kind="expert_conclusion").values_list("direction", flat=True)
    assert list(conclusions) == [1, 4]
    deliver(cast, engagement)
    perform(engagement, "begin_reporting", by=cast.coordinator)
    deliver(cast, engagement)
    perform(engagement, "publish", by=cast.leader, is_checked=True)
    deliver(cast, engagement)
    perform(engagement, "close", by=cast.head)
    assert (engagement.state, owed(engagement)) == (State.CLOSED, set())
    assert engagement.deliverables.count() == 31
    assert all(row.ended_on for row in engagement.stages.all())


def test_a_stage_does_not_end_before_all_is_approved(cast: Cast) -> None:
    engagement = make_engagement(cast, State.PREPARATION, stages=FILE)
    with pytest.raises(Refused, match="Not approved yet: E-2026-00001-01 Terms of reference; .* and 6 more"):
        perform(engagement, "begin_collection", by=cast.coordinator)
    assert engagement.state == State.PREPARATION


def test_the_deliverables_follow_from_the_start(cast: Cast) -> None:
    engagement = make_engagement(cast, stages=FILE)
    perform(engagement, "start", by=cast.coordinator)
    start, *asked = Event.objects.filter(number__startswith=engagement.number).order_by("id")[2:]
    assert start.action == "start"
    assert {event.action for event in asked} == {"create"}
    assert Deliverable.objects.filter(engagement=engagement).count() == len(asked) == 4


def due(engagement: Engagement, action: str, suffix: str = "") -> date:
    return Expectation.objects.open().get(number=f"{engagement.number}{suffix}", action=action).due


def test_a_suspension_moves_each_date_once_by_its_working_days(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    clock.set_by(monkeypatch)
    engagement = make_engagement(cast, State.PREPARATION)
    dates = {row.stage: (row.planned_start, row.planned_end) for row in engagement.stages.all()}
    dates["preparation"] = (date(2027, 6, 1), date(2027, 7, 30))
    set_dates(engagement, dates, by=cast.coordinator, version=engagement.version)
    assert (due(engagement, "begin_collection"), due(engagement, "submit", "-02")) == (
        date(2027, 7, 30), date(2027, 7, 13),
    )  # fmt: skip
    for first, last in ((date(2027, 6, 21), date(2027, 6, 28)), (date(2027, 7, 5), date(2027, 7, 7))):
        clock.day = first
        perform(engagement, "suspend", by=cast.head, reason="A holiday (test).", until=date(2027, 9, 1))
        assert owed(engagement) == {("resume", "department_head")}
        clock.day = last
        perform(engagement, "resume", by=cast.head)
    assert (due(engagement, "begin_collection"), due(engagement, "submit", "-02")) == (
        date(2027, 8, 10), date(2027, 7, 22),
    )  # fmt: skip
    rows = engagement.suspensions.values_list("suspended_on", "resumed_on")
    assert list(rows) == [(date(2027, 6, 21), date(2027, 6, 28)), (date(2027, 7, 5), date(2027, 7, 7))]


def test_nothing_is_decided_while_it_is_suspended(cast: Cast) -> None:
    engagement = make_engagement(cast, State.PREPARATION)
    plan = Deliverable.objects.get(engagement=engagement, row__kind="calendar_plan")
    submit(cast, plan)
    perform(engagement, "suspend", by=cast.head, reason="No money (test).", until=LATER)
    for act, who in (("agree", cast.coordinator), ("send_back", cast.coordinator)):
        with pytest.raises(Refused, match="The monitoring is suspended since"):
            perform(plan, act, by=who, **({"reason": "So."} if act == "send_back" else {}))
    other = Deliverable.objects.get(engagement=engagement, row__kind="contractor_decision")
    with pytest.raises(Refused, match="The monitoring is suspended since"):
        perform(other, "reopen", by=cast.head, reason="So (test).")
    perform(engagement, "resume", by=cast.head)
    perform(plan, "agree", by=cast.coordinator)
    assert plan.state == "submitted"


def test_a_grant_is_effective_at_once_everywhere_and_so_is_its_end(cast: Cast) -> None:
    engagement = make_engagement(cast, State.PREPARATION)
    deliverable = engagement.deliverables.earliest("pk")
    for_expert = (Engagement.objects, Deliverable.objects)
    assert [rows.visible_to(cast.expert).count() for rows in for_expert] == [1, 2]
    withdraw_access(engagement, cast.expert, by=cast.lead)
    expert = User.objects.get(pk=cast.expert.pk)
    assert [rows.visible_to(expert).count() for rows in for_expert] == [0, 0]
    assert Deliverable.objects.get(pk=deliverable.pk).standing(expert, ["contractor_expert"]) is None
    with pytest.raises(Refused, match="has no access"):
        withdraw_access(engagement, expert, by=cast.lead)
    give_access(engagement, expert, by=cast.lead)
    with pytest.raises(Refused, match="has access already"):
        give_access(engagement, expert, by=cast.lead)
    with pytest.raises(Refused, match="is no expert of the contractor now"):
        give_access(engagement, cast.rector, by=cast.lead)


def test_what_is_returned_to_the_stage_before_has_to_be_approved_again(cast: Cast) -> None:
    engagement = make_engagement(cast, State.COLLECTION)
    plan = Deliverable.objects.get(engagement=engagement, row__kind="calendar_plan")
    open_one = Deliverable.objects.get(engagement=engagement, row__kind="quality_control")
    perform(engagement, "send_back", by=cast.head, reason="Dates (test).", deliverables=[plan.number])
    plan.refresh_from_db()
    assert (engagement.state, plan.state) == (State.PREPARATION, "draft")
    assert not Expectation.objects.open().filter(number=open_one.number).exists()  # It rests with its stage.
    open_one.refresh_from_db()
    with pytest.raises(Refused, match="The monitoring is not in the stage “Collection” now"):
        submit(cast, open_one)
    approve(cast, plan)
    perform(engagement, "begin_collection", by=cast.coordinator)
    assert Expectation.objects.open().filter(number=open_one.number, action="submit").exists()
    assert engagement.deliverables.count() == 3


def test_only_deliverables_of_the_stage_before_can_be_named(cast: Cast) -> None:
    engagement = make_engagement(cast, State.COLLECTION)
    for named in ([], ["E-2026-99999-01"], [Deliverable.objects.latest("pk").number]):
        with pytest.raises(Refused, match="Name at least one approved deliverable"):
            perform(engagement, "send_back", by=cast.head, reason="So (test).", deliverables=named)


def test_a_changed_byte_behind_an_approval_is_noticed_by_the_act(cast: Cast) -> None:
    engagement = make_engagement(cast, State.PREPARATION)
    plan = Deliverable.objects.get(engagement=engagement, row__kind="calendar_plan")
    attach_file(plan, SimpleUploadedFile("plan.pdf", CONTENT), by=cast.lead)
    submit(cast, plan)
    DeliverableFile.objects.update(sha256="0" * 64)
    with pytest.raises(Refused, match="This is not what was submitted"):
        perform(plan, "agree", by=cast.coordinator)


def test_stages_follow_one_another(cast: Cast) -> None:
    engagement = make_engagement(cast)
    dates = {row.stage: (row.planned_start, row.planned_end) for row in engagement.stages.all()}
    backwards = {**dates, "analysis": (date(2099, 3, 25), date(2099, 3, 1))}
    with pytest.raises(Refused, match="Analysis ends before it begins"):
        set_dates(engagement, backwards, by=cast.coordinator, version=engagement.version)
    early = {**dates, "analysis": (date(2099, 1, 1), date(2099, 3, 1))}
    with pytest.raises(Refused, match="Analysis begins before Collection ends"):
        set_dates(engagement, early, by=cast.coordinator, version=engagement.version)


def test_a_planned_monitoring_begins_once(cast: Cast) -> None:
    load_stages()
    plan = make_plan(cast, PlanState.IN_FORCE)
    item = plan.items.get()
    engagement = plan_engagement(cast.department, facts_of(item), by=cast.coordinator, item=item)
    assert (engagement.title, engagement.directions, engagement.stages.count()) == ("Engineering (test)", [1, 4], 6)
    assert engagement.stands_in_plan_in_force()
    with pytest.raises(Refused, match="“Engineering \\(test\\)” has begun already: E-2026-00001."):
        plan_engagement(cast.department, facts_of(item), by=cast.coordinator, item=item)


def test_to_start_with_all_deliverables_takes_few_statements(
    cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    engagement = make_engagement(cast, stages=FILE)
    TemplateRow.objects.filter(template=engagement.template).update(needs_contract=False, stage="preparation")
    TemplateRow.objects.filter(drafter_role__startswith="contractor").update(drafter_role="coordinator")
    RouteSeat.objects.filter(role__startswith="contractor").update(role="coordinator")
    with django_assert_max_num_queries(40):
        perform(engagement, "start", by=cast.coordinator)
    assert engagement.deliverables.count() == 31


def test_what_the_contractor_prepares_is_asked_for_with_the_contract_whatever_the_list_says(cast: Cast) -> None:
    """A list that was loaded before such rows were refused."""
    engagement = make_engagement(cast)
    TemplateRow.objects.filter(template=engagement.template).update(needs_contract=False)
    perform(engagement, "start", by=cast.coordinator)
    assert [row.row.kind for row in engagement.deliverables.all()] == ["contractor_decision"]
    conclude(cast, engagement)
    kinds = engagement.deliverables.order_by("pk").values_list("row__kind", flat=True)
    assert list(kinds) == ["contractor_decision", "calendar_plan"]


def test_a_main_monitoring_waits_for_the_conclusions_of_its_pilot(cast: Cast) -> None:
    pilot = make_engagement(cast, State.CONCLUSIONS, kind="pilot")
    main = make_engagement(cast, State.PREPARATION, pilot=pilot)
    deliver(cast, main)
    with pytest.raises(Refused, match="The experts' conclusions of its pilot E-2026-00001 are not approved yet"):
        perform(main, "begin_collection", by=cast.coordinator)
    deliver(cast, pilot)
    perform(main, "begin_collection", by=cast.coordinator)
    assert main.state == State.COLLECTION


def test_the_list_is_kept_in_versions(cast: Cast, tmp_path: Path) -> None:
    first = load_stages(SMALL)
    assert load_stages(SMALL) == first
    changed = tmp_path / "stages.csv"
    changed.write_text(SMALL.read_text(encoding="utf-8").replace(",10,REG-13.4", ",12,REG-13.4"), encoding="utf-8")
    second = load_stages(changed, legal_act=legal_act())
    assert (first.version, second.version, StageTemplate.in_force(legal_date())) == (1, 2, second)
    seats = second.rows.get(kind="calendar_plan").seats.values_list("step", "role", "approves", "days")
    assert list(seats) == [
        (1, "coordinator", False, 5),
        (2, "department_head", False, 5),
        (2, "ministry_leader", False, 5),
        (3, "ministry_leader", True, 10),
    ]
    assert Event.objects.filter(subject_type="stage_template", action="load_stages").count() == 2
