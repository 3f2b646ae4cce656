"""The table of effects: all that each act writes, for every kind of case, in values that are computed here alone.

A row says what one act leaves behind: the columns it changes, the rows it adds, what is owed from then on, what is
owed no more, and who is told. What follows from every act alike (state, version, event) is derived from the row.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from cases.registry.models import User
from tests.cast import Cast
from workflow.case import Act, Case
from workflow.models import Event
from workflow.terms import legal_date

TODAY = date(2027, 6, 15)
"""A Tuesday; no public holiday follows before the end of August."""
IN_3, IN_5, IN_10, IN_15, IN_20, IN_30 = (
    "2027-06-18",
    "2027-06-22",
    "2027-06-29",
    "2027-07-06",
    "2027-07-13",
    "2027-07-27",
)
"""The last of that many working days after TODAY, counted on a calendar of paper."""
CALENDAR = "monday-to-friday"
NOON = time(12)
NOW = "now"
"""In place of every moment."""


BISHKEK = ZoneInfo("Asia/Bishkek")


class Strike(StrEnum):
    """Midnight comes while an act is done: right before its moment is taken, or right after."""

    BEFORE = "before"
    AFTER = "after"


Moment = time | Strike


class Clock:
    """When the next act is done: a day, and a time of it in Bishkek."""

    def __init__(self) -> None:
        self.day = TODAY
        self.set(NOON)

    def set(self, moment: Moment) -> None:
        self.moment, self.is_taken = moment, False

    def set_by(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """From now on the clocks of the web server and of the database show this one's time."""
        monkeypatch.setattr("django.utils.timezone.now", self.now)
        monkeypatch.setattr("workflow.clock.moment_of", lambda locked: self.now(takes=True))
        monkeypatch.setattr("workflow.clock.database_now", lambda: self.now(takes=True))

    def now(self, *, takes: bool = False) -> datetime:
        if isinstance(self.moment, time):
            return datetime.combine(self.day, self.moment, BISHKEK)
        takes = takes and not self.is_taken
        first = datetime.combine(self.day, time(), BISHKEK)
        eve = first - timedelta(microseconds=1)
        if self.moment == Strike.AFTER:
            first, eve = first + timedelta(days=1), eve + timedelta(days=1)
        is_over = self.is_taken or (takes and self.moment == Strike.BEFORE)
        self.is_taken |= takes
        return first if is_over else eve


@dataclass
class Scene:
    """A case that real acts led to its state (or that is not stored yet), and the people around it."""

    cast: Cast
    case: Any

    def reread(self) -> None:
        """The case as the next request sees it."""
        if self.case.pk:
            self.case = type(self.case)._base_manager.get(pk=self.case.pk)

    @property
    def version(self) -> int:
        return int(self.case.version)


@dataclass(frozen=True)
class Owed:
    """An expectation that is opened: who owes which action by when. `term` are working days."""

    action: str
    role: str
    organisation: str
    due: str
    term: int | None = None
    key: str = ""
    topic: str = ""
    helper: str = ""
    assignee: str = ""


Table = str
Values = Mapping[str, Any]


@dataclass(frozen=True)
class Row:
    """One act from each of `sources`, done by `by` (empty: by the clock), and all that it writes.

    `to` is the state that it leads to (empty: it stays), `changes` are new values of the case's own columns. `closed`
    names the expectations that end, by action and key. `told` maps a template to the people of the cast who get it.
    `others` are rows of other tables, or of other cases, that are added, changed or deleted, as `describe()` names
    them. `details` are what the event keeps besides inputs and changes. `then` is an act on the same case that follows
    from this one, with all that it writes.
    """

    action: str
    sources: Sequence[str]
    by: str
    to: str = ""
    inputs: Values = field(default_factory=dict)
    changes: Values = field(default_factory=dict)
    opened: Sequence[Owed] = ()
    closed: Sequence[str] = ()
    told: Mapping[str, Sequence[str]] = field(default_factory=dict)
    others: Sequence[tuple[str, Table, Values]] = ()
    details: Values = field(default_factory=dict)
    do: Callable[[Scene], object] | None = None
    counts: bool = True
    variant: str = ""
    then: "Row | None" = None

    @property
    def acts(self) -> "Sequence[Row]":
        """The act, and those on the same case that follow from it."""
        return (self, *(self.then.acts if self.then else ()))

    def __str__(self) -> str:
        return f"{self.action} {self.variant}".strip()


def because_of_its_beginning(case: Case, by: User, role: str) -> Act:
    """An act of a person that consequences on the case can follow from: its own first event stands for it."""
    at = timezone.now()
    first = Event.objects.of(case.CASE_TYPE, case.pk).earliest("position")
    return Act("create", by, case.standing(by, [role]), at, legal_date(at), {}, event=first)


def messages(event: str, template: str, name: str) -> Iterator[tuple[str, Table, dict[str, Any]]]:
    """What somebody is told of an event: in the app at once, and by e-mail."""
    both = {"event": event, "recipient": name, "template": template, "due_at": NOW}
    yield "new", "notifications_message", {**both, "channel": "in_app", "status": "sent", "sent_at": NOW}
    yield "new", "notifications_message", {**both, "channel": "email", "status": "due"}


@dataclass(frozen=True)
class Effects:
    """The table of one kind: how a case comes to a state, what its rows of expectations share, and its acts."""

    model: type[Case]
    walk: Callable[[Cast, Clock, str], Scene]
    owed: Callable[[Any], Values]
    role_of: Mapping[str, tuple[str, str]]
    """person of the cast -> role and organisation for which they act on this kind."""
    rows: Sequence[Row]
    places: Values = field(default_factory=dict)
    """What every event of the kind says of where it is shown and who may read it."""
