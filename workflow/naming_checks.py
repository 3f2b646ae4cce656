"""System checks of what a lifecycle names, where a slip would be found only when somebody acts."""

from collections.abc import Iterator

from django.core.checks import Error
from django.core.exceptions import FieldDoesNotExist
from django.db import models

from workflow.case import Case
from workflow.declarations import Transition, Verb
from workflow.naming import name_of
from workflow.parties import Through, layers


def check_names(model: type[Case]) -> Iterator[Error]:
    for check in (_conditions, _rests_on, _granted_on, _assignees, _owed_by_several, _extra):
        yield from check(model)


def _conditions(model: type[Case]) -> Iterator[Error]:
    for action, declared in _all_acts(model):
        if not all(name_of(model, condition) for condition in declared.conditions):
            yield Error(
                f"{model.__name__}.{action} has a condition without a name, which the matrix could not print.",
                hint="Give it a variable in the lifecycle file, or `name`.",
                id="workflow.E021",
            )


def _rests_on(model: type[Case]) -> Iterator[Error]:
    for action, declared in _all_acts(model):
        if not leads_somewhere(model, declared.rests_on):
            yield Error(
                f"{model.__name__}.{action} rests on '{declared.rests_on}', which is no column.",
                hint="Name in `rests_on` the column that changes with what is decided on.",
                id="workflow.E022",
            )


def _granted_on(model: type[Case]) -> Iterator[Error]:
    if not names_granted_model(model):
        yield Error(
            f"{model.__name__}: GRANTED_ON names '{model.GRANTED_ON}', which is no relation to a case.",
            hint="Name the foreign key to the case that rights are given on by name.",
            id="workflow.E023",
        )


def _assignees(model: type[Case]) -> Iterator[Error]:
    for role in model.PARTIES.assignees:
        if role not in model.RELATIONS:
            yield Error(
                f"{model.__name__}: somebody carries the tasks of '{role}', but the role does not count on the case.",
                hint="Add the role to RELATIONS, or take it out of `assignees`.",
                id="workflow.E024",
            )


def _owed_by_several(model: type[Case]) -> Iterator[Error]:
    """Who owes a state's act is one organisation; a property says which of several."""
    owed = [(f"the state '{state}'", expect.role) for state, expect in model.EXPECTS.items()]
    owed += [(f"EXTRA of '{action}'", role) for action, role in model.EXTRA.items()]
    for what, role in owed:
        relation = model.RELATIONS.get(role)
        if relation and any(isinstance(layer, Through) for layer in layers(relation)):
            yield Error(
                f"{model.__name__}: {what} expects something of '{role}', which counts in several organisations.",
                hint="Name a property that gives an Owing for each organisation.",
                id="workflow.E025",
            )


def _extra(model: type[Case]) -> Iterator[Error]:
    acts: dict[str, Transition | Verb] = {**model.verbs(), **model.transitions()}
    for action, role in model.EXTRA.items():
        if action not in acts or role not in model.RELATIONS or role not in acts[action].permission.roles:
            yield Error(
                f"{model.__name__}: EXTRA expects '{action}' of '{role}', who may not do it.",
                hint="Name an act of the lifecycle, and a role that has the right to it.",
                id="workflow.E026",
            )
    if model.extra_expectations is not Case.extra_expectations and not model.EXTRA:
        yield Error(
            f"{model.__name__}: it names further expectations, but EXTRA does not say of whom.",
            hint="Add EXTRA: act -> role.",
            id="workflow.E026",
        )


def names_granted_model(model: type[Case]) -> bool:
    """Whether GRANTED_ON is empty, or leads to a case."""
    if not model.GRANTED_ON:
        return True
    try:
        related = model._meta.get_field(model.GRANTED_ON).related_model
    except FieldDoesNotExist:
        return False
    return isinstance(related, type) and issubclass(related, Case)


def _all_acts(model: type[Case]) -> Iterator[tuple[str, Transition | Verb]]:
    yield from model.transitions().items()
    yield from model.verbs().items()
    yield "create", model.CREATE


def leads_somewhere(model: type[models.Model], path: str) -> bool:
    """Whether the path (with __) follows relations to a column, or a property of the last model."""
    here = model
    names = path.split("__")
    for name in names:
        try:
            field = here._meta.get_field(name)
        except FieldDoesNotExist:
            attnames = {column.attname for column in here._meta.concrete_fields}
            return name == names[-1] and (name in attnames or isinstance(getattr(here, name, None), property))
        here = field.related_model if isinstance(field.related_model, type) else here
    return True
