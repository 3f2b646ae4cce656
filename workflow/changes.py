"""What an act changed on a case's own row, and the entry that the trail gets of it."""

from functools import cache
from typing import Any

from workflow.case import Case, Step
from workflow.roles import Actor, Standing
from workflow.trail import Entry

Changes = dict[str, tuple[Any, Any]]
"""column -> (before, after)"""


def values(case: Case) -> dict[str, Any]:
    """The row as this object holds it, by column."""
    held = case.__dict__
    return {name: held[name] for name in _columns(type(case)) if name in held}


def changes(case: Case, before: dict[str, Any]) -> Changes:
    """What differs from `before`, but for the version, which counts up by itself."""
    now = case.__dict__
    return {name: (was, now[name]) for name, was in before.items() if was != now[name] and name != "version"}


def step_entry(case: Case, step: Step, changed: Changes) -> Entry:
    """The entry of the transition under way."""
    act = case.acting
    source = str(changed["state"][0]) if "state" in changed else _state(case)
    details = {"inputs": act.inputs, "changes": told(case, changed)}
    return _entry(case, step.action, act.by, act.standing, (source, details))


def verb_entry(case: Case, verb: str, by: Actor, standing: Standing, details: dict[str, Any]) -> Entry:
    """The entry of an act that leaves the state alone."""
    return _entry(case, verb, by, standing, (_state(case), details))


def told(case: Case, changed: Changes) -> Changes:
    """The changes that the trail tells in its details: the state has fields of its own, and some only repeat others."""
    return {name: pair for name, pair in changed.items() if name != "state" and name not in case.SILENT}


def _entry(case: Case, action: str, by: Actor, standing: Standing, what: tuple[str, dict[str, Any]]) -> Entry:
    source, details = what
    return Entry(
        case.CASE_TYPE, case.pk, case.number, action, by, standing, source, _state(case), case.version, details
    )


def _state(case: Case) -> str:
    return str(case.follow("state"))


@cache
def _columns(model: type[Case]) -> tuple[str, ...]:
    return tuple(one.attname for one in model._meta.concrete_fields if not one.generated)
