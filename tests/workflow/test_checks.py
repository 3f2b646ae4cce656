"""What a lifecycle file forgets stops the start: each system check is triggered by a lifecycle broken in one place."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from django.db import models
from django.db.models import TextChoices
from django.test.utils import isolate_apps
from django_fsm import FSMField
from django_fsm import transition as bare_transition

from tests.workflow.acting import CASE_TYPES
from workflow.case import Case
from workflow.checks import REQUIRED, check_lifecycle, check_lifecycles
from workflow.conditions import ActorCondition, Condition
from workflow.declarations import Expect, Verb, transition, verb
from workflow.parties import Column, Parties, Provided, Through, While
from workflow.roles import Role, by


class State(TextChoices):
    OPEN = "open"
    SHUT = "shut"


class Action(TextChoices):
    CREATE = "create"
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
    PARTIES = Parties(lead="lead_id")
    RELATIONS = {Role.COORDINATOR: Column("lead_id"), Role.DEPARTMENT_HEAD: Column("lead_id")}
    lead_id = models.BigIntegerField(default=0)
    state = FSMField(default=State.OPEN, choices=State.choices, protected=True)

    class Meta:
        abstract = True

    @transition(State.OPEN, State.SHUT, permission=by(Role.COORDINATOR), meaning="It ends.")
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
    @transition("open", "shut", permission=by(), meaning="It ends.")
    def shut(self: Any) -> None:
        """Nobody is named."""

    return shut


def _differing_by_source() -> Any:
    @transition("open", "shut", permission=by(Role.COORDINATOR))
    @transition("shut", "open", permission=by(Role.DEPARTMENT_HEAD))
    def shut(self: Any) -> None:
        """Two acts under one name."""

    return shut


def _shut(**options: Any) -> dict[str, Any]:
    """The transition of the base, declared otherwise."""

    def shut(self: Any) -> None:
        """Shut it."""

    declared = {"source": "open", "target": "shut", "permission": by(Role.COORDINATOR), "meaning": "It ends."}
    return {"shut": transition(**{**declared, **options})(shut)}


def _verb(**options: Any) -> dict[str, Any]:
    def note(self: Any, text: str) -> None:
        """Note something."""

    declared = {"permission": by(Role.COORDINATOR), "states": ["open"], "meaning": "It is noted."}
    return {"note": verb(**{**declared, **options})(note), "ACTIONS": WithNote}


def _expecting(**options: Any) -> dict[str, Any]:
    return {"EXPECTS": {"open": Expect(**{"action": "shut", "role": Role.COORDINATOR, "days": 1, **options})}}


class WithNote(TextChoices):
    CREATE = "create"
    SHUT = "shut"
    NOTE = "note"


class MoreStates(TextChoices):
    OPEN = "open"
    SHUT = "shut"
    ISLAND = "island"


class NoActions(TextChoices):
    OTHER = "other"


BOTH = by(Role.COORDINATOR, Role.DEPARTMENT_HEAD)
LATE = While(Column("lead_id"), "stage__state", ("open",))
HEARD = Provided(Column("lead_id"), ("shut",), (("stages__started_on__isnull", False),))
BROKEN: dict[str, list[Callable[[], dict[str, Any]]]] = {
    "workflow.E001": [lambda: {"shut": _open_to_all()}, lambda: {"shut": _open_to_no_role()}],
    "workflow.E002": [lambda: {"ACCESS": {"open": BOTH}}, lambda: {"ACCESS": {"open": BOTH, "shut": by()}}],
    "workflow.E003": [lambda: {"STATES": MoreStates, "ACCESS": {state: BOTH for state in MoreStates}}],
    "workflow.E004": [lambda: {"RELATIONS": {**Base.RELATIONS, Role.CONTRACTOR_LEAD: Column("lead_id")}}],
    "workflow.E005": [lambda: {"EXPECTS": {}}],
    "workflow.E006": [lambda: {"ACTIONS": NoActions}, lambda: {**_verb(), "ACTIONS": Action}],
    "workflow.E007": [
        lambda: {"EXPECTS": {"open": Expect("nothing", Role.COORDINATOR, days=1)}},
        lambda: {"EXPECTS": {"open": Expect("other", Role.COORDINATOR, days=1)}},
    ],
    "workflow.E008": [lambda: {"EXPECTS": {"open": Expect("shut", Role.DEPARTMENT_HEAD, days=1)}}],
    "workflow.E009": [lambda: {"shut": _differing_by_source()}],
    "workflow.E010": [lambda: {"PARTIES": Parties(lead="")}],
    "workflow.E011": [
        lambda: {"PARTIES": Parties("lead_id", addressed="nobody_id")},
        lambda: {"PARTIES": Parties("lead_id", assignees={Role.COORDINATOR: "nobody_id"})},
        lambda: {"RELATIONS": {**Base.RELATIONS, Role.COORDINATOR: Column("nobody__id")}},
        lambda: {"RELATIONS": {**Base.RELATIONS, Role.COORDINATOR: LATE}},
        lambda: {"RELATIONS": {**Base.RELATIONS, Role.COORDINATOR: While(Column("nobody__id"), "state", ("open",))}},
        lambda: {"RELATIONS": {**Base.RELATIONS, Role.COORDINATOR: HEARD}},
        lambda: {"PARTIES": Parties("lead_id", all_addressed=Through("nobodies"))},
        lambda: {"ABOUT": "nobody"},
    ],
    "workflow.E012": [lambda: {"file": models.FileField()}, lambda: {"data": models.JSONField()}],
    "workflow.E013": [lambda: _shut(target="gone"), lambda: _verb(states=["open", "gone"])],
    "workflow.E014": [lambda: _shut(meaning=""), lambda: _verb(meaning="")],
    "workflow.E015": [lambda: _shut(then="nothing"), lambda: _verb(then="nothing")],
    "workflow.E016": [
        lambda: {"ACCESS": {"open": by(Role.DEPARTMENT_HEAD), "shut": BOTH}},
        lambda: {"VERBS": {"shut": Verb(by(Role.MINISTRY_LEADER), ["open"])}},
    ],
    "workflow.E017": [lambda: {"RELATIONS": {Role.COORDINATOR: Column("lead_id")}}],
    "workflow.E018": [lambda: {"GRANTED": {Role.COORDINATOR: "work_on"}}],
    "workflow.E019": [
        lambda: _expecting(after={"shutt": 10}),
        lambda: _expecting(until="due_onn"),
        lambda: _expecting(helper=Role.INSTITUTION_OFFICER),
        lambda: _expecting(role="whoever_it_is"),
        lambda: _expecting(role=Role.INSTITUTION_HEAD),
    ],
    "workflow.E020": [lambda: _verb(permission=by(), conditions=[ActorCondition("Not you.", lambda case, user: True)])],
    "workflow.E021": [lambda: _shut(conditions=[Condition("Not yet.", lambda case: True)])],
    "workflow.E022": [
        lambda: _shut(rests_on="submission"),
        lambda: {"VERBS": {"shut": Verb(by(Role.COORDINATOR), ["open"], rests_on="submission")}},
    ],
    "workflow.E023": [
        lambda: {"GRANTED": {Role.COORDINATOR: "work_on"}, "GRANTED_ON": "engagement"},
        lambda: {"GRANTED": {Role.COORDINATOR: "work_on"}, "GRANTED_ON": "lead_id"},
    ],
    "workflow.E024": [lambda: {"PARTIES": Parties("lead_id", assignees={Role.CONTRACTOR_EXPERT: "lead_id"})}],
    "workflow.E025": [
        lambda: {"RELATIONS": {**Base.RELATIONS, Role.COORDINATOR: Through("lead_id")}},
        lambda: {"RELATIONS": {**Base.RELATIONS, Role.COORDINATOR: While(Through("lead_id"), "state", ("open",))}},
        lambda: {
            "RELATIONS": {**Base.RELATIONS, Role.DEPARTMENT_HEAD: Through("lead_id")},
            "EXTRA": {"shut": Role.DEPARTMENT_HEAD},
        },
    ],
    "workflow.E026": [
        lambda: {"EXTRA": {"shout": Role.COORDINATOR}},
        lambda: {"EXTRA": {"shut": Role.DEPARTMENT_HEAD}},
        lambda: {"EXTRA": {"shut": Role.INSTITUTION_HEAD}},
        lambda: {"extra_expectations": lambda case: []},
    ],
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


@pytest.mark.parametrize("name", REQUIRED)
@isolate_apps("workflow")
def test_whatever_a_lifecycle_does_not_declare_at_all_is_named(name: str) -> None:
    meta = type("Meta", (), {"app_label": "workflow"})
    bare: type[Case] = type("Bare", (Bare,), {"__module__": __name__, "Meta": meta, **_all_but(name)})
    assert [(one.id, name in one.msg) for one in check_lifecycle(bare)] == [("workflow.E010", True)]


def _all_but(name: str) -> dict[str, Any]:
    return {one: getattr(Base, one) for one in REQUIRED if one != name}


class Bare(Case):
    """A case that declares nothing."""

    state = FSMField(default=State.OPEN, choices=State.choices, protected=True)

    class Meta:
        abstract = True


def test_the_lifecycles_in_use_pass_and_are_all_checked() -> None:
    assert check_lifecycles() == []
    assert CASE_TYPES


@isolate_apps("workflow")
def test_a_forgotten_permission_does_not_stop_the_checks() -> None:
    assert [one.id for one in check_lifecycle(tiny(shut=_open_to_all()))] == [
        "workflow.E001", "workflow.E014", "workflow.E008",
    ]  # fmt: skip
