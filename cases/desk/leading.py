"""Putting a coordinator in charge of a case, and what follows them: right, row, expectations and trail in one step."""

from collections.abc import Iterator, Sequence

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from cases.desk.access import all_of
from cases.desk.kinds import kinds
from cases.registry.models import Membership, Organisation, User
from workflow import expectations
from workflow.case import Case
from workflow.door import Refused, amend
from workflow.models import Expectation
from workflow.roles import Role

ASSIGN = "assign"
"""The verb by which a kind lets another coordinator be put in charge."""
COORDINATOR = "coordinator_id"
"""The column that names who is in charge."""


def assign(case: Case, coordinator: User, *, by: User, version: int | None = None) -> None:
    """Put a coordinator of the leading department in charge; what is expected follows them. Raises Refused."""
    check_coordinator(coordinator, department_of(case))
    with amend(case, ASSIGN, by=by, version=version) as amendment:
        locked = amendment.case
        if locked.follow(COORDINATOR) == coordinator.pk:
            raise Refused(_("%(name)s is in charge already.") % {"name": coordinator})
        setattr(locked, COORDINATOR, coordinator.pk)
        for carried in _carried_through(locked):
            expectations.follow(carried)


def department_of(case: Case) -> int:
    """The one that leads the case."""
    return int(str(case.follow(case.PARTIES.lead)))


def coordinators_of(departments: Sequence[Organisation | int]) -> QuerySet[User]:
    """Those who coordinate for one of the departments today."""
    holding = Membership.objects.in_force().filter(role=Role.COORDINATOR, organisation__in=departments)
    return User.objects.filter(pk__in=holding.values("person"))


def check_coordinator(person: User, department_id: int) -> None:
    """Raises Refused unless the person coordinates for the department today."""
    if not coordinators_of([department_id]).filter(pk=person.pk).exists():
        raise Refused(_("%(name)s is not a coordinator of this department.") % {"name": person})


def _carried_through(case: Case) -> Iterator[Case]:
    """Cases whose coordinator is that of this one, such as its deliverables, as far as they expect something."""
    for kind in kinds().values():
        relation, _sep, column = kind.model.PARTIES.assignees.get(Role.COORDINATOR, "").rpartition("__")
        if not relation or column != COORDINATOR:
            continue
        if kind.model._meta.get_field(relation).related_model is not type(case):
            continue
        owed = Expectation.objects.open().filter(subject_type=kind.name, subject_id=OuterRef("pk"))
        for part in all_of(kind.model).filter(Q(**{relation: case.pk}), Exists(owed)).order_by("pk"):
            setattr(part, relation, case)
            yield part
