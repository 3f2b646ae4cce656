"""Adding, changing and deactivating organisations."""

from django.utils.translation import gettext as _

from cases.registry.models import Organisation, OrganisationKind, User
from cases.registry.verbs.recording import (
    Action,
    By,
    Step,
    change,
    check,
    refuse_alone,
    registrar,
    switch,
    trimmed,
    write,
)
from workflow.door import Refused
from workflow.roles import Role

LASTING = ("code", "kind")
"""What an organisation keeps for good: addresses, roles and rights rest on it."""


def add_organisation(*, by: User, **fields: object) -> Organisation:
    """Raises Refused."""
    right = registrar(by)
    organisation = Organisation(**trimmed(fields))
    check(organisation)
    refuse_alike(organisation.code)
    write([Step(organisation, Action.ADD_ORGANISATION)], right)
    return organisation


def change_organisation(organisation: Organisation, *, by: User, seen: str = "", **fields: object) -> Organisation:
    """`seen` is the fingerprint of what the registrar saw. Raises Refused (Stale).

    What a ministry, or a department of one, is a part of stays: see `move_organisation()`.
    """
    registrar(by)
    refuse_lasting(organisation, fields)
    return change(organisation, fields, action=Action.CHANGE_ORGANISATION, by=by, seen=seen)


def deactivate_organisation(organisation: Organisation, *, by: By, reason: str) -> None:
    """Its people lose their roles in it until it is reactivated. Takes two people. Raises Refused."""
    right = registrar(by)
    refuse_alone(right)
    if right.by and organisation.pk in right.by.role_map.get(Role.REGISTRAR, {}):
        raise Refused(_("You are a registrar by this organisation. Another registrar has to deactivate it."))
    switch(organisation, to=False, action=Action.DEACTIVATE_ORGANISATION, by=right, reason=reason)


def reactivate_organisation(organisation: Organisation, *, by: By) -> None:
    """Takes two people. Raises Refused."""
    right = registrar(by)
    refuse_alone(right)
    switch(organisation, to=True, action=Action.REACTIVATE_ORGANISATION, by=right)


def move_organisation(organisation: Organisation, parent: Organisation | None, *, by: By) -> None:
    """Make it part of another ministry. Takes two people: the leaders before lose what they supervise. Raises Refused.

    Cases that have begun stay with the ministry under which they began.
    """
    right = registrar(by)
    refuse_alone(right)
    if organisation.kind == OrganisationKind.DEPARTMENT and (
        parent is None or parent.kind != OrganisationKind.MINISTRY
    ):
        raise Refused(_("A department has to be part of a ministry."))
    if parent is not None and not parent.is_active:
        raise Refused(_("%(name)s is deactivated.") % {"name": parent})
    if organisation.parent == parent:
        raise Refused(_("It is part of it already."))
    change(organisation, {"parent": parent}, action=Action.MOVE_ORGANISATION, by=right)


def refuse_alike(code: str) -> None:
    """Codes that differ only in capitals would be confused."""
    alike = Organisation.objects.filter(code__iexact=code).values_list("code", flat=True).first()
    if alike:
        raise Refused(_("The code %(code)s is taken.") % {"code": alike})


def refuse_lasting(organisation: Organisation, fields: dict[str, object]) -> None:
    for name in LASTING:
        if name in fields and fields[name] != getattr(organisation, name):
            raise Refused(
                _("Code and kind of an organisation stay. If they are wrong, deactivate it and add another one.")
            )
