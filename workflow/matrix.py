"""Prints who may do what, when and on which conditions: the golden file that a change of rights is approved by."""

from collections.abc import Iterable, Iterator

from workflow.case import Case, case_types
from workflow.declarations import Transition, Verb
from workflow.naming import name_of
from workflow.roles import NOBODY, Role


def matrix(models: Iterable[type[Case]] = ()) -> str:
    """Lifecycles (all, or these) as text: for each state and role, whether it sees the case, and what it may do."""
    return "\n".join(line for model in models or case_types().values() for line in _lines(model))


def cells(model: type[Case]) -> dict[tuple[str, str], list[str]]:
    """(state, role) -> what the role may do there: `view`, then actions, then verbs."""
    return {(state, role): list(_may(model, state, role)) for state in model.STATES.values for role in _roles(model)}


def _lines(model: type[Case]) -> Iterator[str]:
    yield f"# {model.CASE_TYPE}"
    yield f"create: {', '.join(model.CREATE.permission.roles) or 'by the clock'}{_only_if(model, model.CREATE)}"
    for transition in model.transitions().values():
        yield from _ways(model, transition)
    for name, verb in model.verbs().items():
        yield f"{_how(name, verb)}{_only_if(model, verb)}"
    for state in model.STATES.values:
        yield ""
        yield f"[{state}]{_expects(model, state)}"
        for role in _roles(model):
            yield f"  {role:<20} {', '.join(cells(model)[state, role]) or '-'}"
    yield ""


def _roles(model: type[Case]) -> list[str]:
    """The roles that count on a kind of case, in the order of Role."""
    return [role for role in Role.values if role in model.RELATIONS]


def _how(name: str, verb: Verb) -> str:
    """The states of what people do stand in their cells below."""
    if verb.permission.roles:
        return f"verb: {name}"
    how = "as a consequence" if verb.permission is NOBODY else "by the clock"
    return f"{how}: {name} in {' | '.join(verb.sources)}"


def _only_if(model: type[Case], declared: Transition | Verb) -> str:
    """The conditions of an act by name, in the order in which they are judged."""
    names = ", ".join(name_of(model, condition) for condition in declared.conditions)
    return f" [{names}]" if names else ""


def _ways(model: type[Case], transition: Transition) -> Iterator[str]:
    """One line for all sources that lead to the same states."""
    sources: dict[tuple[str, ...], list[str]] = {}
    for source, targets in transition.targets.items():
        sources.setdefault(targets, []).append(source)
    for targets, places in sources.items():
        yield f"{transition.action}: {' | '.join(places)} -> {' | '.join(targets)}{_only_if(model, transition)}"


def _expects(model: type[Case], state: str) -> str:
    expect = model.EXPECTS.get(state)
    if expect is None:
        return " final" if state in model.final_states() else " rests"
    term = f"{expect.until}, else {expect.days} working days" if expect.until else f"{expect.days} working days"
    others = "".join(f", {days} after {action}" for action, days in expect.after.items())
    return f" expects {expect.action} of {expect.role} in {term}{others}"


def _may(model: type[Case], state: str, role: str) -> Iterator[str]:
    if role in model.ACCESS[state].roles:
        yield "view"
    declarations: dict[str, Transition | Verb] = {**model.transitions(), **model.verbs()}
    for name, declared in declarations.items():
        if state in declared.sources and role in declared.permission.roles:
            yield name
