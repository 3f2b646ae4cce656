"""Hypothesis runs every property test by the one profile of tests/conftest.py."""

from pathlib import Path

from hypothesis import HealthCheck, settings

TESTS = Path(__file__).parent
OWN = {TESTS / "conftest.py", Path(__file__)}


def test_a_loaded_machine_fails_no_property_test() -> None:
    assert settings.default is not None
    assert settings.default.deadline is None
    assert HealthCheck.too_slow in settings.default.suppress_health_check


def test_no_test_has_a_profile_of_its_own() -> None:
    words = ("deadline=None", "suppress_health_check", "derandomize")
    files = [file for file in sorted(TESTS.rglob("*.py")) if file not in OWN]
    assert [file.name for file in files if any(word in file.read_text(encoding="utf-8") for word in words)] == []
