"""No other code than workflow/door.py moves a state, and one library alone provides the state machine."""

import ast
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from tests.workflow.acting import CASE_TYPES

ROOT = Path(__file__).resolve().parents[2]
DOOR = "workflow/door.py"
FOLDERS = ("workflow", "cases", "notifications", "config")
ACTIONS = {action for model in CASE_TYPES.values() for action in model.transitions()}
MODELS = {model.__name__ for model in CASE_TYPES.values()} | {"model", "cls"}
WRITERS = {"update", "create", "get_or_create", "update_or_create", "bulk_create", "save", "bulk_update"}


def sources() -> list[Path]:
    files = [file for folder in FOLDERS for file in sorted((ROOT / folder).rglob("*.py"))]
    return [file for file in files if "migrations" not in file.parts and file != ROOT / DOOR]


def offences(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and kind of everything that could move a state."""
    others = {name for node in ast.walk(tree) for name in _imported(node)} | _no_case(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign) and _assigns_state(node):
            yield node.lineno, "assigns a state"
        if isinstance(node, ast.Call):
            yield from ((node.lineno, kind) for kind in _of_call(node, others))


def _imported(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import | ast.ImportFrom):
        yield from ((one.asname or one.name).split(".")[0] for one in node.names)


def _no_case(tree: ast.AST) -> set[str]:
    """`self`, where no class is a case: a form may have a method of an action's name."""
    bases = [base for node in ast.walk(tree) if isinstance(node, ast.ClassDef) for base in node.bases]
    return set() if any(getattr(base, "id", "").endswith(("Lifecycle", "Case")) for base in bases) else {"self"}


def _assigns_state(node: ast.Assign | ast.AugAssign | ast.AnnAssign) -> bool:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    found = [part for target in targets for part in ast.walk(target)]
    return any(
        (isinstance(one, ast.Attribute) and one.attr == "state")
        or (isinstance(one, ast.Subscript) and isinstance(one.slice, ast.Constant) and one.slice.value == "state")
        for one in found
    )


def _of_call(call: ast.Call, others: set[str]) -> Iterator[str]:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    texts = {one.value for one in ast.walk(call) if isinstance(one, ast.Constant)}
    names_state = any(keyword.arg == "state" for keyword in call.keywords)
    if (name in WRITERS or name in MODELS) and (names_state or (name in {"save", "bulk_update"} and "state" in texts)):
        yield f"writes a state with {name}()"
    if name in {"setattr", "__setattr__"} and "state" in texts:
        yield "sets a state"
    if isinstance(call.func, ast.Attribute) and name in ACTIONS and _may_be_a_case(call, others):
        yield f"calls the transition {name}()"


def _may_be_a_case(call: ast.Call, others: set[str]) -> bool:
    """What is imported, or a form's `self`, is none; and files and connections are closed without a reason."""
    receiver = call.func.value if isinstance(call.func, ast.Attribute) else None
    is_other = isinstance(receiver, ast.Name) and receiver.id in others
    is_plain_close = getattr(call.func, "attr", "") == "close" and not (call.args or call.keywords)
    return not (is_other or is_plain_close)


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
        "case.issue()",
        "self.case.close(closing_reason='implemented')",
        "class Record(TinyLifecycle):\n  def both(self): self.issue()",
        "case.close('implemented')",
    ],
)
def test_every_way_around_the_door_is_noticed(code: str) -> None:
    assert len(list(offences(ast.parse(code)))) == 1


@pytest.mark.parametrize(
    "code",
    [
        "perform(case, 'issue', by=user)",
        "rows.filter(state='closed')",
        "file.close()",
        "class Form(forms.Form):\n  def clean(self): self.refuse()",
        "from workflow import expectations\nexpectations.close(happened)",
        "State.CLOSED",
        "x = case.state",
    ],
)
def test_reading_a_state_and_going_through_the_door_is_no_offence(code: str) -> None:
    assert list(offences(ast.parse(code))) == []


def test_exactly_one_distribution_provides_the_state_machine() -> None:
    assert packages_distributions()["django_fsm"] == ["django-fsm-2"]
