"""What the registry knows of changes that take two people: how they are asked for, and who could decide.

The app that keeps the requests registers itself here, because the registry may not import it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol, TypedDict, Unpack

from django.utils.translation import gettext as _

from cases.registry.models import Membership, Organisation, User
from workflow.case import Case
from workflow.lifecycles.account_change import APPROVING, Change
from workflow.roles import Role

Subject = User | Organisation


class Columns(TypedDict, total=False):
    """What a change writes; what it does not touch is left out."""

    membership: Membership
    parent: Organisation | None
    role: str
    starts: date
    ends: date | None
    email: str
    reason: str


@dataclass(frozen=True)
class Wanted:
    """A change that a second person has to approve: of a person or an organisation, with what is to be written."""

    change: Change
    person: User | None = None
    organisation: Organisation | None = None
    columns: Columns = field(default_factory=lambda: Columns())


class Requests(Protocol):
    """Where requests are kept."""

    def ask(self, wanted: Wanted, *, by: User) -> Case:
        """Keep a request. Raises Refused, also when the change itself would be."""
        ...

    def ask_many(self, wanted: Sequence[Wanted], *, by: User) -> int:
        """Keep requests whose changes were checked already, except those that wait already; returns how many."""
        ...

    def pending(self, row: Subject, *, reader: User) -> Sequence[Case]:
        """Undecided requests about a person or an organisation, as far as the reader may see them."""
        ...


_kept: list[Requests] = []


def register(requests: Requests) -> None:
    """Called by the app that keeps the requests when it is ready."""
    _kept[:] = [requests]


def ask(change: Change, *, by: User, person: User | None = None, organisation: Organisation | None = None,
        **columns: Unpack[Columns]) -> Case:  # fmt: skip
    """Ask for a change that takes two people. Raises Refused."""
    return _kept[0].ask(Wanted(change, person, organisation, columns), by=by)


def ask_about(held: Membership, change: Change, *, by: User, person: User, **columns: Unpack[Columns]) -> Case:
    """Ask for a change of a role that somebody holds, or of who substitutes for them in it. Raises Refused."""
    columns |= {"membership": held, "role": held.role}
    return ask(change, by=by, person=person, organisation=held.organisation, **columns)


def ask_many(wanted: Sequence[Wanted], *, by: User) -> int:
    return _kept[0].ask_many(wanted, by=by) if wanted else 0


def ask_to_deactivate(row: Subject, *, by: User, reason: str) -> Case:
    """Of a person or an organisation. Raises Refused."""
    person, organisation = _subject(row)
    return ask(Change.DEACTIVATE, by=by, person=person, organisation=organisation, reason=reason)


def ask_to_reactivate(row: Subject, *, by: User) -> Case:
    person, organisation = _subject(row)
    return ask(Change.REACTIVATE, by=by, person=person, organisation=organisation)


def pending(row: Subject, *, reader: User) -> Sequence[Case]:
    return _kept[0].pending(row, reader=reader)


def _subject(row: Subject) -> tuple[User | None, Organisation | None]:
    return (None, row) if isinstance(row, Organisation) else (row, None)


def approvers(organisation_id: int) -> list[Membership]:
    """Memberships of a department by which people decide on requests today: registrars, then heads."""
    held = Membership.objects.in_force().filter(organisation=organisation_id, role__in=APPROVING)
    return sorted(
        held.select_related("person").order_by("id"), key=lambda membership: APPROVING.index(Role(membership.role))
    )


def notice(by: User, concerned: User | None = None) -> str:
    """The sentence, shown before anything is sent, that names who could decide on a request of `by`."""
    department_id = next(iter(by.role_map.get(Role.REGISTRAR, ())), 0)
    excluded = {by.pk, concerned.pk if concerned else None}
    able = [row for row in approvers(department_id) if row.person_id not in excluded]
    people = {row.person_id: str(row.person) for row in able}
    if people:
        return _("A second person has to approve this: %(names)s. Until then nothing changes.") % {
            "names": ", ".join(people.values())
        }
    return _(
        "A second person has to approve this, but nobody else in your department can at present: it takes another"
        " registrar or a head of department. The server's administrator can register a second registrar with the"
        " command first_registrar."
    )
