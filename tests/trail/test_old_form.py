"""Exports and seals from before verifications were chained and erasures recorded are verified as they were then."""

import json
from pathlib import Path

import pytest

from tests.trail.tampering import run_verifier

EXPORT = Path(__file__).parents[1] / "data" / "trail-first-form.jsonl"
SEALS = (
    "14-14-049a15bac3f3c986c1c43fc6acb6ee1c51d17b21aa5f7b481cf56052a021e24c",
    "20-20-5273bccf327a8df18fbf48d5b2b8887344417d104c05bd5fab689319dbc930cd",
)
"""Made along with the export; the first one before its last six events."""
SOUND = "Sound: 20 events in 5 chains, details of 1 erased"


def test_an_export_in_the_first_form_is_sound() -> None:
    assert run_verifier(EXPORT) == (0, f"{SOUND}.")


@pytest.mark.parametrize("seal", SEALS)
def test_the_seals_of_that_time_still_fit(seal: str) -> None:
    assert run_verifier(EXPORT, seal) == (0, f"{SOUND}, as they were sealed.")


def test_a_change_of_it_is_still_found(tmp_path: Path) -> None:
    lines = [json.loads(line) for line in EXPORT.read_text(encoding="utf-8").splitlines()]
    lines[3]["at"] = lines[3]["at"].replace("2026", "2025")
    changed = tmp_path / "trail.jsonl"
    changed.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    code, told = run_verifier(changed)
    assert code == 1
    assert "was changed after it was written" in told
