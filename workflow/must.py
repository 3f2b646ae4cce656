"""Conditions that any lifecycle may ask for."""

from django.utils.translation import gettext_lazy as _

from workflow.case import Case
from workflow.conditions import ActorCondition, required
from workflow.roles import Role


def in_charge_sentence(case: Case) -> str:
    """Who is in charge instead."""
    return _("This case is assigned to %(name)s.") % {"name": case.follow("coordinator")}


assigned = ActorCondition(in_charge_sentence, lambda case, user: case.is_carried_by(user, Role.COORDINATOR))
has_reason = required("reason", _("Give the reason."))
