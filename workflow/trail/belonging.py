"""Compares rows that belong to cases, such as comments, with what the events tell by which they were written.

Of very many rows those of a part of the cases are compared each day, and in turn all of them.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from heapq import merge
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from django.db.models import Model
from django.db.models.functions import Mod

from workflow.case import Case
from workflow.models import Event
from workflow.terms import legal_date
from workflow.trail.columns import parts_of
from workflow.trail.findings import TrailFault, of_row
from workflow.trail.replaying import READ, Row, Told, Unreadable, is_same, plain, read

BATCH = 1000


class Written(NamedTuple):
    """An event that may have written rows; `details` is None where they were erased, or cannot be read."""

    actor_id: int | None
    action: str
    details: Row | None


@dataclass(frozen=True)
class Belonging:
    """Rows of `model`: `of` narrows them to one kind of case, `key` holds the case's id, `order` how they followed.

    `facts` gives what an event of one of `actions` tells of each row that it wrote; None where nobody can know that any
    more. With `is_repeated` an event may tell of a text once more that is kept already, or of none at all.
    """

    fault: str
    cases: type[Case]
    model: type[Model]
    key: str
    columns: Sequence[str]
    actions: Sequence[str]
    facts: Callable[[Written], Sequence[Row] | None]
    of: Mapping[str, object] = field(default_factory=dict)
    order: str = "pk"
    is_repeated: bool = False

    def findings(self, parts: int | None = None, on: date | None = None) -> Iterator[TrailFault]:
        """Of one of `parts` equal parts of the cases, that of the day; without a number as many as it needs."""
        number = parts or parts_of(self.model)
        day = (on or legal_date()).toordinal() % number
        both = merge(self._events(number, day), self._rows(number, day), key=itemgetter(0))
        for pk, steps in groupby(both, itemgetter(0)):
            events: list[Written] = []
            rows: list[Row] = []
            for _pk, event, row in steps:
                if event is not None:
                    events.append(event)
                elif row is not None:
                    rows.append(row)
            if self._differs(events, rows):
                yield of_row(self.fault, self.cases, pk, number=self._number(pk))

    def _differs(self, events: Sequence[Written], rows: Sequence[Row]) -> bool:
        """After an event of which nobody knows what it wrote, only what came later is compared."""
        known: list[Row] = []
        is_whole = True
        for event in events:
            facts = self.facts(event)
            if facts is None:
                known, is_whole = [], False
            else:
                known += facts
        stored: list[Row] = [{name: row[name] for name in self.columns} for row in rows]
        if self.is_repeated:
            known, stored = _once(known), _once(stored)
        if len(stored) < len(known) or is_whole and len(stored) > len(known):
            return True
        last = stored[len(stored) - len(known) :]
        return any(_is_another(row, facts) for row, facts in zip(last, known, strict=True))

    def _events(self, number: int, day: int) -> Iterator[tuple[int, Written | None, Row | None]]:
        events = Event.objects.filter(subject_type=self.cases.CASE_TYPE, action__in=self.actions)
        of_day = events.annotate(of_day=Mod("subject_id", number)).filter(of_day=day)
        read_along = of_day.order_by("subject_id", "position").values_list("actor_id", *READ)
        for actor_id, *columns in read_along.iterator(BATCH):
            event = Told._make(columns)
            yield event.subject_id, Written(actor_id, event.action, _details(event)), None

    def _rows(self, number: int, day: int) -> Iterator[tuple[int, Written | None, Row | None]]:
        rows = self.model._base_manager.filter(**self.of).annotate(of_day=Mod(self.key, number)).filter(of_day=day)
        for row in rows.order_by(self.key, self.order).values(self.key, *self.columns).iterator(BATCH):
            yield row[self.key], None, row

    def _number(self, pk: int) -> str:
        numbers = self.cases._base_manager.filter(pk=pk).values_list("number", flat=True)
        return numbers.first() or f"{self.cases.CASE_TYPE} {pk}"


def _is_another(row: Row, facts: Row) -> bool:
    return any(not is_same(value, plain(row[name])) for name, value in facts.items())


def _details(event: Told) -> Row | None:
    try:
        return None if event.is_erased else read(event.text)
    except Unreadable:  # That is a finding of its own.
        return None


def _once(texts: Sequence[Row]) -> list[Row]:
    """Without those that hold nothing, and those that hold the same as the one before."""
    filled: list[Row] = []
    for text in texts:
        if any(text.values()) and [text] != filled[-1:]:
            filled.append(text)
    return filled
