"""Why an act is not possible, each as one sentence in the person's language; an empty one means that it is."""

from collections.abc import Collection, Iterable, Sequence

from django.utils.translation import gettext as _

from workflow.case import Case, Verb
from workflow.conditions import Condition
from workflow.roles import Actor, Role


def out_of_place(case: Case, user: Actor, roles: Sequence[str], states: Collection[str]) -> str:
    """None of `roles` counts for the person on this case, or the case is in none of `states`."""
    if case.standing(user, roles) is None:
        return _("You may not do this: it is for %(roles)s.") % {"roles": role_names(roles)}
    if str(case.follow("state")) not in states:
        return _("This is not possible now: the case is in the state “%(state)s”.") % {"state": state_label(case)}
    return ""


def verb_objection(case: Case, verb: Verb, user: Actor) -> str:
    """Why `user` may not do the verb on the case now."""
    case.onlooker = user
    return out_of_place(case, user, verb.roles.roles, verb.states) or unmet(case, verb.conditions)


def unmet(case: Case, conditions: Iterable[Condition]) -> str:
    """What the first of the conditions that fails says."""
    return next((condition.says(case) for condition in conditions if not condition(case)), "")


def state_label(case: Case) -> str:
    return str(case.STATES(case.follow("state")).label)


def role_names(roles: Sequence[str]) -> str:
    return ", ".join(str(Role(role).label) for role in roles)
