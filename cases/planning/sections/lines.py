"""The lines of a deliverable as a table, for its page and as a file."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from cases.ground.templatetags.baikoo import day
from cases.planning.models import Deliverable, Line
from cases.registry.models import Criterion, Organisation, ProgrammeArea


@dataclass(frozen=True)
class LineCell:
    """What a line says in a column."""

    label: str
    text: str
    is_figure: bool
    names_it: bool
    """Whether people recognise the line by this column."""


@dataclass(frozen=True)
class ShownLine:
    line: Line
    cells: Sequence[LineCell]


@dataclass(frozen=True)
class LineTable:
    """All lines of a deliverable; `total` in som, empty where nothing is added up."""

    title: str
    header: Sequence[str]
    lines: Sequence[ShownLine]
    total: str


def table_of(deliverable: Deliverable) -> LineTable | None:
    """None when its kind has no lines."""
    model = deliverable.line_model
    if model is None:
        return None
    lines = deliverable.lines_now()
    total = money(sum((getattr(line, model.SUMMED) for line in lines), Decimal())) if model.SUMMED else ""
    return LineTable(
        str(model._meta.verbose_name_plural),
        [model.label(name) for name in model.SHOWN],
        [ShownLine(line, [_cell(line, name) for name in model.SHOWN]) for line in lines],
        total,
    )


def rows_of(deliverable: Deliverable) -> Iterator[Sequence[object]]:
    """The lines as a file holds them: sums and dates as such, all else in the reader's words."""
    lines = deliverable.lines_now()
    for number, line in enumerate(lines, 1):
        yield [number, *(_plain(line, name) for name in line.SHOWN)]


def in_words(line: Line, name: str) -> str:
    """What a line says in a column, in the reader's language."""
    value = getattr(line, name)
    if isinstance(value, Decimal):
        return money(value)
    if isinstance(value, date):
        return day(value)
    if isinstance(value, Organisation):
        return str(value.short_name or value)
    if isinstance(value, ProgrammeArea):
        return str(value)
    if name == "direction" and value:
        return _("%(number)d. %(name)s") % {"number": value, "name": line.words(name)[str(value)]}
    return "" if value is None else str(line.words(name).get(str(value), value))


def money(value: Decimal) -> str:
    return number_format(value, 2, force_grouping=True)


def _cell(line: Line, name: str) -> LineCell:
    return LineCell(line.label(name), in_words(line, name), _is_figure(line, name), name == line.NAMED_BY)


def _plain(line: Line, name: str) -> object:
    value = getattr(line, name)
    if isinstance(value, (Organisation, ProgrammeArea)):
        return value.code
    if isinstance(value, Criterion):
        return value.reference
    if _is_figure(line, name):
        return value
    return "" if value is None else str(line.words(name).get(str(value), value))


def _is_figure(line: Line, name: str) -> bool:
    return isinstance(getattr(line, name), (Decimal, int, date)) and not line.words(name)
