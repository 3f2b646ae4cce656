"""What a table would change in the registry, row by row, before anything is stored."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial

from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import TextChoices
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.ground.fields import Cleaned
from cases.ground.tables import Row
from cases.registry.imports.cells import ImportColumn, InvalidCell
from cases.registry.verbs.recording import Record, Step, problems, verbose_name

UNQUERIED = ["password", "name", "parent", "person", "organisation", "substitutes_for"]
"""Fields that `check_row()` leaves alone: they were read before, or would cost a query for each row."""


class RowStatus(TextChoices):
    NEW = "new", gettext_lazy("new")
    CHANGED = "changed", gettext_lazy("changes")
    ASKED = "asked", gettext_lazy("to be approved")
    SAME = "same", gettext_lazy("unchanged")
    WRONG = "wrong", gettext_lazy("error")

    @property
    def is_wrong(self) -> bool:
        return self is RowStatus.WRONG

    @property
    def badge(self) -> str:
        """The look of its badge, see `badge` in cases/ground/templatetags/baikoo.py."""
        return BADGES.get(self, "")


BADGES = {RowStatus.WRONG: "overdue", RowStatus.NEW: "done", RowStatus.CHANGED: "soon", RowStatus.ASKED: "soon"}


@dataclass(frozen=True)
class Problem:
    """What is wrong with one cell; `column` is empty for the row as a whole."""

    column: str
    sentence: str


@dataclass
class PreviewRow:
    """One row of the table and its result."""

    number: int
    name: str
    values: Cleaned = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)
    asked: list[Step] = field(default_factory=list)
    """What takes two people: it is requested, not written."""
    problems: list[Problem] = field(default_factory=list)

    @property
    def status(self) -> RowStatus:
        if self.problems:
            return RowStatus.WRONG
        if self.asked:
            return RowStatus.ASKED
        if any(not step.changes for step in self.steps):
            return RowStatus.NEW
        return RowStatus.CHANGED if self.steps else RowStatus.SAME

    def differences(self) -> list[tuple[str, str, str]]:
        """Label, old and new of each value that would be written or asked for."""
        return [difference for step in (*self.steps, *self.asked) for difference in _differences(step)]


@dataclass
class Preview:
    """All lines, in the order of the file."""

    lines: list[PreviewRow]

    @property
    def is_valid(self) -> bool:
        return not any(line.problems for line in self.lines)

    def counts(self) -> dict[str, int]:
        statuses = [line.status for line in self.lines]
        return {status.value: statuses.count(status) for status in RowStatus}

    def steps(self) -> list[Step]:
        """What is to be written, of the valid rows."""
        return [step for line in self.lines if not line.problems for step in line.steps]

    def asked(self) -> list[Step]:
        """What is to be requested, of the valid rows."""
        return [step for line in self.lines if not line.problems for step in line.asked]

    def fingerprint(self) -> str:
        """It differs when the registry has changed so that something else would be done than was shown."""
        shown = [[line.number, line.status, *map(_written, (*line.steps, *line.asked))] for line in self.lines]
        return hashlib.sha256(json.dumps(shown, cls=DjangoJSONEncoder).encode()).hexdigest()


def read_line(row: Row, columns: Sequence[ImportColumn], name: str) -> PreviewRow:
    """The parsed cells; empty ones are skipped. An invalid cell becomes a problem of its column."""
    line = PreviewRow(row.number, name)
    for column in columns:
        cell = row.cells.get(column.name, "")
        if not cell:
            continue
        try:
            line.values[column.name] = column.parse(cell)
        except InvalidCell as wrong:
            line.problems.append(Problem(column.name, wrong.sentence))
    return line


def required(line: PreviewRow, *names: str) -> None:
    for name in names:
        if not line.values.get(name) and not any(problem.column == name for problem in line.problems):
            line.problems.append(Problem(name, _("This cell is empty.")))


def check_row(line: PreviewRow, row: Record) -> None:
    """Add what the model's validation finds, except for columns that have a problem already."""
    reported = {problem.column for problem in line.problems}
    for part in (partial(row.clean_fields, exclude=UNQUERIED), row.clean):
        try:
            part()
        except ValidationError as error:
            invalid = [Problem(name.removesuffix("_id"), sentence) for name, sentence in problems(error)]
            line.problems += [problem for problem in invalid if problem.column not in reported]
            reported |= {problem.column for problem in invalid}


def depend(lines: Iterable[tuple[PreviewRow, PreviewRow]]) -> None:
    """In each pair the first row is invalid when the second is, and so on along chains."""
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


def _written(step: Step) -> list[object]:
    """What a step writes, whatever the reader's language; new rows of the same table have no id yet, but a code."""
    values = [getattr(step.row, name) for name in step.changes or step.row.FIELDS]
    parent = getattr(step.row, "parent", None)
    return [step.action, step.row.pk, values, [old for old, _new in step.changes.values()], parent and parent.code]


def _differences(step: Step) -> Iterator[tuple[str, str, str]]:
    for name in step.row.FIELDS:
        if step.changes and name not in step.changes:
            continue
        old = step.changes[name][0] if step.changes else None
        new = getattr(step.row, name)
        if old or new or step.row._meta.get_field(name).is_relation:
            yield _difference(step.row, name, old, new)


def _difference(row: Record, name: str, old: object, new: object) -> tuple[str, str, str]:
    attribute = row._meta.get_field(name)
    label = str(capfirst(verbose_name(row, name)))
    if isinstance(attribute, models.ForeignKey):
        # What is new in the same table has no id yet.
        return label, "", str(getattr(row, attribute.name) or "")
    return label, _shown(attribute, old), _shown(attribute, new)


def _shown(attribute: object, value: object) -> str:
    if value in (None, "", []):
        return ""
    if isinstance(value, list):
        return ", ".join(str(item) for item in value)
    words = dict(attribute.flatchoices) if isinstance(attribute, models.Field) else {}
    return str(words.get(value, value))
