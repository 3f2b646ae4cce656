"""System checks of the lifecycle files: what a rule forgets stops the start. The ids are listed in docs/checks.md."""

from collections.abc import Iterable, Iterator

from django.apps import apps
from django.core.checks import CheckMessage, Error

from workflow import bulk
from workflow.case import Case
from workflow.declarations import Expect, Transition, Verb
from workflow.grants import named_model, table_of
from workflow.naming_checks import check_names, leads_somewhere, names_granted_model
from workflow.parties import Relation, paths_of
from workflow.roles import NOBODY, Role, by

REQUIRED = ("CASE_TYPE", "STATES", "INITIAL", "ACTIONS", "CREATE", "ACCESS", "EXPECTS", "PARTIES", "RELATIONS")


def check_lifecycles(**kwargs: object) -> list[CheckMessage]:
    """Every lifecycle in use, checked as a whole."""
    return [error for model in _lifecycles() for error in check_lifecycle(model)]


def _lifecycles() -> Iterator[type[Case]]:
    return (model for model in apps.get_models() if issubclass(model, Case))


def check_lifecycle(model: type[Case]) -> Iterable[CheckMessage]:
    missing = list(_declared(model))
    if missing:
        yield from missing
        return
    checks = (_parties, _columns, _acts, _meanings, _access, _reachability, _roles, _expectations, _verbs, check_names)
    for check in checks:
        yield from check(model)


def _declared(model: type[Case]) -> Iterator[Error]:
    for name in REQUIRED:
        if not hasattr(model, name):
            yield Error(
                f"{model.__name__} declares no {name}.",
                hint="A lifecycle file says all of this: docs/adding-a-kind-of-case.md.",
                id="workflow.E010",
            )


def _parties(model: type[Case]) -> Iterator[Error]:
    """Every path leads to a column."""
    parties = model.PARTIES
    paths = [("PARTIES lead", parties.lead), ("PARTIES addressed", parties.addressed), ("ABOUT", model.ABOUT)]
    paths += [(f"PARTIES assignee '{role}'", path) for role, path in parties.assignees.items()]
    relations: dict[str, Relation] = {f"RELATIONS '{role}'": relation for role, relation in model.RELATIONS.items()}
    if parties.all_addressed:
        relations["PARTIES all_addressed"] = parties.all_addressed
    for where, relation in relations.items():
        paths += [(f"{where}, {what}", path) for what, path in paths_of(relation)]
    for name, path in paths:
        if path and not leads_somewhere(model, path):
            yield Error(
                f"{model.__name__}: {name} names '{path}', which is no column of it.",
                hint="Name a column, or a path with __ to one.",
                id="workflow.E011",
            )
    if not parties.lead:
        yield Error(f"{model.__name__}: no organisation leads it.", hint="Name `lead` in PARTIES.", id="workflow.E010")


def _columns(model: type[Case]) -> Iterator[Error]:
    """An act writes rows as JSON: a column of a richer type would be written wrongly."""
    for field in model._meta.concrete_fields:
        if not field.generated and not isinstance(field, bulk.PLAIN):
            yield Error(
                f"{model.__name__}.{field.name} is a {type(field).__name__}, which an act cannot write.",
                hint="Keep it in a table of its own, or use a text, number, date, moment, flag, key or list of these.",
                id="workflow.E012",
            )


def _acts(model: type[Case]) -> Iterator[Error]:
    for action, transition in model.transitions().items():
        if not _roles_of(transition) and transition.permission is not NOBODY:
            yield Error(
                f"{model.__name__}.{action} is open to everybody.",
                hint="Add permission=by(Role...) to the transition; NOBODY if only another act leads to it.",
                id="workflow.E001",
            )
        if action not in model.ACTIONS.values:
            yield Error(
                f"{model.__name__}.{action} has no name that people can read.",
                hint="Add it to the Action choices of the lifecycle file.",
                id="workflow.E006",
            )
        records = getattr(model, action)._django_fsm.transitions.values()
        if len({(record.permission, *record.conditions) for record in records}) > 1:
            yield Error(
                f"{model.__name__}.{action} differs by the state it starts from; only one reading would be used.",
                hint="Declare one action for each permission or set of conditions.",
                id="workflow.E009",
            )
        for target in set(transition.all_targets) - set(model.STATES.values):
            yield Error(
                f"{model.__name__}.{action} leads to '{target}', which is no state.",
                hint="Name a state of the lifecycle.",
                id="workflow.E013",
            )


def _meanings(model: type[Case]) -> Iterator[Error]:
    for action, act in model.acts().items():
        if not act.meaning:
            yield Error(
                f"{model.__name__}.{action} has no meaning that a person reads before doing it.",
                hint="Add meaning=_(...) where it is declared.",
                id="workflow.E014",
            )
        if act.then and not callable(getattr(model, act.then, None)):
            yield Error(
                f"{model.__name__}.{action} is followed by '{act.then}', which is no method.",
                hint="Name a method of the case in `then`.",
                id="workflow.E015",
            )


def _access(model: type[Case]) -> Iterator[Error]:
    for state in model.STATES.values:
        if state not in model.ACCESS or not model.ACCESS[state].roles:
            yield Error(
                f"{model.__name__}: nobody may view the state '{state}'.",
                hint="Add a row to ACCESS.",
                id="workflow.E002",
            )
            continue
        for role in sorted(set(_acting_in(model, state)) - set(model.ACCESS[state].roles)):
            yield Error(
                f"{model.__name__}: the role '{role}' may act in the state '{state}', but not view it.",
                hint="Add the role to the state's row of ACCESS.",
                id="workflow.E016",
            )


