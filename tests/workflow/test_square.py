"""The whole square: every act x state x role x own or foreign organisation is possible as the matrix says, or not."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from django.db import transaction

from cases.registry.models import User
from tests.cast import Cast
from tests.run import LEFT_OUT_OF_QUICK
from tests.workflow.acting import (
    CASE_TYPES,
    SEAT_VERBS,
    TRIALS,
    Somebody,
    act,
    everybody,
    everything,
    make_case,
    make_own,
)
from workflow.case import Case, case_types
from workflow.door import Refused, begin
from workflow.matrix import cells, matrix
from workflow.may import can, options
from workflow.models import Event
from workflow.roles import Role

OWN = [model for model in CASE_TYPES.values() if not model.__module__.startswith("tests.")]
STATES = [(name, state) for name, model in CASE_TYPES.items() for state in model.STATES.values]


def test_the_matrix_is_the_one_that_was_approved() -> None:
    approved = Path(__file__).with_name("matrix.txt").read_text(encoding="utf-8")
    assert matrix(OWN) == approved, "Rights changed. If that is meant: manage.py matrix > tests/workflow/matrix.txt"


def test_the_square_is_part_of_the_quick_checks(request: pytest.FixtureRequest) -> None:
    assert {mark.name for mark in request.node.iter_markers()} & set(LEFT_OUT_OF_QUICK) == set()


def test_every_lifecycle_and_every_action_is_tried() -> None:
    assert case_types() == CASE_TYPES
    for name, trial in TRIALS.items():
        needing = {act for act in trial.model.acts() if _needs_inputs(trial.model, act)}
        assert needing <= trial.inputs.keys(), name


def _needs_inputs(model: type[Case], action: str) -> bool:
    takes = model.acts()[action].takes
    assert takes
    return any(one.default is one.empty for name, one in takes.parameters.items() if name != "self")


@pytest.mark.parametrize(("case_type", "state"), STATES)
def test_only_what_the_matrix_allows_is_possible(cast: Cast, case_type: str, state: str) -> None:
    people = everybody(cast)
    case = make_case(cast, case_type, state)
    acts = [*case.transitions(), *case.verbs()]
    allowed = cells(type(case))
    before = everything()
    tried = 0
    for who in people:
        cell = allowed.get((state, who.role), []) if who.is_own else []
        for action in acts:
            tried += 1
            assert _done(case, str(action), who) == (action in cell), f"{action} in {state} by {who}"
        assert everything() == before, f"an act refused to {who} changed something"
    assert tried == len(acts) * len(Role) * 2


def _done(case: Case, action: str, who: Somebody) -> bool:
    """Whether it was done; then as declared, and taken back. If not, it was refused with a sentence."""
    fresh = type(case)._base_manager.get(pk=case.pk)
    try:
        with transaction.atomic():
            make_own(fresh, action, who.user)
            act(fresh, action, who.user)
            _assert_as_declared(fresh, case, action, who)
            transaction.set_rollback(True)
    except Refused as refused:
        return not refused.sentence
    return True


def _assert_as_declared(done: Case, before: Case, action: str, who: Somebody) -> None:
    state = before.follow("state")
    event = Event.objects.of(before.CASE_TYPE, before.pk).latest("position")
    step = before.transitions().get(action)
    assert done.follow("state") == (step.targets[state][0] if step else state)
    assert done.version == type(before)._base_manager.get(pk=before.pk).version
    assert (event.action, event.source, event.target) == (action, state, done.follow("state"))
    assert (event.actor_id, event.role, event.version) == (who.user.pk, who.role, done.version)


@pytest.mark.parametrize(("case_type", "state"), STATES)
def test_what_is_offered_and_shown_is_what_is_possible(cast: Cast, case_type: str, state: str) -> None:
    people = everybody(cast)
    case = make_case(cast, case_type, state)
    allowed = cells(type(case))
    for who in people:
        cell = allowed.get((state, who.role), []) if who.is_own else []
        with transaction.atomic():
            _assert_offered(case, who, cell)
            transaction.set_rollback(True)


def _assert_offered(case: Case, who: Somebody, cell: Sequence[str]) -> None:
    trial, fresh = TRIALS[case.CASE_TYPE], type(case)._base_manager.get(pk=case.pk)
    make_own(fresh, "", who.user)
    offered = options(fresh, who.user)
    apart = trial.apart | set(SEAT_VERBS)
    always = [name for name in fresh.acts() if name in cell and name not in apart]
    assert [one.action for one in offered if one.action not in apart] == always, who
    assert all(one.action in cell and not one.blocked for one in offered if one.action in SEAT_VERBS), who
    open_at_once = [one for one in offered if not _needs_inputs(type(fresh), one.action)]
    assert {one.action for one in open_at_once if one.blocked} <= trial.apart, who
    possible = {verb for verb, may in can(fresh, who.user).items() if may}
    assert possible - apart == set(cell) & set(fresh.verbs()) - apart, who
    assert possible <= set(cell), who
    assert (fresh in type(fresh).objects.visible_to(who.user)) == ("view" in cell), who  # type: ignore[attr-defined]


@pytest.mark.parametrize("case_type", CASE_TYPES)
def test_only_the_roles_of_the_matrix_begin_a_case(cast: Cast, case_type: str) -> None:
    people = everybody(cast)
    TRIALS[case_type].new(cast, cast.coordinator)  # Makes what it is about, if it is about something.
    roles = CASE_TYPES[case_type].CREATE.permission.roles
    before = everything()
    for who in people:
        assert _begun(case_type, cast, who.user) == (who.is_own and who.role in roles), who
        assert everything() == before


def _begun(case_type: str, cast: Cast, user: User) -> bool:
    try:
        with transaction.atomic():
            case = begin(TRIALS[case_type].new(cast, user), by=user)
            event = Event.objects.get(subject_type=case_type, subject_id=case.pk)
            assert (event.action, event.target, case.version) == ("create", case.INITIAL, 1)
            transaction.set_rollback(True)
    except Refused as refused:
        return not refused.sentence
    return True
