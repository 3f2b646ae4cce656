"""`make mutants`: every small way to break the rules, each tried by the tests that run through the changed lines.

Those that no test notices are listed in var/mutants/survivors.txt. The order is random; it ends when all are tried, or
after HOURS (8 unless it is set). FILES="workflow/terms.py ..." tries other files than those of the rules.
"""

import os
import random
import shutil
import sys
import time
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

from coverage import CoverageData

from config.progress import Progress
from tests.mutants.changes import mutants
from tests.mutants.workshop import Trial, Workshop, make_workshop

ROOT = Path(__file__).resolve().parent.parent.parent
HOME = ROOT / "var" / "mutants"
REPORT = HOME / "survivors.txt"
RULES = ("workflow/**/*.py", "cases/*/verbs.py", "cases/*/verbs/*.py")
TESTS = (
    "tests/accounts",
    "tests/analysis",
    "tests/desk",
    "tests/followup",
    "tests/notifications",
    "tests/planning",
    "tests/registry",
    "tests/rounds",
    "tests/trail",
    "tests/workflow",
)
OPTIONS = ("--reuse-db", "-m", "not browser and not redis and not slow")
WORKERS = 2


class Night:
    """What is left to try, what was tried, and what survived; `longest` is how many seconds one of them may take."""

    def __init__(self, trials: Iterable[Trial], hours: float, longest: float) -> None:
        self.longest = longest
        self.left = deque(trials)
        self.all = len(self.left)
        self.tried = 0
        self.survivors: list[str] = []
        self.ends = time.monotonic() + 3600 * hours
        self.progress = Progress()

    def work(self, workshop: Workshop) -> None:
        """Until nothing is left or the night is over; several workshops take from the same pile."""
        with suppress(IndexError):
            while time.monotonic() < self.ends:
                trial = self.left.popleft()
                self.note(trial, workshop.survives(trial, *OPTIONS, seconds=self.longest))

    def note(self, trial: Trial, reason: str) -> None:
        self.tried += 1
        if reason:
            self.survivors.append(f"{trial}  ({reason})\n")
            REPORT.write_text("".join(sorted(self.survivors)), encoding="utf-8")
        self.progress.show(str(self))

    def __str__(self) -> str:
        return f"{self.tried} of {self.all} mutants tried, {len(self.survivors)} noticed by no test"


def main() -> int:
    shutil.rmtree(HOME, ignore_errors=True)
    workshops = [make_workshop(ROOT, HOME / f"tree-{place}", f"mutants_{place}") for place in range(WORKERS)]
    print("Finding out which tests run through which lines ...", flush=True)
    started = time.monotonic()
    coverage = ("--cov", "--cov-context=test", "--cov-report=")
    if any(workshop.run(TESTS, *OPTIONS, *coverage, seconds=3600) for workshop in workshops):
        print("The tests fail without any mutant: see `make quick`.")
        return 1
    longest = time.monotonic() - started  # Twice what all tests take; the machine may have other work, too.
    trials = [trial for file in rules() for trial in trials_of(file, workshops[0].tree)]
    random.shuffle(trials)
    REPORT.touch()
    night = Night(trials, float(os.environ.get("HOURS") or 8), longest)
    with ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(night.work, workshops))
    night.progress.end(f"{night}: {REPORT}")
    return 0


def rules() -> list[str]:
    files = os.environ.get("FILES", "").split() or [
        str(path.relative_to(ROOT)) for rule in RULES for path in sorted(ROOT.glob(rule))
    ]
    return [file for file in files if "migrations" not in Path(file).parts]


def trials_of(file: str, tree: Path) -> Iterator[Trial]:
    covered = CoverageData(str(tree / "var" / "coverage"))
    covered.read()
    by_line = covered.contexts_by_lineno(str(tree / file))
    for mutant in mutants((tree / file).read_text(encoding="utf-8")):
        lines = range(mutant.first, mutant.last + 1)
        yield Trial(file, mutant, running_through({context for line in lines for context in by_line.get(line, [])}))


def running_through(contexts: set[str]) -> tuple[str, ...]:
    """The tests by their names; all, where a line is run before any test begins (what coverage calls "")."""
    return TESTS if "" in contexts else tuple(sorted({context.rpartition("|")[0] for context in contexts}))


if __name__ == "__main__":
    sys.exit(main())
