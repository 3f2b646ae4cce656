"""What a table would change in the registry, row by row; nothing is stored before the registrar says so."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import TextChoices
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.ground.tables import Row
from cases.registry.imports.cells import Column, Wrong
from cases.registry.verbs.recording import Step, problems

UNQUERIED = ["password", "name", "parent", "person", "organisation", "substitutes_for"]
"""Fields that `check_row()` leaves alone: they were looked up, or asking for each row would cost a query."""


class Status(TextChoices):
    NEW = "new", gettext_lazy("new")
    CHANGED = "changed", gettext_lazy("changes")
    ASKED = "asked", gettext_lazy("to be approved")
    SAME = "same", gettext_lazy("unchanged")
    WRONG = "wrong", gettext_lazy("error")


@dataclass(frozen=True)
class Problem:
    """What is wrong with one cell; `column` is empty for the row as a whole."""

    column: str
    sentence: str


@dataclass
class Line:
    """One row of the table and what comes of it."""

    number: int
    name: str
    values: dict[str, Any] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)
    asked: list[Step] = field(default_factory=list)
    """What takes two people: it is asked for, not written."""
    problems: list[Problem] = field(default_factory=list)

    @property
    def status(self) -> Status:
        if self.problems:
            return Status.WRONG
        if self.asked:
            return Status.ASKED
        if any(not step.changes for step in self.steps):
            return Status.NEW
        return Status.CHANGED if self.steps else Status.SAME

    def told(self) -> list[tuple[str, str, str]]:
        """Label, old and new of each value that would be written or asked for."""
        return [one for step in (*self.steps, *self.asked) for one in _told(step)]


@dataclass
class Plan:
    """All lines, in the order of the file."""

    lines: list[Line]

    @property
    def is_right(self) -> bool:
        return not any(line.problems for line in self.lines)

    def counts(self) -> dict[str, int]:
        found = [line.status for line in self.lines]
        return {status.value: found.count(status) for status in Status}

    def steps(self) -> list[Step]:
        """What is to be written, of the right lines."""
        return [step for line in self.lines if not line.problems for step in line.steps]

    def asked(self) -> list[Step]:
        """What is to be asked for, of the right lines."""
        return [step for line in self.lines if not line.problems for step in line.asked]

    def fingerprint(self) -> str:
        """It differs when the registry was changed meanwhile, so that other things would be done than were shown."""
        shown = [[line.number, line.status, *map(_written, (*line.steps, *line.asked))] for line in self.lines]
        return hashlib.sha256(json.dumps(shown, cls=DjangoJSONEncoder).encode()).hexdigest()


def read_line(row: Row, columns: Sequence[Column], name: str) -> Line:
    """The filled cells, understood; empty ones say nothing. What cannot be understood is a problem of its column."""
    line = Line(row.number, name)
    for column in columns:
        cell = row.cells.get(column.name, "")
        if not cell:
            continue
        try:
            line.values[column.name] = column.parse(cell)
        except Wrong as wrong:
            line.problems.append(Problem(column.name, wrong.sentence))
    return line


def required(line: Line, *names: str) -> None:
    for name in names:
        if not line.values.get(name) and not any(one.column == name for one in line.problems):
            line.problems.append(Problem(name, _("This cell is empty.")))


def check_row(line: Line, row: Any) -> None:
    """What the model says, told at the column; a column that was not understood is told once."""
    told = {one.column for one in line.problems}
    for part in (lambda: row.clean_fields(exclude=UNQUERIED), row.clean):
        try:
            part()
        except ValidationError as error:
            found = [Problem(name.removesuffix("_id"), sentence) for name, sentence in problems(error)]
            line.problems += [one for one in found if one.column not in told]
            told |= {one.column for one in found}


def depend(lines: Iterable[tuple[Line, Line]]) -> None:
    """Of each pair, the first line is not right when the second is not; chains of them, too."""
    pairs = [(line, other) for line, other in lines if line is not other]
    grown = True
    while grown:
        grown = False
        for line, other in pairs:
            if other.problems and not line.problems:
                line.problems.append(
                    Problem("", _("Row %(row)d, which this one depends on, has an error.") % {"row": other.number})
                )
                grown = True


def _written(step: Step) -> list[Any]:
    """What a step writes, whatever the reader's language; what is new in the same table has no id yet, but a code."""
    values = [getattr(step.row, name) for name in step.changes or step.row.FIELDS]
    parent = getattr(step.row, "parent", None)
    return [step.action, step.row.pk, values, [old for old, _new in step.changes.values()], parent and parent.code]


def _told(step: Step) -> Iterator[tuple[str, str, str]]:
    for name in step.row.FIELDS:
        if step.changes and name not in step.changes:
            continue
        old = step.changes[name][0] if step.changes else None
        new = getattr(step.row, name)
        if old or new or step.row._meta.get_field(name).is_relation:
            yield _one(step.row, name, old, new)


def _one(row: Any, name: str, old: Any, new: Any) -> tuple[str, str, str]:
    attribute = row._meta.get_field(name)
    label = str(capfirst(str(attribute.verbose_name)))
    if isinstance(attribute, models.ForeignKey):
        # What is new in the same table has no id yet.
        return label, "", str(getattr(row, attribute.name) or "")
    return label, _shown(attribute, old), _shown(attribute, new)


def _shown(attribute: Any, value: Any) -> str:
    if value in (None, "", []):
        return ""
    if isinstance(value, list):
        return ", ".join(str(one) for one in value)
    return str(dict(attribute.flatchoices).get(value, value)) if attribute.choices else str(value)
