"""A table of people with their roles: one row for each role, so a person may have several rows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.ground.fields import Cleaned
from cases.ground.tables import Row
from cases.registry.imports.cells import ImportColumn, choice_of, day, lowered, text
from cases.registry.imports.preview import Preview, PreviewRow, Problem, check_row, read_line, required
from cases.registry.models import Membership, Organisation, User
from cases.registry.models.organisations import Language
from cases.registry.two_people import Columns, Wanted
from cases.registry.verbs.memberships import (
    move_end,
    overlap_sentence,
    refuse_own,
    substitutions_cut,
    takes_two_to_end,
)
from cases.registry.verbs.recording import Action, Right, Step, assign, trimmed
from workflow.door import Refused
from workflow.lifecycles.account_change import DECIDING, Change
from workflow.roles import Role
from workflow.terms import legal_date

OF_PERSON = ("full_name", "post", "language")
COLUMNS = (
    ImportColumn("email", gettext_lazy("E-mail address"), lowered, is_required=True),
    ImportColumn("full_name", gettext_lazy("Full name"), text),
    ImportColumn("post", gettext_lazy("Post"), text),
    ImportColumn("language", gettext_lazy("Language of messages"), choice_of(Language), Language),
    ImportColumn("organisation", gettext_lazy("Code of the organisation"), text),
    ImportColumn("role", gettext_lazy("Role in it"), choice_of(Role), Role),
    ImportColumn("starts", gettext_lazy("First day of the role"), day),
    ImportColumn("ends", gettext_lazy("Last day of the role"), day),
)


@dataclass
class _Person:
    """One person of the table: the row to be written, all lines that name them, and their roles so far."""

    row: User
    lines: list[PreviewRow] = field(default_factory=list)
    roles: list[Membership] = field(default_factory=list)


def preview(rows: Sequence[Row], by: User | None) -> Preview:
    """A constant number of queries."""
    lines = [read_line(row, COLUMNS, row.cells.get("email", "")) for row in rows]
    for line in lines:
        required(line, "email")
    organisations = {row.code.casefold(): row for row in Organisation.objects.defer("search", "search_vector")}
    people = _people(lines)
    for person in people.values():
        for line in person.lines:
            _fill_role(line, person, organisations, by)
        _fill_person(person)
    return Preview(lines)


def batches(steps: Sequence[Step]) -> Iterator[list[Step]]:
    """People first, then their roles."""
    yield [step for step in steps if isinstance(step.row, User)]
    yield [step for step in steps if isinstance(step.row, Membership)]


def present() -> Iterator[list[object]]:
    """The registry's people with the roles they hold today as such a table."""
    held: dict[int, list[Membership]] = {}
    for membership in Membership.objects.in_force().filter(substitutes_for=None).select_related("organisation"):
        held.setdefault(membership.person_id, []).append(membership)
    for person in User.objects.filter(is_active=True).order_by("sort_key", "id"):
        known = [person.email, person.full_name, person.post, person.language]
        for membership in held.get(person.pk, []):
            yield [*known, membership.organisation.code, membership.role, membership.starts, membership.ends]
        if person.pk not in held:
            yield [*known, "", "", None, None]


def _people(lines: Sequence[PreviewRow]) -> dict[str, _Person]:
    emails = {line.values["email"] for line in lines if line.values.get("email")}
    known = {row.email: row for row in User.objects.filter(email__in=emails)}
    people = {email: _Person(known.get(email) or User(email=email)) for email in emails}
    by_id = {row.pk: row for row in known.values()}
    for membership in Membership.objects.filter(person__in=by_id, substitutes_for=None).select_related("organisation"):
        membership.person = by_id[membership.person_id]
        people[membership.person.email].roles.append(membership)
    for line in lines:
        if line.values.get("email"):
            people[line.values["email"]].lines.append(line)
    return people


# --- the person ---


def _fill_person(person: _Person) -> None:
    """The first valid row writes what all rows say of the person; one invalid statement makes all rows invalid."""
    statements: dict[str, tuple[object, PreviewRow]] = {}
    faults = [_contradiction(line, statements) for line in person.lines]
    changes = assign(person.row, trimmed({name: value for name, (value, _line) in statements.items()}))
    first = person.lines[0]
    before = len(first.problems)
    check_row(first, person.row)
    wrong = first if len(first.problems) > before else next((line for line in person.lines if line in faults), None)
    if wrong is not None:
        _spread(wrong, person.lines)
        return
    owner = next((line for line in person.lines if not line.problems), None)
    if owner is not None and person.row.pk is None:
        owner.steps.insert(0, Step(person.row, Action.ADD_PERSON))
    elif owner is not None and changes:
        owner.steps.insert(0, Step(person.row, Action.CHANGE_PERSON, changes))


