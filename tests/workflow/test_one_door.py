"""No other code than workflow/door.py moves a state, and one library alone provides the state machine.

Who writes a state is found by reading the code; who calls a transition is found when it is called, whatever the names.
"""

import ast
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from django.db import transaction

from cases.followup.models import Recommendation
from tests.cast import Cast
from tests.workflow.acting import CASE_TYPES, everything, inputs_of, make_case
from workflow.door import perform
from workflow.trail.recording import values

ROOT = Path(__file__).resolve().parents[2]
DOOR = "workflow/door.py"
ON_A_COPY = "workflow/foresight.py"
"""It asks what a case would expect in another state, of a copy that is never saved."""
FOLDERS = ("workflow", "cases", "notifications", "config")
MODELS = {model.__name__ for model in CASE_TYPES.values()} | {"model", "cls"}
WRITERS = {"update", "create", "get_or_create", "update_or_create", "bulk_create", "save", "bulk_update"}
BY_COLUMN = {"save", "bulk_update", "update", "update_or_create", "get_or_create"}
"""Of these, those that also take the names of columns as texts."""
TRANSITIONS = [(kind, action) for kind, model in CASE_TYPES.items() for action in model.transitions()]


def sources() -> list[Path]:
    files = [file for folder in FOLDERS for file in sorted((ROOT / folder).rglob("*.py"))]
    return [file for file in files if "migrations" not in file.parts and file not in (ROOT / DOOR, ROOT / ON_A_COPY)]


def offences(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and kind of everything that could write a state. (To call a transition raises, see below.)"""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign) and _assigns_state(node):
            yield node.lineno, "assigns a state"
        if isinstance(node, ast.Call):
            yield from ((node.lineno, kind) for kind in _of_call(node))


def _assigns_state(node: ast.Assign | ast.AugAssign | ast.AnnAssign) -> bool:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    return any(_is_state(part) for target in targets for part in ast.walk(target))


def _is_state(part: ast.AST) -> bool:
    return (isinstance(part, ast.Attribute) and part.attr == "state") or (
        isinstance(part, ast.Subscript) and isinstance(part.slice, ast.Constant) and part.slice.value == "state"
    )


def _of_call(call: ast.Call) -> Iterator[str]:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    texts = {part.value for part in ast.walk(call) if isinstance(part, ast.Constant)}
    names_state = any(keyword.arg == "state" for keyword in call.keywords)
    if (name in WRITERS or name in MODELS) and (names_state or (name in BY_COLUMN and "state" in texts)):
        yield f"writes a state with {name}()"
    if name in {"setattr", "__setattr__"} and "state" in texts:
        yield "sets a state"


def test_only_the_door_moves_a_state() -> None:
    assert len(sources()) > 30
    found = [
        f"{file.relative_to(ROOT)}:{line} {kind}"
        for file in sources()
        for line, kind in offences(ast.parse(file.read_text(encoding="utf-8")))
    ]
    assert found == []


@pytest.mark.parametrize(
    "code",
    [
        "case.state = 'closed'",
        "case.state, other = 'closed', 1",
        "case.__dict__['state'] = 'closed'",
        "setattr(case, 'state', 'closed')",
        "Recommendation.objects.filter(pk=1).update(state='closed')",
        "Recommendation.objects.create(state='closed')",
        "Recommendation(state='closed')",
        "Recommendation.objects.bulk_update(cases, ['state'])",
        "case.save(update_fields=['state', 'version'])",
        "bulk.update([case], ['state'])",
        "Recommendation.objects.filter(pk=1).update(**{'state': 'closed'})",
    ],
)
def test_every_way_to_write_a_state_is_noticed(code: str) -> None:
    assert len(list(offences(ast.parse(code)))) == 1


@pytest.mark.parametrize(
    "code",
    [
        "perform(case, 'issue', by=user)",
        "rows.filter(state='closed')",
        "State.CLOSED",
        "x = case.state",
        "thread.start()",
    ],
)
def test_reading_a_state_and_going_through_the_door_is_no_offence(code: str) -> None:
    assert list(offences(ast.parse(code))) == []


@pytest.mark.parametrize(("case_type", "action"), TRANSITIONS)
def test_a_transition_called_outside_of_the_door_raises_and_changes_nothing(
    cast: Cast, case_type: str, action: str
) -> None:
    for state in CASE_TYPES[case_type].transitions()[action].sources:
        with transaction.atomic():
            case = make_case(cast, case_type, state)
            before, stored = values(case), everything()
            with pytest.raises(RuntimeError, match="perform"):
                getattr(case, action)(**inputs_of(action))
            assert (values(case), everything()) == (before, stored), state
            transaction.set_rollback(True)


def test_while_one_act_is_under_way_no_other_transition_may_be_called(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Recommendation, "reopen_plan", lambda case: case.agree_plan())
    case = make_case(cast, "recommendation", "under_review")
    before = everything()
    with pytest.raises(RuntimeError, match="agree_plan is called while return_plan is under way"):
        perform(case, "return_plan", by=cast.coordinator, reason="More")
    assert everything() == before


def test_exactly_one_distribution_provides_the_state_machine() -> None:
    assert packages_distributions()["django_fsm"] == ["django-fsm-2"]
