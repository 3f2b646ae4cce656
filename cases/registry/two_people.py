"""What the registry knows of changes that take two people: how they are asked for, and who could decide.

The app that keeps the requests registers itself here, as the registry stands below it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.utils.translation import gettext as _

from cases.registry.models import Membership, Organisation, User
from workflow.case import Case
from workflow.lifecycles.account_change import APPROVING, Change
from workflow.roles import Role


@dataclass(frozen=True)
class Wanted:
    """A change that a second person has to approve: of a person or an organisation, with what is to be written."""

    change: Change
    person: User | None = None
    organisation: Organisation | None = None
    columns: Mapping[str, Any] = field(default_factory=dict)


class Requests(Protocol):
    """Where requests are kept."""

    def ask(self, wanted: Wanted, *, by: User) -> Case:
        """Keep a request. Raises Refused, also when the change itself would be."""
        ...

    def ask_many(self, wanted: Sequence[Wanted], *, by: User) -> int:
        """Keep requests whose changes were checked already, those aside that wait already; returns how many."""
        ...

    def pending(self, row: Any, *, reader: User) -> Sequence[Case]:
        """Undecided requests about a person or an organisation, as far as the reader may see them."""
        ...


_kept: list[Requests] = []


def register(requests: Requests) -> None:
    """Called by the app that keeps the requests when it is ready."""
    _kept[:] = [requests]


def ask(change: Change, *, by: User, person: User | None = None, organisation: Organisation | None = None,
        **columns: Any) -> Case:  # fmt: skip
    """Ask for a change that takes two people. Raises Refused."""
    return _kept[0].ask(Wanted(change, person, organisation, columns), by=by)


def ask_many(wanted: Sequence[Wanted], *, by: User) -> int:
    return _kept[0].ask_many(wanted, by=by) if wanted else 0


def ask_to_deactivate(row: Any, *, by: User, reason: str) -> Case:
    """Of a person or an organisation. Raises Refused."""
    return ask(Change.DEACTIVATE, by=by, **_subject(row), reason=reason)


def ask_to_reactivate(row: Any, *, by: User) -> Case:
    return ask(Change.REACTIVATE, by=by, **_subject(row))


def pending(row: Any, *, reader: User) -> Sequence[Case]:
    return _kept[0].pending(row, reader=reader)


def _subject(row: Any) -> dict[str, Any]:
    return {"organisation": row} if isinstance(row, Organisation) else {"person": row}


def approvers(organisation_id: int) -> list[Membership]:
    """Memberships of a department by which people decide on requests today: registrars, then heads."""
    held = Membership.objects.in_force().filter(organisation=organisation_id, role__in=APPROVING)
    return sorted(held.select_related("person").order_by("id"), key=lambda one: APPROVING.index(Role(one.role)))


def notice(by: User, concerned: User | None = None) -> str:
    """Who could decide on what `by` asks for, as the page says it before anybody presses."""
    department_id = next(iter(by.role_map.get(Role.REGISTRAR, ())), 0)
    excluded = {by.pk, concerned.pk if concerned else None}
    people = {one.person_id: str(one.person) for one in approvers(department_id) if one.person_id not in excluded}
    if people:
        return _("A second person has to approve this: %(names)s. Until then nothing changes.") % {
            "names": ", ".join(people.values())
        }
    return _(
        "A second person has to approve this, but nobody else in your department can at present: it takes another"
        " registrar or a head of department. Who keeps the server can register a second registrar with the command"
        " first_registrar."
    )
