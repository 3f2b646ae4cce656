"""Conditions that any lifecycle may ask for."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from workflow.case import Case
from workflow.conditions import ActorCondition, required
from workflow.roles import Actor, Role


def in_charge_sentence(case: Case) -> str:
    """Who is in charge instead."""
    person = case.PARTIES.assignees[case.PARTIES.in_charge].removesuffix("_id")
    return _("This case is assigned to %(name)s.") % {"name": case.follow(person)}


def is_in_charge(case: Case, user: Actor) -> bool:
    """The person whom the lifecycle puts in charge, who stands in for them, or all who could be while nobody is."""
    role = case.PARTIES.in_charge
    return bool(role) and case.is_carried_by(user, role)


def _is_addressed(case: Case, user: Actor) -> bool:
    """Whether the person belongs to one of the organisations that the case concerns, in whatever role."""
    addressed = case.PARTIES.organisations_addressed(case)
    return any(not organisations.keys().isdisjoint(addressed) for organisations in user.role_map.values())


assigned = ActorCondition(in_charge_sentence, is_in_charge)
assigned_or_head = ActorCondition(
    in_charge_sentence,
    lambda case, user: is_in_charge(case, user) or case.standing(user, (Role.DEPARTMENT_HEAD,)) is not None,
)
decider_is_not_addressed = ActorCondition(
    _("You belong to the institution concerned; somebody else has to decide."),
    lambda case, user: not _is_addressed(case, user),
)
has_reason = required("reason", _("Give the reason."))

NAMED = 5
"""How many names a sentence holds."""


def listed(things: Sequence[object]) -> str:
    """Their names, for a sentence: the first ones, and how many more there are."""
    names = "; ".join(str(thing) for thing in things[:NAMED])
    left = len(things) - NAMED
    if left <= 0:
        return names
    return ngettext("%(names)s and %(n)d more", "%(names)s and %(n)d more", left) % {"names": names, "n": left}
