"""Who will decide is shown before a version is submitted, how a step is settled on every sheet, and the list to all."""

import re
from html import unescape

import pytest
from django.urls import reverse

from cases.planning.models import Deliverable, RouteSeat
from cases.planning.stages import load_stages
from tests.cast import Cast
from tests.conftest import Opened
from tests.kinds.engagements import make_deliverable, make_engagement
from tests.kinds.planning import make_plan
from tests.planning.pages import page
from workflow.door import perform
from workflow.lifecycles.deliverable import State
from workflow.lifecycles.engagement import State as Stage
from workflow.lifecycles.plan_schedule import State as PlanState

pytestmark = pytest.mark.django_db
STEPS = (
    "Agreement Coordinator, DEP (test) 5 working days",
    "Agreement: 2 are asked at once, all have to agree"
    " Head of department, DEP (test) 5 working days Ministry leader, MIN (test) 5 working days",
    "Approval Ministry leader, MIN (test) 10 working days",
)


def words(shown: str) -> str:
    """The text of a page in one line."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", shown)).split())


def draft(cast: Cast) -> Deliverable:
    return Deliverable.objects.get(engagement=make_engagement(cast, Stage.PREPARATION), row__kind="calendar_plan")


def test_who_is_asked_stands_on_the_page_of_a_draft_and_on_that_of_submitting_it(cast: Cast, at: Opened) -> None:
    deliverable = draft(cast)
    procedure = reverse("deliverable_procedure", args=[deliverable.number])
    for address in (
        deliverable.get_absolute_url(),
        reverse("deliverable_act", args=[deliverable.number, "submit"]),
        procedure,
    ):
        shown = page(at(cast.lead), address)
        assert "Who is asked" in shown
        assert " ".join(STEPS) in words(shown), address
    assert procedure in page(at(cast.lead), deliverable.get_absolute_url())
    assert "Who is asked" not in page(at(cast.head), reverse("deliverable_act", args=[deliverable.number, "leave_out"]))


def test_what_is_submitted_shows_its_sheet_and_keeps_its_route_in_words(cast: Cast, at: Opened) -> None:
    deliverable = make_deliverable(cast, State.SUBMITTED)
    RouteSeat.objects.filter(row=deliverable.row).update(days=99)
    assert "Who is asked" not in page(at(cast.lead), deliverable.get_absolute_url())
    shown = words(page(at(cast.lead), reverse("deliverable_procedure", args=[deliverable.number])))
    assert "Agreement: 4 are asked at once, all have to agree Contractor's lead, CON (test) 5 working days" in shown
    assert "Approval: 4 are asked at once, one is enough" in shown
    assert "99 working days" not in shown


def test_a_plan_names_the_people_who_are_asked_as_well(cast: Cast, at: Opened) -> None:
    plan = make_plan(cast, years=(2028, 2028))
    shown = words(page(at(cast.coordinator), plan.get_absolute_url()))
    assert "Leila (test) (Ministry leader, MIN (test)) 5 working days" in shown
    in_force = make_plan(cast, PlanState.IN_FORCE)
    assert "Who is asked" not in page(at(cast.rector), in_force.get_absolute_url())
    assert at(cast.rector).get(reverse("plan_schedule_procedure", args=[in_force.number])).status_code == 404


@pytest.mark.parametrize(
    ("columns", "rule"),
    [
        ({}, "all have to agree"),
        ({"mode": "any"}, "one is enough"),
        ({"mode": "quorum", "quorum": 3}, "3 have to agree"),
    ],
)
def test_each_step_of_a_sheet_says_how_it_is_settled(
    cast: Cast, at: Opened, columns: dict[str, object], rule: str
) -> None:
    deliverable = make_deliverable(cast)
    RouteSeat.objects.filter(row=deliverable.row, step=1).update(**columns)
    perform(deliverable, "submit", by=cast.expert)
    for address in (deliverable.get_absolute_url(), reverse("deliverable_route", args=[deliverable.number])):
        shown = words(page(at(cast.head), address))
        assert f"Step 1, agreement: 4 are asked at once, {rule}" in shown
        assert "Step 2, approval: 4 are asked at once, one is enough" in shown
    perform(deliverable, "agree", by=cast.head)
    assert (deliverable.state == State.AGREED) == (rule == "one is enough")


def test_everybody_reads_the_list_of_deliverables(cast: Cast, at: Opened) -> None:
    load_stages()
    deliverable = draft(cast)
    for version, title in ((1, "Data quality report"), (2, "Calendar plan (test)")):
        assert title in page(at(cast.rector), reverse("stage_template", args=[version]))
    shown = words(page(at(cast.observer), reverse("stage_template", args=[1])))
    assert "Head of department, Ministry leader agreement: 2 are asked at once, all have to agree" in shown
    assert "REG-11.1b, REG-14.2" in shown
    assert reverse("stage_template", args=[2]) in page(at(cast.head), deliverable.get_absolute_url())
    assert reverse("stages_in_force") in page(at(cast.head), reverse("deliverable_list"))
    assert at(cast.head).get(reverse("stages_in_force"))["Location"] == reverse("stage_template", args=[2])
    assert at(cast.head).get(reverse("stage_template", args=[3])).status_code == 404
