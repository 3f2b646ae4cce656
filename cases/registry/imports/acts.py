"""A table of legal acts: what each row would add or change. An act is known by kind, number, date and title."""

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.ground.tables import Row
from cases.registry.imports.cells import ImportColumn, choice_of, printed_date, text
from cases.registry.imports.preview import Preview, PreviewRow, Problem, check_row, read_line, required
from cases.registry.models import ActKind, LegalAct, User
from cases.registry.verbs.recording import Action, Step, assign, trimmed

COLUMNS = (
    ImportColumn("kind", gettext_lazy("Kind"), choice_of(ActKind), ActKind, is_required=True),
    ImportColumn("number", gettext_lazy("Number"), text),
    ImportColumn("date", gettext_lazy("Date"), printed_date),
    ImportColumn("title_ky", gettext_lazy("Title in Kyrgyz"), text),
    ImportColumn("title_ru", gettext_lazy("Title in Russian"), text),
    ImportColumn("title_en", gettext_lazy("Title in English"), text),
    ImportColumn("issuer_ky", gettext_lazy("Issued by, in Kyrgyz"), text),
    ImportColumn("issuer_ru", gettext_lazy("Issued by, in Russian"), text),
    ImportColumn("issuer_en", gettext_lazy("Issued by, in English"), text),
    ImportColumn("link", gettext_lazy("Link"), text),
)


def preview(rows: Sequence[Row], by: User | None) -> Preview:
    """A constant number of queries."""
    lines = [_read(row) for row in rows]
    drafts = {line.number: LegalAct(**trimmed(line.values)) for line in lines}
    for draft in drafts.values():
        draft.prepare()
    known = {act.key: act for act in LegalAct.objects.filter(key__in=[draft.key for draft in drafts.values()])}
    first: dict[str, PreviewRow] = {}
    for line in lines:
        draft = drafts[line.number]
        if first.setdefault(draft.key, line) is not line:
            line.problems.append(Problem("", _("Row %(row)d names the same act.") % {"row": first[draft.key].number}))
        else:
            _fill(line, draft, known.get(draft.key))
    return Preview(lines)


def batches(steps: Sequence[Step]) -> Iterator[list[Step]]:
    yield list(steps)


def present() -> Iterator[list[object]]:
    """The registry's acts as such a table."""
    for row in LegalAct.objects.order_by("-date", "id"):
        yield [getattr(row, column.name) or "" for column in COLUMNS]


def _read(row: Row) -> PreviewRow:
    cells = row.cells
    name = " ".join(
        filter(None, [cells.get("number"), cells.get("date"), cells.get("title_ky") or cells.get("title_ru")])
    )
    line = read_line(row, COLUMNS, name[:120])
    required(line, "kind")
    return line


def _fill(line: PreviewRow, draft: LegalAct, known: LegalAct | None) -> None:
    check_row(line, draft)
    if known is None:
        line.steps = [Step(draft, Action.ADD_ACT)]
        return
    changes = assign(known, line.values)
    if changes:
        check_row(line, known)
        line.steps = [Step(known, Action.CHANGE_ACT, changes)]
