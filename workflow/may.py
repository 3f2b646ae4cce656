"""What a person may do with a case, and if not, why not: one sentence in their language."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from workflow.case import Case, Verb
from workflow.conditions import Condition
from workflow.roles import Actor, Role


@dataclass(frozen=True)
class Option:
    """An action of the reader's roles in the present state; `blocked` is the reason why it cannot be done yet."""

    action: str
    label: str
    danger: bool
    blocked: str = ""


def options(case: Case, user: Actor) -> list[Option]:
    """The actions of the reader's roles in the present state, blocked ones with the reason."""
    case.onlooker = user
    mine = [
        step
        for step in case.steps().values()
        if str(case.follow("state")) in step.sources and step.permission(case, user)
    ]
    return [Option(one.action, action_label(case, one.action), one.danger, unmet(case, one.conditions)) for one in mine]


def can(case: Case, user: Actor) -> dict[str, bool]:
    """verb -> whether `user` may do it now; templates ask this, never a role."""
    case.onlooker = user
    return {name: not verb_objection(case, verb, user) for name, verb in case.VERBS.items()}


def action_label(case: Case | type[Case], action: str) -> str:
    """The name of an action or verb, in the person's language."""
    known = case.ACTIONS.__members__.get(action.upper())
    return str(known.label) if known else action


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
