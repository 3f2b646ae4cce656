"""What an act would leave to do, and to whom, as far as that can be said before its inputs are known."""

from collections.abc import Iterator
from copy import copy

from workflow.case import Case
from workflow.declarations import Transition, Verb
from workflow.expectations import Owed, expected


def targets_of(case: Case, declared: Transition | Verb) -> tuple[str, ...]:
    """The states that the act may lead to; of a verb the present one."""
    state = str(case.follow("state"))
    return (state,) if isinstance(declared, Verb) else declared.targets.get(state, declared.all_targets)


def foreseen(case: Case, action: str, declared: Transition | Verb) -> list[Owed]:
    """What would be expected after the act and is not expected now, of all the states that it may lead to.

    What its inputs decide, and what it begins on other cases, is not foreseen.
    """
    now = {owed.identity for owed in expected(case, action)} if isinstance(declared, Verb) else set()
    return [owed for owed in _expected_then(case, action, declared) if owed.identity not in now]


def _expected_then(case: Case, action: str, declared: Transition | Verb) -> Iterator[Owed]:
    for target in targets_of(case, declared):
        then = copy(case)
        then.__dict__["state"] = target  # The field refuses it, as only the copy is to have it.
        then.act, then.reads, then.foreseen = None, {}, action
        yield from expected(then, action)
