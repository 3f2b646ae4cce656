"""Asking for a change of an account: how a request comes from the registry's pages and tables."""

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from cases.accounts import effects
from cases.accounts.models import AccountChange
from cases.desk.models import NumberSeries
from cases.registry.models import Organisation, User
from cases.registry.two_people import Subject, Wanted
from cases.registry.verbs.recording import Right, registrar
from workflow import clock
from workflow.door import Refused, begin, begin_all
from workflow.terms import legal_date

PREFIX = "A"
RECORDED = (
    "person_id",
    "organisation_id",
    "membership_id",
    "parent_id",
    "role",
    "starts",
    "ends",
    "email_before",
    "email",
    "reason",
)
"""What the trail keeps of a request."""


def ask(wanted: Wanted, *, by: User) -> AccountChange:
    """The change is tried and rolled back first, so that no impossible one waits for a decision. Raises Refused."""
    right = registrar(by)
    with transaction.atomic():
        at = clock.database_now()
        [change] = _numbered(_unnumbered([wanted], right), at)
        _try(change, right)
        try:
            with transaction.atomic():
                return begin(change, by=by, details=_details(change), at=at)
        except IntegrityError as error:
            raise Refused(_("The same was asked for already and is not decided yet.")) from error


def ask_many(wanted: Sequence[Wanted], *, by: User) -> int:
    """Requests that wait already are skipped; returns how many were added."""
    right = registrar(by)
    with transaction.atomic():
        waiting = set(
            map(_key, AccountChange.objects.undecided().filter(change__in={request.change for request in wanted}))
        )
        fresh = {_key(change): change for change in _unnumbered(wanted, right) if _key(change) not in waiting}
        at = clock.database_now()
        changes = _numbered(list(fresh.values()), at)
        for change in changes:
            change.is_known_as_new = True
        begin_all(changes, by=by, details=[_details(change) for change in changes], at=at)
    return len(changes)


def pending(row: Subject, *, reader: User) -> Sequence[AccountChange]:
    about = {"organisation": row} if isinstance(row, Organisation) else {"person": row}
    return list(AccountChange.objects.visible_to(reader).undecided().filter(**about).for_lists())


def _unnumbered(wanted: Sequence[Wanted], right: Right) -> list[AccountChange]:
    if right.by is None or right.standing is None:
        raise Refused(_("There is no such action."))
    department = Organisation.objects.get(pk=right.standing.organisation_id)
    return [
        AccountChange(
            change=request.change,
            department=department,
            person=request.person,
            organisation=request.organisation,
            requested_by=right.by,
            email_before=request.person.email if request.columns.get("email") and request.person else "",
            **request.columns,
        )
        for request in wanted
    ]


def _numbered(changes: list[AccountChange], at: datetime) -> list[AccountChange]:
    if changes:
        numbers = NumberSeries.take(PREFIX, legal_date(at).year, len(changes))
        for change, number in zip(changes, numbers, strict=True):
            change.number, change.requested_at = number, at
    return changes


def _try(change: AccountChange, right: Right) -> None:
    with transaction.atomic():
        effects.take(change, Right(right.by, right.standing, is_decided=True))
        transaction.set_rollback(True)
    for row in (change.person, change.organisation, change.membership):
        if row is not None:
            row.refresh_from_db()


def _details(change: AccountChange) -> dict[str, object]:
    recorded = {name: getattr(change, name) for name in RECORDED if getattr(change, name)}
    return {"change": str(change.change), **recorded}


def _key(change: AccountChange) -> tuple[str, int | None, int | None, str]:
    return str(change.change), change.person_id, change.organisation_id, str(change.role)
