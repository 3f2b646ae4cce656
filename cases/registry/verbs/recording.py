"""What every verb of the registry shares: the registrar's right, the check, the write and the trail."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import TypeVar, cast

from django.core.exceptions import NON_FIELD_ERRORS, FieldDoesNotExist, ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, models, transaction
from django.db.models import TextChoices
from django.dispatch import Signal
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.ground.fields import without_controls
from cases.registry.models import LegalAct, Membership, Organisation, ProgrammeArea, User
from workflow.door import Refused, Stale
from workflow.lifecycles.account_change import DECIDING
from workflow.may import role_names
from workflow.models import Event
from workflow.roles import Role, Standing
from workflow.terms import legal_date
from workflow.trail.recording import Entry, record

Lasting = User | Organisation | LegalAct | ProgrammeArea
"""What is deactivated and reactivated."""
Record = Lasting | Membership
R = TypeVar("R", bound=Record)
Changes = dict[str, tuple[object, object]]
TWO_PEOPLE = gettext_lazy("A second person has to approve this: it is asked for, and then decided by somebody else.")

recorded = Signal()
"""Sent in the transaction with `steps` and their `events`; receivers only write rows."""


class Action(TextChoices):
    """Every change of the registry, as the trail names it."""

    ADD_ORGANISATION = "add_organisation", gettext_lazy("Add an organisation")
    CHANGE_ORGANISATION = "change_organisation", gettext_lazy("Change an organisation")
    DEACTIVATE_ORGANISATION = "deactivate_organisation", gettext_lazy("Deactivate an organisation")
    REACTIVATE_ORGANISATION = "reactivate_organisation", gettext_lazy("Reactivate an organisation")
    MOVE_ORGANISATION = "move_organisation", gettext_lazy("Make an organisation part of another ministry")
    ADD_PERSON = "add_person", gettext_lazy("Add a person")
    CHANGE_PERSON = "change_person", gettext_lazy("Change a person's data")
    CHANGE_ADDRESS = "change_address", gettext_lazy("Change a person's e-mail address")
    DEACTIVATE_PERSON = "deactivate_person", gettext_lazy("Deactivate a person")
    REACTIVATE_PERSON = "reactivate_person", gettext_lazy("Reactivate a person")
    INVITE = "invite", gettext_lazy("Send a link for setting the password")
    FORGET_PASSWORD = "forget_password", gettext_lazy("Ask for a link for setting the password")
    CHOOSE_PASSWORD = "choose_password", gettext_lazy("Set one's password by the link")
    CHANGE_PASSWORD = "change_password", gettext_lazy("Change one's own password")
    GIVE_MEMBERSHIP = "give_membership", gettext_lazy("Assign a role")
    FOUND_MEMBERSHIP = "found_membership", gettext_lazy("Role found without a trail")
    FOUND_ORGANISATION = "found_organisation", gettext_lazy("Organisation found without a trail")
    FOUND_PERSON = "found_person", gettext_lazy("Person found without a trail")
    END_MEMBERSHIP = "end_membership", gettext_lazy("Change the last day of a role")
    ARRANGE_SUBSTITUTION = "arrange_substitution", gettext_lazy("Arrange a substitution")
    ADD_ACT = "add_act", gettext_lazy("Add a legal act")
    CHANGE_ACT = "change_act", gettext_lazy("Change a legal act")
    EXPORT = "export", gettext_lazy("Take away a long table")
    EXPORT_FAILED = "export_failed", gettext_lazy("A long table could not be made")
    DEACTIVATE_ACT = "deactivate_act", gettext_lazy("Deactivate a legal act")
    REACTIVATE_ACT = "reactivate_act", gettext_lazy("Reactivate a legal act")
    ADD_AREA = "add_area", gettext_lazy("Add a programme area")
    CHANGE_AREA = "change_area", gettext_lazy("Change a programme area")
    DEACTIVATE_AREA = "deactivate_area", gettext_lazy("Deactivate a programme area")
    LOAD_CATALOGUE = "load_catalogue", gettext_lazy("Load a catalogue of criteria")
    REACTIVATE_AREA = "reactivate_area", gettext_lazy("Reactivate a programme area")


ALWAYS_TWO = frozenset({
    Action.CHANGE_ADDRESS,
    Action.DEACTIVATE_PERSON,
    Action.REACTIVATE_PERSON,
    Action.DEACTIVATE_ORGANISATION,
    Action.REACTIVATE_ORGANISATION,
    Action.MOVE_ORGANISATION,
})  # fmt: skip


@dataclass
class Step:
    """One row to be written with its event: a new one, or one of which `changes` (attname -> old, new) were made."""

    row: Record
    action: Action
    changes: Changes = field(default_factory=dict)
    details: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Right:
    """Who changes the registry and under which membership; without a person it is the system.

    `is_decided` says that two people decided it, and `because_of` is the id of the event by which they did. `on` is the
    day of all that is done.
    """

    by: User | None = None
    standing: Standing | None = None
    is_decided: bool = False
    because_of: int | None = None
    on: date = field(default_factory=legal_date)

    def is_of(self, person_id: int | None) -> bool:
        return self.by is not None and self.by.pk == person_id


By = User | Right
"""A registrar who acts alone, or the right of an act that was decided already."""


def registrar(by: By) -> Right:
    """The right of a registrar who acts alone, or the one given. Raises Refused."""
    if isinstance(by, Right):
        return by
    for organisation_id, membership_id in by.role_map.get(Role.REGISTRAR, {}).items():
        return Right(by, Standing(Role.REGISTRAR, organisation_id, membership_id))
    raise Refused(_("You may not do this: it is for %(roles)s.") % {"roles": role_names([Role.REGISTRAR])})


def refuse_alone(right: Right) -> None:
    """Nobody does this alone, whatever page or table it comes from."""
    if not right.is_decided:
        raise Refused(str(TWO_PEOPLE))


def lock(row: R, seen: str = "") -> R:
    """The stored row, locked; raises Stale when it no longer has the fingerprint `seen`.

    The lock does not stop rows that only refer to it: two registrars who change each other both name the other in the
    trail.
    """
    rows = type(row)._base_manager.select_for_update(of=("self",), no_key=True)
    locked = cast(R, rows.get(pk=row.pk))
    if seen and seen != fingerprint(locked):
        raise Stale(_("This was changed after you opened it. Check the current values and save again."))
    return locked


def fingerprint(row: Record) -> str:
    """What a form shows of the row, in short: it differs once the row has changed."""
    shown = json.dumps([getattr(row, name) or "" for name in row.FIELDS], cls=DjangoJSONEncoder)
    return hashlib.sha256(shown.encode()).hexdigest()[:16]


def trimmed(values: Mapping[str, object]) -> dict[str, object]:
    """The values, texts without white space around them and without characters that nobody sees."""
    return {
        name: without_controls(value).strip() if isinstance(value, str) else value for name, value in values.items()
    }


def assign(row: Record, values: Mapping[str, object]) -> Changes:
    """Set the values and say which columns changed by it; None and "" are treated as equal."""
    before = {name: getattr(row, name) for name in row.FIELDS}
    for name, value in trimmed(values).items():
        if (getattr(row, name) or "") != (value or ""):
            setattr(row, name, value)
    after = {name: getattr(row, name) for name in row.FIELDS}
    return {name: (before[name], after[name]) for name in before if before[name] != after[name]}


def check(row: Record) -> None:
    """Raises Refused with all that is wrong with the row."""
    try:
        row.full_clean(exclude=["password", "name"])  # clean() checks the name in each language.
    except ValidationError as error:
        raise Refused(" ".join(_sentence(row, name, text) for name, text in problems(error))) from error


def problems(error: ValidationError) -> Iterator[tuple[str, str]]:
    """Each problem: the field (empty for the row as a whole) and the sentence."""
    for name, texts in error.message_dict.items():
        yield from (("" if name == NON_FIELD_ERRORS else name, text) for text in texts)


def write(steps: Sequence[Step], right: Right) -> list[Event]:
    """Store the rows in their order and record each in the trail, in one transaction. Raises Refused."""
    if any(_takes_two(step) for step in steps):
        refuse_alone(right)
    try:
        with transaction.atomic():
            for _model, alike in groupby(steps, lambda step: type(step.row)):
                _store(list(alike))
            events = record(_entry(step, right) for step in steps)
            recorded.send(Step, steps=steps, events=events)
            return events
    except IntegrityError as error:
        raise Refused(_("Somebody registered the same at this moment. Look at the list and try again.")) from error


def change(row: R, values: Mapping[str, object], *, action: Action, by: By, seen: str = "") -> R:
    """Change some columns of a row, if they differ at all. Raises Refused (Stale when somebody was faster)."""
    right = registrar(by)
    with transaction.atomic():
        locked = lock(row, seen)
        changes = assign(locked, values)
        if changes:
            check(locked)
            write([Step(locked, action, changes)], right)
    row.__dict__.update(locked.__dict__)
    return row


def switch(
    row: User | Organisation | LegalAct | ProgrammeArea, *, to: bool, action: Action, by: By, reason: str = ""
) -> None:
    """Activate or deactivate a row. Raises Refused."""
    right, reason = registrar(by), without_controls(reason).strip()
    if not to and not reason:
        raise Refused(_("Give the reason."))
    with transaction.atomic():
        locked = lock(row)
        if locked.is_active == to:
            raise Refused(_("It is active already.") if to else _("It is deactivated already."))
        locked.is_active = to
        write([Step(locked, action, {"is_active": (not to, to)}, {"reason": reason})], right)
    row.is_active = to


def _takes_two(step: Step) -> bool:
    """Whether a step may never be written by one person alone; for a last day its verb decides."""
    if isinstance(step.row, Membership) and step.action in (Action.GIVE_MEMBERSHIP, Action.ARRANGE_SUBSTITUTION):
        return step.row.role in DECIDING
    if isinstance(step.row, Organisation) and "parent_id" in step.changes:
        before = cast(int | None, step.changes["parent_id"][0])
        return step.action in ALWAYS_TWO or step.row.takes_two_to_move(before)
    return step.action in ALWAYS_TWO or (isinstance(step.row, User) and "email" in step.changes)


def _sentence(row: models.Model, name: str, text: str) -> str:
    try:
        label = verbose_name(row, name) if name else ""
    except FieldDoesNotExist:
        label = ""
    return f"{capfirst(label)}: {text}" if label else text


def verbose_name(row: models.Model, name: str) -> str:
    column = row._meta.get_field(name)
    return str(column.verbose_name) if isinstance(column, models.Field) else name


def _store(steps: Sequence[Step]) -> None:
    new: list[models.Model] = [step.row for step in steps if step.row.pk is None]
    for step in steps:
        step.row.prepare()
        if step.row.pk is not None and step.changes:
            step.row.save(update_fields={*step.changes, *step.row.DERIVED})
    if new:
        type(new[0])._base_manager.bulk_create(new, batch_size=1000)


def _entry(step: Step, right: Right) -> Entry:
    kept: dict[str, object] = {**step.details}
    if right.because_of:
        kept["because_of"] = right.because_of
    if step.changes:
        # What was new in the same batch had no id before.
        kept["changes"] = {name: (old, getattr(step.row, name)) for name, (old, _new) in step.changes.items()}
    elif step.action.value.startswith(("add_", "give_", "arrange_")):
        kept["inputs"] = dict(_filled(step.row))
    subject = step.row.TRAIL_TYPE, step.row.pk, step.row.code
    return Entry(*subject, step.action, right.by, right.standing, details=kept)


def _filled(row: Record) -> Iterable[tuple[str, object]]:
    return ((name, getattr(row, name)) for name in row.FIELDS if getattr(row, name) not in (None, "", []))