def _reachability(model: type[Case]) -> Iterator[Error]:
    reached, grown = {str(model.INITIAL)}, True
    while grown:
        targets = {
            target
            for transition in model.transitions().values()
            for source, ends in transition.targets.items()
            if source in reached
            for target in ends
        }
        grown = not targets <= reached
        reached |= targets
    for state in sorted(set(model.STATES.values) - reached):
        yield Error(
            f"{model.__name__}: the state '{state}' cannot be reached from '{model.INITIAL}'.",
            hint="Add a transition that leads there, or delete the state.",
            id="workflow.E003",
        )


def _roles(model: type[Case]) -> Iterator[Error]:
    useful = {role for viewers in model.ACCESS.values() for role in viewers.roles}
    useful |= {role for transition in model.transitions().values() for role in _roles_of(transition)}
    for role in model.RELATIONS:
        if role not in useful:
            yield Error(
                f"{model.__name__}: the role '{role}' has a relation but may do nothing.",
                hint="Give it a cell in ACCESS or a transition, or delete its relation.",
                id="workflow.E004",
            )
    for role in sorted(useful - set(model.RELATIONS)):
        yield Error(
            f"{model.__name__}: the role '{role}' has rights, but no relation by which it counts on a case.",
            hint="Add the role to RELATIONS.",
            id="workflow.E017",
        )
    for role in model.GRANTED:
        if names_granted_model(model) and table_of(named_model(model)) is None:
            yield Error(
                f"{model.__name__}: '{role}' needs a grant by name, but there is no table of grants.",
                hint="Add a model with UserObjectPermissionBase and a foreign key to the case.",
                id="workflow.E018",
            )


def _expectations(model: type[Case]) -> Iterator[Error]:
    transitions = model.transitions()
    for state in sorted(set(model.STATES.values) - model.ended_states()):
        expect = model.EXPECTS.get(state)
        if expect is None:
            yield Error(
                f"{model.__name__}: in the state '{state}' nobody owes anything.",
                hint="Add a row to EXPECTS, or name the state in RESTING.",
                id="workflow.E005",
            )
        elif expect.action not in transitions or state not in transitions[expect.action].sources:
            yield Error(
                f"{model.__name__}: the state '{state}' expects '{expect.action}', which is not possible in it.",
                hint="Name an action of this state in EXPECTS.",
                id="workflow.E007",
            )
        elif expect.role in model.RELATIONS and expect.role not in _roles_of(transitions[expect.action]):
            yield Error(
                f"{model.__name__}: the state '{state}' expects '{expect.action}' of a role that may not do it.",
                hint="Give the role the permission, or name another in EXPECTS.",
                id="workflow.E008",
            )
        if expect is not None:
            yield from (
                Error(
                    f"{model.__name__}: what the state '{state}' expects names {mistake}.",
                    hint="Correct the row of EXPECTS.",
                    id="workflow.E019",
                )
                for mistake in _mistakes(model, state, expect)
            )


def _mistakes(model: type[Case], state: str, expect: Expect) -> Iterator[str]:
    """A slip here would silently give another term, or nobody who owes it."""
    leading = {name for name, declared in model.transitions().items() if state in declared.all_targets} | {"create"}
    for action in sorted(set(expect.after) - leading):
        yield f"after '{action}', which does not lead here"
    if expect.until and not leads_somewhere(model, expect.until):
        yield f"until '{expect.until}', which is no column"
    if expect.helper and expect.helper not in model.RELATIONS:
        yield f"the helper '{expect.helper}', which has no relation"
    if expect.role not in model.RELATIONS and (expect.role in Role.values or not hasattr(model, expect.role)):
        yield f"'{expect.role}', which is neither a related role nor a property"


def _verbs(model: type[Case]) -> Iterator[Error]:
    for name, verb in [*model.verbs().items(), ("create", model.CREATE)]:
        if name not in model.ACTIONS.values:
            yield Error(
                f"{model.__name__}: the verb '{name}' has no name that people can read.",
                hint="Add it to the Action choices of the lifecycle file.",
                id="workflow.E006",
            )
        for state in sorted(verb.states - set(model.STATES.values)):
            yield Error(
                f"{model.__name__}: the verb '{name}' is possible in '{state}', which is no state.",
                hint="Name states of the lifecycle.",
                id="workflow.E013",
            )
        if not verb.permission.roles and any(condition.needs_actor for condition in verb.conditions):
            yield Error(
                f"{model.__name__}: the verb '{name}' is the clock's, but has a condition on the person.",
                hint="Give it roles, or leave the condition out.",
                id="workflow.E020",
            )


def _acting_in(model: type[Case], state: str) -> Iterator[str]:
    declarations: list[Transition | Verb] = [*model.transitions().values(), *model.verbs().values()]
    for declared in declarations:
        if state in declared.sources:
            yield from _roles_of(declared)


def _roles_of(declared: Transition | Verb) -> tuple[str, ...]:
    """The roles that an act is open to; none when its permission was forgotten."""
    return declared.permission.roles if isinstance(declared.permission, by) else ()
