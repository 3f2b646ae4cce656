"""A table of organisations: what each row would add or change."""

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.ground.tables import Row
from cases.registry.imports.cells import ImportColumn, choice_of, day, languages, text
from cases.registry.imports.preview import Preview, PreviewRow, Problem, check_row, depend, read_line, required
from cases.registry.models import InstitutionType, Organisation, OrganisationKind, Region, User
from cases.registry.models.organisations import Language
from cases.registry.verbs.recording import Action, Step, assign, trimmed

COLUMNS = (
    ImportColumn("code", gettext_lazy("Code"), text, is_required=True),
    ImportColumn("kind", gettext_lazy("Kind"), choice_of(OrganisationKind), OrganisationKind),
    ImportColumn("institution_type", gettext_lazy("Type of institution"), choice_of(InstitutionType), InstitutionType),
    ImportColumn("name_ky", gettext_lazy("Name in Kyrgyz"), text),
    ImportColumn("name_ru", gettext_lazy("Name in Russian"), text),
    ImportColumn("name_en", gettext_lazy("Name in English"), text),
    ImportColumn("short_name_ky", gettext_lazy("Short name in Kyrgyz"), text),
    ImportColumn("short_name_ru", gettext_lazy("Short name in Russian"), text),
    ImportColumn("short_name_en", gettext_lazy("Short name in English"), text),
    ImportColumn("region", gettext_lazy("Region"), choice_of(Region), Region),
    ImportColumn("founder", gettext_lazy("Founder"), text),
    ImportColumn("languages", gettext_lazy("Languages of instruction"), languages, Language),
    ImportColumn("monitored_on", gettext_lazy("Last monitored before Baikoo"), day),
    ImportColumn("parent", gettext_lazy("Code of the organisation it is a part of"), text),
)

Found = dict[str, Organisation]
"""Casefolded code -> organisation, in the registry or in the table."""


def preview(rows: Sequence[Row], by: User | None) -> Preview:
    """A constant number of queries."""
    known = _known()
    lines = [read_line(row, COLUMNS, row.cells.get("code", "")) for row in rows]
    owners = _owners(lines)
    targets = {
        **known,
        **{code: Organisation(code=line.values["code"]) for code, line in owners.items() if code not in known},
    }
    for line in lines:
        _fill(line, targets)
    depend(_dependences(lines, owners, known))
    return Preview(lines)


def batches(steps: Sequence[Step]) -> Iterator[list[Step]]:
    """Parents come before their parts."""
    left = list(steps)
    while left:
        unsaved = {id(step.row) for step in left if step.row.pk is None}
        ready = [step for step in left if id(_above(step)) not in unsaved]
        yield ready
        left = [step for step in left if id(_above(step)) in unsaved]


def _above(step: Step) -> Organisation | None:
    return step.row.parent if isinstance(step.row, Organisation) else None


def present() -> Iterator[list[object]]:
    """The registry's organisations as such a table."""
    for row in Organisation.objects.select_related("parent").order_by("code"):
        cells = {**{column.name: getattr(row, column.name) or "" for column in COLUMNS}}
        yield [
            *{**cells, "languages": ", ".join(row.languages), "parent": row.parent.code if row.parent else ""}.values()
        ]


def _known() -> Found:
    rows = {row.pk: row for row in Organisation.objects.defer("search_vector")}
    for row in rows.values():
        if row.parent_id:
            row.parent = rows[row.parent_id]
    return {row.code.casefold(): row for row in rows.values()}


def _owners(lines: Sequence[PreviewRow]) -> dict[str, PreviewRow]:
    """The first row of each code; a code that appears twice is a problem."""
    owners: dict[str, PreviewRow] = {}
    for line in lines:
        required(line, "code")
        code = line.values.get("code", "").casefold()
        if not code:
            continue
        first = owners.setdefault(code, line)
        if first is not line:
            line.problems.append(Problem("code", _("Row %(row)d has the same code.") % {"row": first.number}))
    return owners


def _fill(line: PreviewRow, targets: Found) -> None:
    if any(problem.column == "code" for problem in line.problems):
        return
    target = targets[line.values["code"].casefold()]
    values = {name: value for name, value in line.values.items() if name not in ("code", "parent")}
    if target.pk and "kind" in values and values["kind"] != target.kind:
        line.problems.append(Problem("kind", _("The kind of an organisation stays.")))
        return
    old_parent = target.parent
    if "parent" in line.values:
        values["parent"] = _parent(line, targets)
    changes = assign(target, trimmed(values))
    if target.pk and target.parent is not old_parent:
        if target.takes_two_to_move(old_parent.pk if old_parent else None):
            line.problems.append(Problem("parent", _("Two people decide this: ask for it on the organisation's page.")))
        changes["parent_id"] = (old_parent.pk if old_parent else None, target.parent_id)
    check_row(line, target)
    if target.pk is None:
        line.steps = [Step(target, Action.ADD_ORGANISATION)]
    elif changes:
        line.steps = [Step(target, Action.CHANGE_ORGANISATION, changes)]


def _parent(line: PreviewRow, targets: Found) -> Organisation | None:
    parent = targets.get(line.values["parent"].casefold())
    if parent is None:
        line.problems.append(
            Problem("parent", _("No organisation has the code “%(code)s”.") % {"code": line.values["parent"]})
        )
    return parent


def _dependences(
    lines: Sequence[PreviewRow], owners: dict[str, PreviewRow], known: Found
) -> Iterator[tuple[PreviewRow, PreviewRow]]:
    for line in lines:
        parent = line.values.get("parent", "").casefold()
        if parent in owners and parent not in known:
            yield line, owners[parent]
