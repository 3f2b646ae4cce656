"""Working days: the calendar that legal terms are counted by."""

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


CALENDAR: Calendar = MondayToFriday()


@lru_cache(maxsize=1000)
def add_working_days(start: date, days: int, calendar: Calendar = CALENDAR) -> date:
    """The last day of a term of `days` working days; the day of the event itself is not counted."""
    day = start
    while days > 0:
        day += timedelta(days=1)
        days -= calendar.is_working_day(day)
    return day


def legal_date(moment: datetime | None = None) -> date:
    """The date in Bishkek: legal terms are dates, not moments."""
    return (moment or timezone.now()).astimezone(BISHKEK).date()


def has_passed(day: date | None) -> bool:
    """Whether there is such a day, and it was before today."""
    return day is not None and day < legal_date()
