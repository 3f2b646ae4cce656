"""What docs/ says about kinds of case and checks is what the code has."""

import re
from dataclasses import fields
from pathlib import Path
from typing import get_type_hints

from cases.desk.kinds import Kind
from workflow.case import Case
from workflow.checks import REQUIRED

ROOT = Path(__file__).resolve().parents[2]
GUIDE = (ROOT / "docs" / "adding-a-kind-of-case.md").read_text(encoding="utf-8")
CHECKS = (ROOT / "docs" / "checks.md").read_text(encoding="utf-8")
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
