"""What a landed migration does stays as it is: its SQL is its own, and nothing that is written later changes it."""

import hashlib
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("workflow", "cases", "notifications", "config")
LANDED = ROOT / "tests/data/landed-sql.sha256"
"""The SQL of every landed migration. New SQL gets a new migration and a new line; no line ever changes."""
OWN = 'Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")'


def migrations(ending: str) -> list[Path]:
    return [file for folder in FOLDERS for file in sorted((ROOT / folder).rglob(f"migrations/*.{ending}"))]


def test_the_sql_of_a_migration_that_landed_is_what_it_was() -> None:
    present = {
        f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.relative_to(ROOT)}" for file in migrations("sql")
    }
    assert present == set(LANDED.read_text().splitlines())


def test_a_migration_reads_no_file_but_its_own() -> None:
    reading = [file for file in migrations("py") if re.search(r"read_text|read_bytes|open\(|Path", file.read_text())]
    for file in reading:
        code = file.read_text(encoding="utf-8")
        assert len(re.findall(r"read_text|read_bytes|open\(|Path\(", code)) == 2, file
        assert OWN in code, file
    assert {file.with_suffix(".sql") for file in reading} == set(migrations("sql"))
