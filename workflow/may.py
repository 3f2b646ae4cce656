"""What a person may do with a case, and if not, why not, in their language. Pages ask here, never for a role."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from workflow.case import Case
from workflow.conditions import Condition, Inputs, first_unmet
from workflow.declarations import Transition, Verb
from workflow.roles import Actor, Role


@dataclass(frozen=True)
class Option:
    """An act of the reader's roles in the present state; `reasons` say why it cannot be done yet."""

    action: str
    label: str
    danger: bool
    reasons: tuple[str, ...] = ()

    @property
    def blocked(self) -> str:
        """The first of the reasons; empty when it can be done."""
        return next(iter(self.reasons), "")


def options(case: Case, user: Actor) -> list[Option]:
    """The acts that `perform()` does for the reader's roles in the present state, blocked ones with the reason.

    Those that are not theirs to do now are left out (`Condition.hides`).
    """
    state = str(case.follow("state"))
    mine = [
        (action, declared)
        for action, declared in case.acts().items()
        if state in declared.sources and case.standing(user, declared.permission.roles) is not None
    ]
    return [
        Option(action, action_label(case, action), declared.danger, tuple(_cheaply_unmet(case, declared, user)))
        for action, declared in mine
        if all(condition(case, user, {}) for condition in declared.conditions if condition.hides)
    ]


def _cheaply_unmet(case: Case, declared: Transition | Verb, user: Actor) -> list[str]:
    return all_unmet(case, [condition for condition in declared.conditions if not condition.is_costly], user)


def can(case: Case, user: Actor) -> dict[str, bool]:
    """verb -> whether `user` may do it now, as far as that can be said before anything is filled in."""
    return {name: not objection(case, verb, user) for name, verb in case.verbs().items()}


def objection(case: Case, declared: Transition | Verb, user: Actor, inputs: Inputs | None = None) -> str:
    """Why `user` may not do this on the case now; empty when they may. Without `inputs`, those are not judged yet."""
    misplaced = out_of_place(case, declared, user)
    return misplaced or unmet(case, declared.conditions, user, inputs)


def objections(case: Case, declared: Transition | Verb, user: Actor) -> list[str]:
    """All that is in the way before anything is filled in; empty when `user` may do this now."""
    misplaced = out_of_place(case, declared, user)
    return [misplaced] if misplaced else all_unmet(case, declared.conditions, user)


def out_of_place(case: Case, declared: Transition | Verb, user: Actor) -> str:
    """None of the act's roles counts for the person on this case, or the case is in another state."""
    if case.standing(user, declared.permission.roles) is None:
        return _("You may not do this: it is for %(roles)s.") % {"roles": role_names(declared.permission.roles)}
    return wrong_state(case, declared)


def wrong_state(case: Case, declared: Transition | Verb) -> str:
    """The case is in none of the states in which this is possible."""
    if str(case.follow("state")) in declared.sources:
        return ""
    return _("This is not possible now: the case is in the state “%(state)s”.") % {"state": state_label(case)}


def unmet(case: Case, conditions: Iterable[Condition], user: Actor | None, inputs: Inputs | None = None) -> str:
    """The sentence of the first condition that fails."""
    condition = first_unmet(conditions, case, user, inputs)
    return condition.says(case) if condition else ""


def all_unmet(case: Case, conditions: Iterable[Condition], user: Actor) -> list[str]:
    """The sentences of all conditions that fail before anything is filled in.

    Where somebody else has to act, that alone: the rest is not the reader's to mend.
    """
    failed = [condition for condition in conditions if not condition.needs_inputs and not condition(case, user, {})]
    of_others = [condition for condition in failed if condition.needs_actor]
    return [condition.says(case) for condition in of_others[:1] or failed]


def action_label(case: Case | type[Case], action: str) -> str:
    """The name of an act, in the person's language."""
    known = case.ACTIONS.__members__.get(action.upper())
    return str(known.label) if known else action


def state_label(case: Case) -> str:
    return str(case.STATES(str(case.follow("state"))).label)


def role_names(roles: Sequence[str]) -> str:
    return ", ".join(str(Role(role).label) for role in roles)
