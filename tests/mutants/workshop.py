"""A copy of the code with a database of its own, in which mutants are tried by the tests."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.util import cache_from_source
from pathlib import Path

from config.source import PUBLISHED
from tests.mutants.changes import Mutant

PYTEST = (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider")
NEVER_ENDED = -1
"""In the place of pytest's exit code."""


@dataclass(frozen=True)
class Trial:
    """A mutant of a file, and the tests that run through the changed lines."""

    file: str
    mutant: Mutant
    tests: tuple[str, ...]

    def __str__(self) -> str:
        before, after = (" ".join(text.split())[:100] for text in (self.mutant.before, self.mutant.after))
        return f"{self.file}:{self.mutant.first}: {before}  ->  {after}"


@dataclass(frozen=True)
class Workshop:
    tree: Path
    env: dict[str, str]

    def survives(self, trial: Trial, *options: str, seconds: float) -> str:
        """Why no test has noticed the mutant in the place of its file; empty when one has."""
        if not trial.tests:
            return "no test runs through it"
        path = self.tree / trial.file
        original = path.read_text(encoding="utf-8")
        try:
            _write(path, trial.mutant.source)
            code = self.run(trial.tests, "-x", *options, seconds=seconds)
        finally:
            _write(path, original)
        return {0: "no test fails", NEVER_ENDED: f"no test has failed after {seconds:.0f} s"}.get(code, "")

    def run(self, tests: Iterable[str], *options: str, seconds: float) -> int:
        """The exit code of pytest, or NEVER_ENDED."""
        command = [*PYTEST, *options, *tests]
        try:
            return subprocess.run(
                command, cwd=self.tree, env=self.env, stdin=subprocess.DEVNULL, capture_output=True, timeout=seconds
            ).returncode
        except subprocess.TimeoutExpired:
            return NEVER_ENDED


def _write(path: Path, source: str) -> None:
    """Without what was compiled before: it may be of the same size and second."""
    path.write_text(source, encoding="utf-8")
    Path(cache_from_source(str(path))).unlink(missing_ok=True)


def make_workshop(root: Path, tree: Path, database: str) -> Workshop:
    """Copies the code from `root` to `tree`; `database` is the name of a database on the server of DATABASE_URL."""
    for name in PUBLISHED:
        source, target = root / name, tree / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target)
    (tree / "var").mkdir()
    url = os.environ["DATABASE_URL"].replace("/baikoo?", f"/{database}?")
    return Workshop(tree, os.environ | {"DATABASE_URL": url, "VAR_DIR": str(tree / "var"), "CI": "true"})
