"""Working days: terms end on working days, add up, and are counted by the date in Bishkek."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow import terms
from workflow.terms import CALENDARS, MondayToFriday, Term, calendar_in_force, legal_date, working_days_from

DAYS = st.dates(date(2000, 1, 1), date(2100, 1, 1))
COUNTS = st.integers(0, 300)


class NeverOnOddDays:
    """Another calendar, as the legal one will be."""

    version = "even"

    def is_working_day(self, day: date) -> bool:
        return day.day % 2 == 0


def working_days_between(start: date, end: date) -> int:
    """Of the days after `start`, up to and with `end`."""
    days = (start + timedelta(days=place) for place in range(1, (end - start).days + 1))
    return sum(MondayToFriday().is_working_day(day) for day in days)


@given(start=DAYS, days=COUNTS)
def test_a_term_has_as_many_working_days_as_asked_for(start: date, days: int) -> None:
    assert working_days_between(start, working_days_from(start, days)) == days


@given(start=DAYS, days=st.integers(1, 300))
def test_a_term_ends_on_a_working_day(start: date, days: int) -> None:
    assert MondayToFriday().is_working_day(working_days_from(start, days))


@given(start=DAYS, first=COUNTS, second=COUNTS)
def test_terms_add_up(start: date, first: int, second: int) -> None:
    assert working_days_from(working_days_from(start, first), second) == working_days_from(start, first + second)


@given(start=DAYS, later=st.integers(0, 30), days=COUNTS)
def test_who_starts_later_ends_no_earlier(start: date, later: int, days: int) -> None:
    assert working_days_from(start, days) <= working_days_from(start + timedelta(days=later), days)


@given(start=DAYS)
def test_a_term_of_no_days_ends_where_it_starts(start: date) -> None:
    assert working_days_from(start, 0) == start


@given(start=DAYS, days=st.integers(1, 60))
def test_another_calendar_counts_its_own_days(start: date, days: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(terms, "CALENDARS", {**CALENDARS, "even": NeverOnOddDays()})
        by_weeks, by_even_days = Term(start, days, calendar_in_force()).due, Term(start, days, "even").due
        assert by_even_days.day % 2 == 0
        assert by_weeks == working_days_from(start, days), "a version counted before changes nothing for another"


@given(start=DAYS, days=COUNTS, suspended=st.integers(0, 60))
def test_suspended_days_are_added_at_the_end(start: date, days: int, suspended: int) -> None:
    ends = Term(start, days, calendar_in_force()).due
    later = Term(start, days, calendar_in_force(), suspended).due
    assert working_days_between(ends, later) == suspended


def test_a_week_end_is_skipped() -> None:
    friday = date(2026, 11, 20)
    assert working_days_from(friday, 1) == date(2026, 11, 23)
    assert working_days_from(friday + timedelta(days=1), 1) == date(2026, 11, 23)
    assert working_days_from(friday, 20) == date(2026, 12, 18)


@given(moment=st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_the_legal_date_is_the_one_in_bishkek(moment: datetime) -> None:
    assert (legal_date(moment) - moment.date()).days in (0, 1)
    assert legal_date(moment) == (moment + timedelta(hours=6)).date() or moment.year < 2006


def test_the_day_in_bishkek_begins_six_hours_before_utc() -> None:
    assert legal_date(datetime(2026, 11, 20, 17, 59, tzinfo=UTC)) == date(2026, 11, 20)
    assert legal_date(datetime(2026, 11, 20, 18, 0, tzinfo=UTC)) == date(2026, 11, 21)
