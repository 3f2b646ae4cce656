"""No regular expression of the project can be made to run for long, whatever somebody sends."""

import signal
import subprocess
import sys

import pytest

from tests.config.patterns import SECONDS, patterns
from tests.config.places import ROOT


def tried(*more: str) -> subprocess.CompletedProcess[str]:
    """In a process of its own, which the kernel ends when one pattern takes too much of the processor."""
    command = [sys.executable, "-m", "tests.config.patterns", *more]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True)


@pytest.mark.slow
def test_every_pattern_ends_soon_on_long_hostile_texts() -> None:
    done = tried()
    assert done.stdout.splitlines()[-1] == "all ended", f"more than {SECONDS} seconds: {done.stdout.splitlines()[-1]}"


@pytest.mark.slow
@pytest.mark.parametrize("pattern", [r"\s+[-–—]\s+", r"(\w+\s?)+$", r"(?P<y>\d{4})\s*[-–]?\s*жыл\w*\s+\d"])
def test_one_that_looks_again_from_each_place_is_found(pattern: str) -> None:
    done = tried(pattern)
    assert (done.returncode, done.stdout.splitlines()[-1]) == (-signal.SIGXCPU, pattern)


def test_every_pattern_stands_in_the_code_as_it_is() -> None:
    """What is put together at run time would be tried by nobody."""
    found = patterns()
    assert len(found) > 25
    assert [one.place for one in found if one.text is None] == []
