"""Prints who may do what in which state: the golden file that a change of rights is approved by."""

from collections.abc import Iterator

from workflow.case import Case, case_types, roles_of


def matrix() -> str:
    """Every lifecycle as text: for each state and role, whether it sees the case, and what it may do."""
    return "\n".join(line for model in case_types().values() for line in _lines(model))


def cells(model: type[Case]) -> dict[tuple[str, str], list[str]]:
    """(state, role) -> what the role may do there: `view`, then actions, then verbs."""
    return {(state, role): list(_may(model, state, role)) for state in model.STATES.values for role in roles_of(model)}


def _lines(model: type[Case]) -> Iterator[str]:
    yield f"# {model.CASE_TYPE}"
    yield f"create: {', '.join(model.CREATE.roles.roles)}"
    for step in model.steps().values():
        yield f"{step.action}: {' | '.join(step.sources)} -> {step.target}"
    for state in model.STATES.values:
        yield ""
        yield f"[{state}]{_expects(model, state)}"
        for role in roles_of(model):
            yield f"  {role:<20} {', '.join(cells(model)[state, role]) or '-'}"
    yield ""


def _expects(model: type[Case], state: str) -> str:
    expect = model.EXPECTS.get(state)
    if expect is None:
        return " final"
    term = f"{expect.until}, else {expect.days} working days" if expect.until else f"{expect.days} working days"
    others = "".join(f", {days} after {action}" for action, days in expect.after.items())
    return f" expects {expect.action} of {expect.role} in {term}{others}"


def _may(model: type[Case], state: str, role: str) -> Iterator[str]:
    if role in model.ACCESS[state].roles:
        yield "view"
    for step in model.steps().values():
        if state in step.sources and role in step.permission.roles:
            yield step.action
    for name, verb in model.VERBS.items():
        if state in verb.states and role in verb.roles.roles:
            yield str(name)
