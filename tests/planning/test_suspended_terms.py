"""Terms that did not run while a monitoring was suspended are longer by its working days, each exactly once."""

from datetime import date

import pytest

from cases.planning.models import Deliverable, Engagement
from cases.planning.verbs import write_texts
from tests.cast import Cast
from tests.kinds.engagements import make_engagement, submit
from tests.kinds.written import make_finding
from tests.workflow.effects import Clock
from workflow.door import perform
from workflow.lifecycles.engagement import State
from workflow.models import Expectation

pytestmark = pytest.mark.django_db
MONDAY, NEXT = date(2027, 6, 14), date(2027, 6, 15)
Term = tuple[date, int, int, date]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    clock.set_by(monkeypatch)
    return clock


def term(subject_type: str, action: str, **more: object) -> Term:
    """Its start, its days, those added, and its last day."""
    row = Expectation.objects.open().get(subject_type=subject_type, action=action, **more)
    return row.start, row.days or 0, row.suspended_days, row.due


def suspend(cast: Cast, clock: Clock, engagement: Engagement, first: int, last: int) -> None:
    """Of June; the last day is the one on which it goes on."""
    clock.day = date(2027, 6, first)
    perform(engagement, "suspend", by=cast.head, reason="A holiday (test).", until=date(2027, 9, 1))
    clock.day = date(2027, 6, last)
    perform(engagement, "resume", by=cast.head)


def test_the_term_of_a_seat_keeps_its_start_and_moves_once_by_each_suspension(cast: Cast, clock: Clock) -> None:
    engagement = make_engagement(cast, State.PREPARATION)
    plan = Deliverable.objects.get(engagement=engagement, row__kind="calendar_plan")
    clock.day = MONDAY
    submit(cast, plan)
    assert term("deliverable", "agree") == (MONDAY, 5, 0, date(2027, 6, 21))
    suspend(cast, clock, engagement, 16, 23)
    assert term("deliverable", "agree") == (MONDAY, 5, 5, date(2027, 6, 28))
    suspend(cast, clock, engagement, 24, 25)
    assert term("deliverable", "agree") == (MONDAY, 5, 6, date(2027, 6, 29))
    suspend(cast, clock, engagement, 25, 25)
    assert term("deliverable", "agree") == (MONDAY, 5, 6, date(2027, 6, 29))
    perform(plan, "agree", by=cast.coordinator)
    assert term("deliverable", "agree", role="department_head") == (date(2027, 6, 25), 5, 0, date(2027, 7, 2))


def test_the_term_of_a_deliverable_that_was_returned_moves_as_well(cast: Cast, clock: Clock) -> None:
    engagement = make_engagement(cast, State.PREPARATION)
    plan = Deliverable.objects.get(engagement=engagement, row__kind="calendar_plan")
    clock.day = MONDAY
    submit(cast, plan)
    clock.day = NEXT
    perform(plan, "send_back", by=cast.coordinator, reason="Again (test).")
    assert term("deliverable", "submit") == (NEXT, 5, 0, date(2027, 6, 22))
    suspend(cast, clock, engagement, 16, 23)
    assert term("deliverable", "submit") == (NEXT, 5, 5, date(2027, 6, 29))
    write_texts(plan, {"text_ky": "Again (test)"}, by=cast.lead, version=Deliverable.objects.get(pk=plan.pk).version)
    assert term("deliverable", "submit") == (NEXT, 5, 5, date(2027, 6, 29))


def test_a_finding_that_is_being_written_has_as_many_days_left_as_before(cast: Cast, clock: Clock) -> None:
    engagement = make_engagement(cast, State.ANALYSIS)
    clock.day = MONDAY
    make_finding(cast, engagement)
    assert term("finding", "propose") == (MONDAY, 10, 0, date(2027, 6, 28))
    suspend(cast, clock, engagement, 15, 17)
    assert term("finding", "propose") == (MONDAY, 10, 2, date(2027, 6, 30))


def test_the_term_of_a_stage_and_the_date_of_a_first_version_move_by_the_same_days(cast: Cast, clock: Clock) -> None:
    engagement = make_engagement(cast, State.PREPARATION)
    due = {row.pk: row.due for row in Expectation.objects.open()}
    assert len(due) == 2
    suspend(cast, clock, engagement, 16, 18)
    moved = [row.due for row in Expectation.objects.open().order_by("due")]
    assert [(new - old).days in (2, 4) for old, new in zip(sorted(due.values()), moved, strict=True)] == [True, True]
    assert not Expectation.objects.open().exclude(suspended_days=0).exists()
