"""The beginning: a department with its first two registrars, whom no two people can have registered."""

from django.db import transaction
from django.utils.translation import gettext as _

from cases.registry.models import Membership, Organisation, OrganisationKind, User
from cases.registry.verbs.recording import Action, Right, Step, check, trimmed, write
from workflow.door import Refused
from workflow.lifecycles.account_change import APPROVING
from workflow.roles import Role
from workflow.terms import legal_date

SYSTEM = Right(is_decided=True)


def found_registry(*, email: str, full_name: str, code: str, name: str = "") -> User:
    """Add a registrar of the department `code`, which is called `name` if it is new; done by the system.

    Possible until two people can decide together: the first registrar alone can appoint nobody who decides. Raises
    Refused.
    """
    with transaction.atomic():
        department = Organisation.objects.filter(code=code).first()
        _refuse_if_manned(department)
        steps = []
        if department is None:
            department = Organisation(**trimmed({"code": code, "kind": OrganisationKind.DEPARTMENT, "name_ky": name}))
            steps.append(Step(department, Action.ADD_ORGANISATION))
        person = User(**trimmed({"email": email.lower(), "full_name": full_name}))
        check(department)
        check(person)
        write([*steps, Step(person, Action.ADD_PERSON)], SYSTEM)
        role = Membership(person=person, organisation=department, role=Role.REGISTRAR, starts=legal_date())
        check(role)
        write([Step(role, Action.GIVE_MEMBERSHIP), Step(person, Action.INVITE)], SYSTEM)
    return person


def _refuse_if_manned(department: Organisation | None) -> None:
    held = Membership.objects.in_force()
    registrars = held.filter(role=Role.REGISTRAR)
    if department is None or not registrars.filter(organisation=department).exists():
        if registrars.exists():
            raise Refused(_("There is a registrar already, who can register others."))
    elif held.filter(role__in=APPROVING, organisation=department).values("person").distinct().count() > 1:
        raise Refused(_("Two people of this department can decide together already, and register others."))
