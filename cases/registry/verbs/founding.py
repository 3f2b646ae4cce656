"""The beginning: a department with its first registrar, whom nobody can have registered."""

from django.db import transaction
from django.utils.translation import gettext as _

from cases.registry.models import Kind, Membership, Organisation, User
from cases.registry.verbs.recording import Action, Step, check, trimmed, write
from workflow.door import Refused
from workflow.roles import Role
from workflow.terms import legal_date


def found_registry(*, email: str, full_name: str, code: str, name: str) -> User:
    """Add the department `code` called `name` and its registrar; done by the system, once. Raises Refused."""
    with transaction.atomic():
        if Membership.objects.in_force().filter(role=Role.REGISTRAR).exists():
            raise Refused(_("There is a registrar already, who can register others."))
        department = Organisation(**trimmed({"code": code, "kind": Kind.DEPARTMENT, "name_ky": name}))
        person = User(**trimmed({"email": email.lower(), "full_name": full_name}))
        check(department)
        check(person)
        write([Step(department, Action.ADD_ORGANISATION), Step(person, Action.ADD_PERSON)], by=None, standing=None)
        role = Membership(person=person, organisation=department, role=Role.REGISTRAR, starts=legal_date())
        write([Step(role, Action.GIVE_MEMBERSHIP), Step(person, Action.INVITE)], by=None, standing=None)
    return person
