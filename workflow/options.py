"""What a reader may do with a case: pages ask here, never for a role."""

from dataclasses import dataclass

from workflow.case import Case
from workflow.reasons import unmet, verb_objection
from workflow.roles import Actor


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
