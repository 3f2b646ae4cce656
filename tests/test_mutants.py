"""What `make mutants` breaks, and how it finds out whether a test notices."""

from pathlib import Path

import pytest

from tests.mutants.__main__ import ROOT, RULES, TESTS, running_through
from tests.mutants.changes import mutants
from tests.mutants.workshop import Trial, Workshop


@pytest.mark.parametrize(
    ("source", "changed"),
    [
        ("days < 5", {"(days <= 5)", "days < 6"}),
        ("a and b", {"(a or b)"}),
        ("not a", {"a"}),
        ("x = True", {"x = False"}),
        ("x = 'text'", set()),
        ("x = [a, *b]", {"x = [*b]", "x = [a]"}),
        ("x = {a: b}", {"x = {}"}),
        ("by(HEAD, *OTHERS)", {"pass", "by(*OTHERS)", "by(HEAD)"}),
        ("x = Expect(a, helper=b)", {"x = Expect(a)"}),
        ("case.closed_on = today", {"pass"}),
        ("told += one", {"pass"}),
        ("if late: go()", {"if (not late): go()", "if late: pass"}),
        ("x = [a for a in b if a.ok]", {"x = [a for a in b if (not a.ok)]"}),
        ("x = f'{a + 1}'", set()),
        ("def do(x: tuple[int, str] = y) -> list[int]: ...", set()),
        ("class Case:\n  class Meta:\n    abstract = True", set()),
        ("числа = [один, 1]", {"числа = [1]", "числа = [один]", "числа = [один, 2]"}),
    ],
)
def test_each_kind_of_rule_is_broken_in_each_way(source: str, changed: set[str]) -> None:
    assert {mutant.source for mutant in mutants(source)} == changed


def test_a_mutant_knows_its_lines_and_what_it_changed() -> None:
    [*_others, last] = mutants("a = 1\nb = max(\n    1,\n    2,\n)\n")
    assert (last.first, last.last, last.before, last.after) == (2, 5, "2", "3")


def test_a_line_is_tried_by_the_tests_that_run_through_it() -> None:
    assert running_through({"tests/a.py::test_b[x|y]|run", "tests/a.py::test_b[x|y]|setup"}) == (
        "tests/a.py::test_b[x|y]",
    )
    assert running_through({"", "tests/a.py::test_b|run"}) == TESTS
    assert running_through(set()) == ()


def test_the_tests_of_every_app_with_rules_are_asked() -> None:
    """An app whose tests were left out would seem to have many rules that no test notices."""
    files = {path.relative_to(ROOT) for pattern in RULES for path in ROOT.glob(pattern)}
    folders = {f"tests/{file.parts[1] if file.parts[0] == 'cases' else file.parts[0]}" for file in files}
    assert {"tests/analysis", "tests/planning"} <= folders
    assert folders - set(TESTS) == set()
    assert [folder for folder in TESTS if not list(Path(ROOT, folder).glob("test_*.py"))] == []


def test_what_a_test_notices_is_known_and_the_code_is_as_before(tmp_path: Path) -> None:
    (tmp_path / "test_rule.py").write_text("from rule import is_late\n\ndef test_it():\n    assert is_late(7)\n")
    workshop = Workshop(tmp_path, {})
    options = ("-p", "no:django", "-c", "/dev/null", "--rootdir", str(tmp_path))

    def survivors(rule: str) -> dict[str, str]:
        (tmp_path / "rule.py").write_text(rule)
        trials = [Trial("rule.py", mutant, ("test_rule.py",)) for mutant in mutants(rule)]
        reasons = {trial.mutant.after: workshop.survives(trial, *options, seconds=60) for trial in trials}
        assert (tmp_path / "rule.py").read_text() == rule
        return reasons

    assert survivors("def is_late(days):\n    return days > 5\n") == {
        "(days >= 5)": "no test fails",
        "6": "no test fails",
    }
    assert survivors("def is_late(days):\n    return days > 6\n") == {"(days >= 6)": "no test fails", "7": ""}


def test_what_never_ends_and_what_no_test_runs_through_is_listed_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "rule.py").write_text("x = 1\n")
    (tmp_path / "test_rule.py").write_text("def test_it():\n    while True:\n        pass\n")
    [mutant] = mutants("x = 1\n")
    workshop = Workshop(tmp_path, {})
    endless = Trial("rule.py", mutant, ("test_rule.py",))
    options = ("-p", "no:django", "-c", "/dev/null", "--rootdir", str(tmp_path))
    assert workshop.survives(endless, *options, seconds=2) == "no test has failed after 2 s"
    assert workshop.survives(Trial("rule.py", mutant, ()), seconds=2) == "no test runs through it"
    assert str(endless) == "rule.py:1: 1  ->  2"
