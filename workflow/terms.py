"""Legal terms: the dates they end on, and the calendar of working days that they are counted by."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Protocol
from zoneinfo import ZoneInfo

from django.utils import timezone

BISHKEK = ZoneInfo("Asia/Bishkek")


class Calendar(Protocol):
    """Knows which days are working days; `version` is kept with every term counted by it."""

    version: str

    def is_working_day(self, day: date) -> bool: ...


class MondayToFriday:
    """Every Monday to Friday; public holidays are not known to it."""

    version = "monday-to-friday"

    def is_working_day(self, day: date) -> bool:
        return day.weekday() < 5


CALENDARS: Mapping[str, Calendar] = {MondayToFriday.version: MondayToFriday()}
"""version -> the calendar; a version never changes its days, so what was counted by it can be cached."""


def calendar_in_force() -> str:
    """The version of the calendar by which new terms are counted."""
    return MondayToFriday.version


@dataclass(frozen=True)
class Term:
    """A term of `days` working days from `start`; the day of the event itself is not counted.

    `suspended` are working days for which it did not run, added at the end. Nothing gives any so far: what is expected
    of a suspended monitoring is closed, and opened again with a new term or a later date when it goes on.
    """

    start: date
    days: int
    calendar: str
    suspended: int = 0

    @property
    def due(self) -> date:
        """Its last day."""
        return add_working_days(self.start, self.days + self.suspended, self.calendar)


@lru_cache(maxsize=1000)
def add_working_days(start: date, days: int, calendar: str) -> date:
    """The last of `days` working days after `start`, by the calendar of this version."""
    is_working_day = CALENDARS[calendar].is_working_day
    day = start
    while days > 0:
        day += timedelta(days=1)
        days -= is_working_day(day)
    return day


def working_days_from(start: date, days: int) -> date:
    """As `add_working_days()`, by the calendar in force."""
    return add_working_days(start, days, calendar_in_force())


def legal_date(moment: datetime | None = None) -> date:
    """The date in Bishkek: legal terms are dates, not moments."""
    return (moment or timezone.now()).astimezone(BISHKEK).date()


def has_passed(day: date | None) -> bool:
    """Whether there is such a day, and it was before today."""
    return day is not None and day < legal_date()
