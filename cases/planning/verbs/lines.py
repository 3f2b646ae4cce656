"""Changing the lines of a deliverable: of an estimate, of a calendar plan, of the national team, of proposals."""

from collections.abc import Iterable, Mapping, Sequence

from django.db.models import Max
from django.utils.translation import gettext as _

from cases.planning.models import Deliverable, Line
from cases.planning.models.lines import MOST_LINES
from cases.planning.verbs.differences import differences
from cases.registry.models import User
from workflow.door import Refused, amend
from workflow.lifecycles.deliverable import Action

Facts = Mapping[str, object]
"""What a person fills in of a line, by column."""


def add_line(deliverable: Deliverable, facts: Facts, *, by: User, version: int) -> Line:
    """Raises Refused."""
    with amend(deliverable, Action.ITEMISE, by=by, version=version) as amendment:
        [line] = _appended(amendment.case, [facts])
        amendment.details |= {"line": str(line), **differences({}, line.contents())}
    return line


def change_line(line: Line, facts: Facts, *, by: User, version: int) -> None:
    """Raises Refused."""
    with amend(line.deliverable, Action.ITEMISE, by=by, version=version) as amendment:
        _check_open([line])
        before = line.contents()
        line.fill(facts)
        _check(amendment.case, [line])
        line.save()
        amendment.details |= {"line": str(line), **differences(before, line.contents())}


def remove_line(line: Line, *, by: User, version: int) -> None:
    """Raises Refused."""
    with amend(line.deliverable, Action.ITEMISE, by=by, version=version) as amendment:
        _check_open([line])
        amendment.details |= {"line": str(line), **differences(line.contents(), {})}
        line.delete()


def take_table(
    deliverable: Deliverable, rows: Sequence[Facts], *, by: User, version: int, replaces: bool = False
) -> None:
    """Add all these lines, in place of the present ones if it `replaces` them; the trail keeps them. Raises Refused."""
    with amend(deliverable, Action.ITEMISE, by=by, version=version) as amendment:
        locked: Deliverable = amendment.case
        before = locked.lines_now()
        if replaces:
            _check_open(before)
            _model(locked).of(locked).delete()
        _appended(locked, rows)
        after = locked.lines_now()
        amendment.details |= differences({"lines": _summary(before)}, {"lines": _summary(after)})


def _appended(deliverable: Deliverable, rows: Sequence[Facts]) -> list[Line]:
    model = _model(deliverable)
    present = model.of(deliverable)
    if present.count() + len(rows) > MOST_LINES:
        raise Refused(_("A deliverable has at most %(most)d lines.") % {"most": MOST_LINES})
    last = present.aggregate(last=Max("place"))["last"] or 0
    lines = [model(place=last + number) for number, _facts in enumerate(rows, 1)]
    for line, facts in zip(lines, rows, strict=True):
        line.deliverable = deliverable
        line.fill(facts)
    _check(deliverable, lines)
    model._default_manager.bulk_create(lines)
    return lines


def _check_open(lines: Iterable[Line]) -> None:
    """Raises Refused for a line of which something has become: others rest on it."""
    for line in lines:
        if line.sequel:
            raise Refused(_("“%(line)s” stays as it is: %(sequel)s.") % {"line": line, "sequel": line.sequel})


def _check(deliverable: Deliverable, lines: Iterable[Line]) -> None:
    for fault in _model(deliverable).faults(deliverable, lines):
        raise Refused(fault.sentence, about=fault.about)


def _model(deliverable: Deliverable) -> type[Line]:
    model = deliverable.line_model
    if model is None:
        raise LookupError(f"{deliverable} has no lines")
    return model


def _summary(lines: Iterable[Line]) -> str:
    """All lines as a text, so that the history shows word by word what another table changed."""
    return "\n".join("; ".join(filter(None, line.contents().values())) for line in lines)
