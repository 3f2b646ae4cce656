"""Who may act: the roles, the person as the engine sees them, and the membership an act is done under."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from workflow.case import Case


class Role(TextChoices):
    MINISTRY_LEADER = "ministry_leader", _("Ministry leader")
    MINISTRY_OBSERVER = "ministry_observer", _("Ministry observer")
    DEPARTMENT_HEAD = "department_head", _("Head of department")
    COORDINATOR = "coordinator", _("Coordinator")
    CONTRACTOR_LEAD = "contractor_lead", _("Contractor's lead")
    CONTRACTOR_EXPERT = "contractor_expert", _("Contractor's expert")
    INSTITUTION_HEAD = "institution_head", _("Head of institution")
    INSTITUTION_OFFICER = "institution_officer", _("Responsible officer of the institution")
    INSTITUTION_CONTROLLER = "institution_controller", _("Controller of the institution")
    REGISTRAR = "registrar", _("Registrar")


MINISTRY = (Role.MINISTRY_LEADER, Role.MINISTRY_OBSERVER)
DEPARTMENT = (Role.DEPARTMENT_HEAD, Role.COORDINATOR)
CONTRACTOR = (Role.CONTRACTOR_LEAD, Role.CONTRACTOR_EXPERT)
INSTITUTION = (Role.INSTITUTION_HEAD, Role.INSTITUTION_OFFICER)

RoleMap = Mapping[str, Mapping[int, int]]
"""role -> {organisation id -> membership id}, of the memberships in force today."""


class Actor(Protocol):
    """A signed-in person, as far as the engine needs to know them."""

    @property
    def pk(self) -> int: ...

    @property
    def role_map(self) -> RoleMap: ...

    def carries_for(self, role: str) -> frozenset[int]:
        """Ids of the people whose tasks in `role` this person carries today: their own, and whom they substitute."""
        ...


@dataclass(frozen=True)
class Standing:
    """The membership that gives a person a right on a case: every act names the one it is done under."""

    role: str
    organisation_id: int
    membership_id: int


@dataclass(frozen=True)
class by:  # noqa: N801 - reads as a clause: permission=by(Role.COORDINATOR)
    """The roles that an act is open to; used as django-fsm's `permission`."""

    roles: tuple[str, ...]

    def __init__(self, *roles: Role) -> None:
        object.__setattr__(self, "roles", tuple(role.value for role in roles))

    def __call__(self, case: "Case", user: Actor) -> bool:
        return case.standing(user, self.roles) is not None
