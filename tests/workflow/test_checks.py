"""What a lifecycle file forgets stops the start: each system check is triggered by a lifecycle broken in one place."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from django.db.models import TextChoices
from django.test.utils import isolate_apps
from django_fsm import FSMField
from django_fsm import transition as bare_transition

from tests.workflow.acting import CASE_TYPES
from workflow.case import Case, Expect, Verb, transition
from workflow.checks import check_lifecycle, check_lifecycles
from workflow.roles import Role, by


class State(TextChoices):
    OPEN = "open"
    SHUT = "shut"


class Action(TextChoices):
    SHUT = "shut"


class Base(Case):
    """A lifecycle of two states in which nothing is wrong."""

    CASE_TYPE = "tiny"
    STATES = State
    INITIAL = State.OPEN
    ACTIONS = Action
    CREATE = Verb(by(Role.COORDINATOR), [State.OPEN])
    ACCESS: Mapping[str, by] = {state: by(Role.COORDINATOR, Role.DEPARTMENT_HEAD) for state in State}
    EXPECTS: Mapping[str, Expect] = {State.OPEN: Expect("shut", Role.COORDINATOR, days=1)}
    VERBS: Mapping[str, Verb] = {}
    RELATIONS = {Role.COORDINATOR: "id", Role.DEPARTMENT_HEAD: "id"}
    state = FSMField(default=State.OPEN, choices=State.choices, protected=True)

    class Meta:
        abstract = True

    @transition(State.OPEN, State.SHUT, permission=by(Role.COORDINATOR))
    def shut(self) -> None:
        """Shut it."""


def tiny(**broken: Any) -> type[Case]:
    """The base with something replaced, as a model that no registry keeps."""
    meta = type("Meta", (), {"app_label": "workflow"})
    made: type[Case] = type("Tiny", (Base,), {"__module__": __name__, "Meta": meta, **broken})
    return made


def _open_to_all() -> Any:
    @bare_transition(field="state", source="open", target="shut")
    def shut(self: Any) -> None:
        """Anybody may."""

    return shut


def _open_to_no_role() -> Any:
    @transition("open", "shut", permission=by())
    def shut(self: Any) -> None:
        """Nobody is named."""

    return shut


def _differing_by_source() -> Any:
    @transition("open", "shut", permission=by(Role.COORDINATOR))
    @transition("shut", "open", permission=by(Role.DEPARTMENT_HEAD))
    def shut(self: Any) -> None:
        """Two acts under one name."""

    return shut


class MoreStates(TextChoices):
    OPEN = "open"
    SHUT = "shut"
    ISLAND = "island"


class NoActions(TextChoices):
    OTHER = "other"


BOTH = by(Role.COORDINATOR, Role.DEPARTMENT_HEAD)
BROKEN: dict[str, list[Callable[[], dict[str, Any]]]] = {
    "workflow.E001": [lambda: {"shut": _open_to_all()}, lambda: {"shut": _open_to_no_role()}],
    "workflow.E002": [lambda: {"ACCESS": {"open": BOTH}}, lambda: {"ACCESS": {"open": BOTH, "shut": by()}}],
    "workflow.E003": [lambda: {"STATES": MoreStates, "ACCESS": {state: BOTH for state in MoreStates}}],
    "workflow.E004": [lambda: {"RELATIONS": {**Base.RELATIONS, Role.CONTRACTOR_LEAD: "id"}}],
    "workflow.E005": [lambda: {"EXPECTS": {}}],
    "workflow.E006": [lambda: {"ACTIONS": NoActions}],
    "workflow.E007": [
        lambda: {"EXPECTS": {"open": Expect("nothing", Role.COORDINATOR, days=1)}},
        lambda: {"EXPECTS": {"open": Expect("other", Role.COORDINATOR, days=1)}},
    ],
    "workflow.E008": [lambda: {"EXPECTS": {"open": Expect("shut", Role.DEPARTMENT_HEAD, days=1)}}],
    "workflow.E009": [lambda: {"shut": _differing_by_source()}],
}
CASES = [(code, place) for code, ways in BROKEN.items() for place in range(len(ways))]


@isolate_apps("workflow")
def test_a_whole_lifecycle_passes() -> None:
    assert list(check_lifecycle(tiny())) == []


@pytest.mark.parametrize(("code", "place"), CASES)
@isolate_apps("workflow")
def test_each_thing_forgotten_is_found_under_its_number_with_a_hint(code: str, place: int) -> None:
    found = [one for one in check_lifecycle(tiny(**BROKEN[code][place]())) if one.id == code]
    assert found, f"{code} was not found"
    assert all(one.hint and "Tiny" in one.msg for one in found)


def test_the_lifecycles_in_use_pass_and_are_all_checked() -> None:
    assert check_lifecycles() == []
    assert CASE_TYPES


@isolate_apps("workflow")
def test_a_forgotten_permission_does_not_stop_the_checks() -> None:
    assert [one.id for one in check_lifecycle(tiny(shut=_open_to_all()))] == ["workflow.E001", "workflow.E008"]
