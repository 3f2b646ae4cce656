"""System checks of the lifecycle files: what a rule forgets stops the start, with an id and a hint."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.core.checks import CheckMessage, Error

from workflow.case import Case, Step, case_types, declarations
from workflow.roles import by


def check_lifecycles(**kwargs: Any) -> list[CheckMessage]:
    """Every lifecycle in use, checked as a whole."""
    return [error for model in case_types().values() for error in check_lifecycle(model)]


def check_lifecycle(model: type[Case]) -> Iterable[CheckMessage]:
    yield from _permissions(model)
    yield from _access(model)
    yield from _reachability(model)
    yield from _roles(model)
    yield from _expectations(model)


def _permissions(model: type[Case]) -> Iterator[Error]:
    for step in model.steps().values():
        if not _may(step):
            yield Error(
                f"{model.__name__}.{step.action} is open to everybody.",
                hint="Add permission=by(Role...) to the transition.",
                id="workflow.E001",
            )
        if step.action not in model.ACTIONS.values:
            yield Error(
                f"{model.__name__}.{step.action} has no name that people can read.",
                hint="Add it to the Action choices of the lifecycle file.",
                id="workflow.E006",
            )
        if len({(one.target, one.permission, *one.conditions) for one in declarations(model, step.action)}) > 1:
            yield Error(
                f"{model.__name__}.{step.action} differs by the state it starts from; only one reading would be used.",
                hint="Declare one action for each target, permission or set of conditions.",
                id="workflow.E009",
            )


def _access(model: type[Case]) -> Iterator[Error]:
    for state in model.STATES.values:
        if state not in model.ACCESS or not model.ACCESS[state].roles:
            yield Error(
                f"{model.__name__}: nobody may view the state '{state}'.",
                hint="Add a row to ACCESS.",
                id="workflow.E002",
            )


def _reachability(model: type[Case]) -> Iterator[Error]:
    reached, grown = {str(model.INITIAL)}, True
    while grown:
        targets = {step.target for step in model.steps().values() if reached & set(step.sources)}
        grown = not targets <= reached
        reached |= targets
    for state in sorted(set(model.STATES.values) - reached):
        yield Error(
            f"{model.__name__}: the state '{state}' cannot be reached from '{model.INITIAL}'.",
            hint="Add a transition that leads there, or delete the state.",
            id="workflow.E003",
        )


def _roles(model: type[Case]) -> Iterator[Error]:
    useful = {role for one in model.ACCESS.values() for role in one.roles}
    useful |= {role for step in model.steps().values() for role in _may(step)}
    for role in model.RELATIONS:
        if role not in useful:
            yield Error(
                f"{model.__name__}: the role '{role}' has a relation but may do nothing.",
                hint="Give it a cell in ACCESS or a transition, or delete its relation.",
                id="workflow.E004",
            )


def _expectations(model: type[Case]) -> Iterator[Error]:
    steps = model.steps()
    for state in sorted(set(model.STATES.values) - model.final_states()):
        expect = model.EXPECTS.get(state)
        if expect is None:
            yield Error(
                f"{model.__name__}: in the state '{state}' nobody owes anything.",
                hint="Add a row to EXPECTS.",
                id="workflow.E005",
            )
        elif expect.action not in steps or state not in steps[expect.action].sources:
            yield Error(
                f"{model.__name__}: the state '{state}' expects '{expect.action}', which is not possible in it.",
                hint="Name an action of this state in EXPECTS.",
                id="workflow.E007",
            )
        elif expect.role in model.RELATIONS and expect.role not in _may(steps[expect.action]):
            yield Error(
                f"{model.__name__}: the state '{state}' expects '{expect.action}' of a role that may not do it.",
                hint="Give the role the permission, or name another in EXPECTS.",
                id="workflow.E008",
            )


def _may(step: Step) -> tuple[str, ...]:
    """The roles that a step is open to; none when its permission was forgotten."""
    return step.permission.roles if isinstance(step.permission, by) else ()