def _contradiction(line: PreviewRow, statements: dict[str, tuple[object, PreviewRow]]) -> PreviewRow | None:
    """The row, when it contradicts an earlier one about the person or has an invalid cell about them."""
    is_wrong = any(problem.column in OF_PERSON for problem in line.problems)
    for name in OF_PERSON:
        if name not in line.values:
            continue
        value, first = statements.setdefault(name, (line.values[name], line))
        if value != line.values[name]:
            line.problems.append(Problem(name, _("Row %(row)d says otherwise.") % {"row": first.number}))
            is_wrong = True
    return line if is_wrong else None


def _spread(wrong: PreviewRow, lines: Sequence[PreviewRow]) -> None:
    for line in lines:
        if not line.problems:
            sentence = _("Row %(row)d, which names the same person, has an error.") % {"row": wrong.number}
            line.problems.append(Problem("", sentence))


# --- the role ---


def _fill_role(line: PreviewRow, person: _Person, organisations: dict[str, Organisation], by: User | None) -> None:
    values = line.values
    if not {"organisation", "role", "starts", "ends"} & {*values, *(problem.column for problem in line.problems)}:
        return
    required(line, "organisation", "role")
    organisation = organisations.get(values.get("organisation", "").casefold())
    if "organisation" in values and organisation is None:
        sentence = _("No organisation has the code “%(code)s”.") % {"code": values["organisation"]}
        line.problems.append(Problem("organisation", sentence))
    if organisation is None or any(problem.column in ("role", "starts", "ends") for problem in line.problems):
        return
    held = _held(person, organisation, values)
    try:
        takes_two = _takes_two(held, values)
        steps = _moved(held, person, values) if held else [_given(line, person, organisation)]
        if steps and by and person.row.pk:
            refuse_own(person.row.pk, Right(by))
    except Refused as refused:
        line.problems.append(Problem("role", refused.sentence))
    else:
        line.steps, line.asked = ([], steps[:1]) if takes_two else (steps, [])


def wanted(step: Step) -> Wanted:
    """The request for a role that takes two people."""
    row = step.row
    if not isinstance(row, Membership):
        raise TypeError("Only roles are asked for.")
    columns: Columns = {"role": row.role, "ends": row.ends}
    if step.action == Action.END_MEMBERSHIP:
        return Wanted(Change.LAST_DAY, row.person, row.organisation, {**columns, "membership": row})
    return Wanted(Change.ROLE, row.person, row.organisation, {**columns, "starts": row.starts})


def _takes_two(held: Membership | None, values: Cleaned) -> bool:
    if held is None:
        return values["role"] in DECIDING
    return "ends" in values and takes_two_to_end(held, values["ends"])


def _held(person: _Person, organisation: Organisation, values: Cleaned) -> Membership | None:
    """The role that the row means: the one of its first day or, where it names none, the one not yet over."""
    for role in person.roles:
        is_stored = role.pk and not role.is_withdrawn
        same = is_stored and role.organisation_id == organisation.pk and role.role == values["role"]
        if same and (role.starts == values["starts"] if "starts" in values else not role.is_over):
            return role
    return None


def _moved(held: Membership, person: _Person, values: Cleaned) -> list[Step]:
    if "ends" not in values or values["ends"] == held.ends:
        return []
    last_day, today = values["ends"], legal_date()
    cut = substitutions_cut(held, last_day, today)
    step = Step(held, Action.END_MEMBERSHIP, move_end(held, last_day, today))
    _refuse_overlap(held, person)
    return [step, *cut]


def _given(line: PreviewRow, person: _Person, organisation: Organisation) -> Step:
    values = line.values
    membership = Membership(
        person=person.row,
        organisation=organisation,
        role=values["role"],
        starts=values.get("starts") or legal_date(),
        ends=values.get("ends"),
    )
    if not (person.row.is_active and organisation.is_active):
        raise Refused(_("The person or the organisation is deactivated."))
    _refuse_overlap(membership, person)
    check_row(line, membership)
    if not line.problems:
        person.roles.append(membership)
    return Step(membership, Action.GIVE_MEMBERSHIP)


def _refuse_overlap(membership: Membership, person: _Person) -> None:
    other = membership.overlapping(person.roles)
    if other:
        raise Refused(overlap_sentence(other))
