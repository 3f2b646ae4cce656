"""What a chain tells of the columns of its record, step by step; pure, so that it can be followed without a database.

Of a case, those columns are told that its acts changed, and those that `create` began with; its number stands in every
event. Of another record, everything that was put in when it was added, and what was changed since.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from django.core.serializers.json import DjangoJSONEncoder

from workflow.trail.findings import TrailFault

Row = Mapping[str, object]


class Unreadable(ValueError):
    """Details in another form than Baikoo writes."""


class Told(NamedTuple):
    """One event, as far as it is replayed; `text` is None where it has no details, or where they were erased."""

    subject_id: int
    id: int
    number: str
    position: int
    action: str
    about_type: str
    about_id: int | None
    ministry_id: int | None
    details_digest: str
    text: str | None

    def finding(self, fault: str, **facts: str) -> TrailFault:
        named = {name: str(getattr(self, name)) for name in ("id", "number", "position", "action")}
        return TrailFault(fault, named | facts)

    @property
    def is_erased(self) -> bool:
        return bool(self.details_digest) and self.text is None


READ = (*Told._fields[:-1], "details__text")
"""The columns of an event that make it."""


@dataclass
class Replay:
    """The values that the columns have after the events so far; those that an erased event may have told are unknown.

    `defaults` are what columns of records hold of which nothing was told; of cases they are unknown.
    """

    columns: frozenset[str]
    is_case: bool
    defaults: Row = field(default_factory=dict)
    values: dict[str, object] = field(default_factory=dict)
    is_whole: bool = True

    def take(self, event: Told) -> str:
        """The column that an event changed from another value than the one before it left; else empty.

        Raises Unreadable.
        """
        if event.is_erased:
            self.values.clear()
            self.is_whole = False
        details = read(event.text)
        begun = details if self.is_case and event.action == "create" else part(details, "inputs")
        if not self.is_case or event.action == "create":
            self._tell(begun)
        changes = {name: pair_of(pair) for name, pair in part(details, "changes").items()}
        leap = next((name for name, (old, _new) in changes.items() if self._differs(name, old)), "")
        self._tell({name: new for name, (_old, new) in changes.items()})
        if self.is_case:
            self._tell({"number": event.number})
        return leap

    def differing(self, row: Row) -> Iterator[str]:
        """The columns whose stored values are others than those that were told."""
        known = {**(self.defaults if self.is_whole else {}), **self.values}
        return (name for name, value in known.items() if not is_same(value, plain(row[name])))

    def _differs(self, name: str, value: object) -> bool:
        return name in self.values and not is_same(self.values[name], value)

    def _tell(self, columns: Row) -> None:
        self.values |= {name: value for name, value in columns.items() if name in self.columns}


def read(text: str | None) -> Row:
    """The details of an event. Raises Unreadable."""
    try:
        details = json.loads(text or "{}")
    except (ValueError, RecursionError) as error:
        raise Unreadable from error
    return _mapping(details)


def part(details: Row, name: str) -> Row:
    return _mapping(details.get(name, {}))


def pair_of(value: object) -> tuple[object, object]:
    """(before, after) of a change."""
    if not isinstance(value, list) or len(value) != 2:
        raise Unreadable
    return value[0], value[1]


def is_same(recorded: object, stored: object) -> bool:
    """The trail leaves out what is empty, so all that is empty is the same."""
    return (recorded or None) == (stored or None)


def plain(value: object) -> object:
    """As the trail stores it."""
    if value is None or isinstance(value, str | int):
        return value
    return json.loads(json.dumps(value, cls=DjangoJSONEncoder))


def _mapping(value: object) -> Row:
    if not isinstance(value, dict):
        raise Unreadable
    return value
