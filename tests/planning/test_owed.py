"""A plan-schedule in force asks for what it plans, in time, and for the next one."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cases.planning import verbs
from cases.planning.models import PlanItem, PlanSchedule
from cases.planning.stages import load_stages
from cases.planning.verbs.owed import let_fall_due, with_work_ahead
from tests.cast import Cast
from tests.conftest import Opened
from tests.kinds.engagements import SMALL
from tests.kinds.planning import legal_act, make_plan
from tests.planning.pages import page
from workflow.door import Refused, perform
from workflow.lifecycles.plan_schedule import State
from workflow.models import Event, Expectation
from workflow.terms import legal_date

pytestmark = pytest.mark.django_db
THIS_YEAR = legal_date().year


def in_force(cast: Cast, starts: date, *, last_year: int = THIS_YEAR + 5) -> PlanSchedule:
    """With one monitoring that begins on this day; so long that the next one is not asked for."""
    plan = make_plan(cast, State.APPROVED)
    PlanSchedule.objects.filter(pk=plan.pk).update(first_year=min(plan.first_year, last_year), last_year=last_year)
    PlanItem.objects.update(starts=starts, ends=starts + timedelta(days=90))
    perform(PlanSchedule.objects.get(pk=plan.pk), "put_in_force", by=cast.head)
    return PlanSchedule.objects.get(pk=plan.pk)


@pytest.fixture(autouse=True)
def _as_if_approved_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """The dates are set behind the approval, so that they can lie around today."""
    monkeypatch.setattr(PlanSchedule, "is_unchanged", True)


def owed(plan: PlanSchedule) -> list[tuple[str, str, date, str]]:
    rows = Expectation.objects.open().of("plan_schedule", plan.pk).order_by("due", "id")
    return [(row.action, row.role, row.due, row.topic) for row in rows]


def fall_due() -> list[str]:
    """What the worker does every hour."""
    due = list(with_work_ahead(legal_date()))
    for plan in due:
        let_fall_due(plan, timezone.now())
    return [plan.number for plan in due]


def test_a_monitoring_that_is_to_begin_is_owed_until_it_is_planned(cast: Cast, at: Opened) -> None:
    starts = legal_date() + timedelta(days=10)
    plan = in_force(cast, starts)
    assert owed(plan) == [("begin_item", "coordinator", starts, "Engineering (test)")]
    inbox = page(at(cast.coordinator), reverse("inbox"))
    assert "Plan the monitoring" in inbox
    assert plan.number in inbox
    load_stages(SMALL)
    item = plan.items.get()
    engagement = verbs.plan_engagement(cast.department, verbs.facts_of(item), by=cast.coordinator, item=item)
    assert owed(plan) == []
    event = Event.objects.of("plan_schedule", plan.pk).latest("id")
    assert (event.action, engagement.number in event.details.text) == ("begin_item", True)
    assert fall_due() == []
    perform(engagement, "cancel", by=cast.leader, reason="So (test).", cancelling_act_id=legal_act().pk)
    assert fall_due() == [plan.number]
    assert owed(plan) == [("begin_item", "coordinator", starts, "Engineering (test)")]


def test_one_that_begins_later_is_asked_for_when_its_time_has_come(cast: Cast) -> None:
    plan = in_force(cast, legal_date() + timedelta(days=31))
    assert (owed(plan), fall_due()) == ([], [])
    with pytest.raises(Refused, match="Nothing of it becomes due now"):
        let_fall_due(plan, timezone.now())
    PlanItem.objects.update(starts=legal_date() + timedelta(days=30))
    assert (fall_due(), fall_due()) == ([plan.number], [])
    [(action, _role, due, _topic)] = owed(plan)
    assert (action, due) == ("begin_item", legal_date() + timedelta(days=30))


def test_the_next_plan_is_owed_by_december_until_it_is_drafted(cast: Cast) -> None:
    last = THIS_YEAR - 1
    plan = in_force(cast, legal_date() + timedelta(days=60), last_year=last)
    assert owed(plan) == [("draft_next", "coordinator", date(last, 12, 1), "")]
    verbs.draft_plan(cast.department, "Much later (test)", (last + 3, last + 3), by=cast.coordinator)
    assert len(owed(plan)) == 1
    drafted = verbs.draft_plan(cast.department, "Next (test)", (last + 1, last + 2), by=cast.coordinator)
    assert owed(plan) == []
    event = Event.objects.of("plan_schedule", plan.pk).latest("id")
    assert (event.action, drafted.number in event.details.text) == ("draft_next", True)


def test_a_superseded_plan_owes_nothing(cast: Cast) -> None:
    plan = in_force(cast, legal_date())
    assert owed(plan)
    successor = make_plan(cast, State.APPROVED)
    perform(successor, "put_in_force", by=cast.head)
    assert owed(plan) == []
