"""What docs/ says about kinds of case, checks and files is what the code has."""

import re
import tomllib
from dataclasses import fields
from pathlib import Path
from typing import get_type_hints

import pytest
from django.apps import apps

from cases.desk.kinds import Kind
from workflow.case import Case
from workflow.checks import REQUIRED
from workflow.roles import Role

ROOT = Path(__file__).resolve().parents[2]
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))
FOLDERS = ("workflow", "cases", "notifications", "config", "templates", "static", "tests", "docs", "bench")
MADE_AT_RUN_TIME = ("var/",)
"""Folders that are not part of the project."""
FILES = {file.name for folder in FOLDERS for file in (ROOT / folder).rglob("*")}
SOURCES = frozenset({".css", ".csv", ".html", ".js", ".md", ".po", ".py", ".sql", ".txt"})
GUIDE = (ROOT / "docs" / "adding-a-kind-of-case.md").read_text(encoding="utf-8")
CHECKS = (ROOT / "docs" / "checks.md").read_text(encoding="utf-8")
ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
ID = re.compile(r"\b(?:workflow|desk|notifications|config|trail)\.[EW]\d{3}\b")
NAME = re.compile(r"`([^`]+)`")


def test_the_guide_names_everything_that_a_lifecycle_may_declare() -> None:
    declared = {name for name in get_type_hints(Case) if name.isupper()}
    assert declared >= set(REQUIRED)
    assert declared - set(NAME.findall(GUIDE)) == set()


def test_the_guide_names_every_field_of_a_kind_and_no_other() -> None:
    table = GUIDE.partition("## 3. The kind")[2].partition("## 4.")[0]
    cells = [row.split("|")[1] for row in table.splitlines() if row.startswith("| `")]
    assert {name for cell in cells for name in NAME.findall(cell)} == {field.name for field in fields(Kind)}


def test_the_files_that_the_guide_names_are_there() -> None:
    named = [name for name in NAME.findall(GUIDE) if "/" in name and "<" not in name]
    assert len(named) > 8
    assert [name for name in named if not (ROOT / name).exists() and " " not in name] == []


def missing(paper: str) -> list[str]:
    """The files and folders that a paper names in `…` and that are not there; a bare name may lie in any folder."""
    named = [name for name in NAME.findall(paper) if not name.startswith(MADE_AT_RUN_TIME) and " " not in name]
    paths = [name for name in named if re.fullmatch(r"[\w./-]*\w/[\w./-]*", name) and "." not in name.partition("/")[0]]
    files = [name for name in named if re.fullmatch(r"[\w-]+\.[a-z]+", name) and Path(name).suffix in SOURCES]
    return [path for path in paths if not (ROOT / path).exists()] + [name for name in files if name not in FILES]


@pytest.mark.parametrize("paper", DECISIONS, ids=lambda paper: paper.stem)
def test_the_files_that_a_decision_names_are_there(paper: Path) -> None:
    assert missing(paper.read_text(encoding="utf-8")) == []


def test_a_file_that_is_not_there_is_noticed() -> None:
    there = "`workflow/terms.py`, `cases/desk/`, `terms.py`, `var/x`, `pgtrigger.ignore`, `//`"
    assert missing(f"{there}, `workflow/calendar.py`, `calendar.py`") == ["workflow/calendar.py", "calendar.py"]


def test_the_guide_names_the_files_of_the_tests_that_a_kind_is_entered_in() -> None:
    """Those that name the kinds of tests/toys, which are what the guide speaks of."""
    helpers = [file for file in (ROOT / "tests").rglob("*.py") if "toys" in file.read_text(encoding="utf-8")]
    named = {
        str(file.relative_to(ROOT)).replace("toys.py", "<kind>.py")
        for file in helpers
        if "tests/toys" not in str(file) and not file.name.startswith(("test_", "conftest"))
    }
    files = GUIDE.partition("## The files")[2].partition("## 1.")[0]
    assert len(named) > 4
    assert named - {"tests/settings.py"} - set(NAME.findall(files)) == set()


WHERE = {
    "tests/toys/visit.py": "the lifecycle",
    "tests/toys/kind.py": "`kind.py`",
    "tests/kinds/toys.py": "`tests/kinds/`",
    "tests/workflow/effects/toys.py": "effects",
}
"""A file that a toy stands in -> how the guide calls the same file of any kind."""


@pytest.mark.parametrize(("row", "word"), [("| an act |", "name_team"), ("| a state |", "running")])
def test_the_guide_counts_the_files_that_an_act_and_a_state_stand_in(row: str, word: str) -> None:
    pattern = re.compile(rf"\b({word}|{word.upper()})\b")
    helpers = [file for folder in ("toys", "kinds", "workflow") for file in (ROOT / "tests" / folder).rglob("*.py")]
    files = {
        str(file.relative_to(ROOT))
        for file in helpers
        if not file.name.startswith(("test_", "0")) and pattern.search(file.read_text(encoding="utf-8"))
    }
    assert files == set(WHERE)
    [advice] = [line for line in GUIDE.splitlines() if line.startswith(row)]
    assert [name for name in WHERE.values() if name not in advice] == []


def test_the_guide_names_every_app_whose_tables_keep_roles() -> None:
    [row] = [row for row in GUIDE.splitlines() if row.startswith("| a role |")]
    keeping = {
        model._meta.app_label
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if set(Role.values) <= {value for value, _label in field.flatchoices}
    }
    named = row.partition("keeps roles: ")[2].partition(". In the tests")[0]
    assert set(NAME.findall(named)) == keeping


def test_the_architecture_lists_the_apps_in_the_order_in_which_they_import() -> None:
    table = ARCHITECTURE.partition("## The rooms of cases/")[2].partition("## ")[0]
    listed = [row.split("`")[1] for row in table.splitlines() if row.startswith("| `")]
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    [layers] = [contract["layers"] for contract in contracts if contract.get("containers") == ["cases"]]
    assert listed == layers


def test_the_files_that_architecture_and_readme_name_are_there() -> None:
    papers = [ARCHITECTURE, (ROOT / "README.md").read_text(encoding="utf-8")]
    named = {name for paper in papers for name in NAME.findall(paper) if re.fullmatch(r"[\w/-]+\.(py|txt|md)", name)}
    places = [ROOT, *(ROOT / folder for folder in ("workflow", "cases/desk"))]
    furniture = {"models.py", "verbs.py", "access.py", "forms.py", "views.py", "urls.py", "kind.py"}
    assert len(named) > 20
    missing = [name for name in named - furniture if not any((place / name).exists() for place in places)]
    assert missing == []


def test_every_system_check_is_listed_and_triggered_by_a_test() -> None:
    code = "".join(
        file.read_text(encoding="utf-8")
        for folder in ("workflow", "cases", "notifications", "config")
        for file in (ROOT / folder).rglob("*.py")
    )
    tests = "".join(file.read_text(encoding="utf-8") for file in (ROOT / "tests").rglob("*.py"))
    raised = set(ID.findall(code))
    assert raised == set(ID.findall(CHECKS))
    assert raised - set(ID.findall(tests)) == set()
