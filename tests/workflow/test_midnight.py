"""Dates are those of Bishkek, whose day begins while it is evening in UTC; an act at midnight has one day."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from cases.followup.verbs import draft_recommendation, draft_successor
from cases.planning.verbs import draft_plan
from cases.registry import two_people
from notifications.clock import run_clock
from tests.cast import Cast
from tests.factories import make_extension, make_recommendation
from tests.workflow.effects import BISHKEK, Clock, Strike
from tests.workflow.effects.checking import EACH_ACT_ONCE, wrong_effects
from tests.workflow.effects.places import new_draft
from workflow.door import perform
from workflow.lifecycles.account_change import Change
from workflow.models import Expectation

pytestmark = pytest.mark.django_db
NEW_YEAR = date(2028, 1, 1)
MOMENTS = (time(0, 30), time(23, 30), *Strike)


@pytest.mark.slow
@pytest.mark.parametrize(("case_type", "place"), EACH_ACT_ONCE)
def test_by_night_and_at_midnight_an_act_writes_the_same(cast: Cast, clock: Clock, case_type: str, place: str) -> None:
    wrong = wrong_effects(cast, clock, case_type, place, MOMENTS)
    assert not wrong, "\n".join(["The table of effects and the database differ:", *wrong])


def _draft(cast: Cast) -> Callable[[], Any]:
    draft = new_draft(cast)
    return lambda: draft_recommendation(draft, by=cast.coordinator)


def _successor(cast: Cast) -> Callable[[], Any]:
    closed = make_recommendation(cast, "closed")
    return lambda: draft_successor(closed, by=cast.coordinator)


def _plan(cast: Cast) -> Callable[[], Any]:
    return lambda: draft_plan(cast.department, "Plan (test)", (2029, 2029), by=cast.coordinator)


def _change(cast: Cast) -> Callable[[], Any]:
    return lambda: two_people.ask(Change.ADDRESS, by=cast.registrar, person=cast.officer, email="new@test.example")


@pytest.mark.parametrize("strike", Strike)
@pytest.mark.parametrize("prepared", [_draft, _successor, _plan, _change])
def test_a_number_and_the_term_that_begins_with_it_are_of_one_year(
    cast: Cast, clock: Clock, prepared: Callable[[Cast], Callable[[], Any]], strike: Strike
) -> None:
    clock.day = NEW_YEAR
    do = prepared(cast)
    clock.set(strike)
    case = do()
    starts = {str(owed.start.year) for owed in Expectation.objects.open().of(case.CASE_TYPE, case.pk)}
    assert starts == {case.number.split("-")[1]} != set()


def test_conditions_go_by_the_day_of_the_act(cast: Cast, clock: Clock) -> None:
    """A date that lies ahead when the act is done is refused no more because midnight strikes."""
    clock.day = NEW_YEAR
    until, due = NEW_YEAR + timedelta(days=1), {"first_due": NEW_YEAR, "current_due": NEW_YEAR}
    extension = make_extension(cast, make_recommendation(cast, "in_progress", **due), until=until)
    case = make_recommendation(cast, "in_progress")
    clock.set(Strike.AFTER)
    perform(extension, "grant", by=cast.coordinator)
    assert (extension.state, extension.decided_on) == ("granted", NEW_YEAR)
    clock.set(Strike.AFTER)
    risk = {"reason": "Costly", "risk_owner": "Rector", "risk_expires_on": until}
    perform(case, "close_unimplemented", by=cast.leader, **risk)
    assert (case.state, case.closed_on) == ("closed", NEW_YEAR)


def test_what_is_due_by_a_date_goes_by_the_moment_of_the_round(cast: Cast, clock: Clock) -> None:
    """Whatever the clock of the worker's machine says."""
    clock.day = NEW_YEAR
    last = NEW_YEAR + timedelta(days=9)
    risk = {"closing_reason": "not_implemented", "risk_reason": "Costly", "risk_owner": "Rector"}
    make_recommendation(cast, "closed", risk_expires_on=last, effect_review_on=None, **risk)
    make_recommendation(cast, "closed", effect_review_on=last + timedelta(days=1))
    make_recommendation(cast, "in_progress", first_due=last, current_due=last)
    evening, morning = (datetime.combine(last, time(23, 30), BISHKEK) + timedelta(hours=hours) for hours in (0, 1))
    assert run_clock(evening) == 0
    assert run_clock(morning) == 3
    assert run_clock(morning) == 0
