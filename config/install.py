"""Installs the packages of a lock file and shows how far it is: `python -m config.install requirements.lock`.

It runs before there is any package, so it needs nothing but Python.
"""

import re
import subprocess
import sys
import sysconfig
import threading
import time
from collections.abc import Iterable
from pathlib import Path
from typing import IO

from config.progress import Progress

PIP = (sys.executable, "-m", "pip", "install", "--disable-pip-version-check", "--no-deps", "--require-hashes")
LAST_LINES = 20


class Installation:
    """What pip has printed so far, and what is in the environment."""

    def __init__(self, lock: Path, packages: Path) -> None:
        self.lines: list[str] = []
        self.total = len(re.findall(r"(?m)^[\w.\[\],-]+==", lock.read_text(encoding="utf-8")))
        self.fetched = 0
        self.package = ""
        self.packages = packages
        self.began = time.time() - 0.01  # The clock of files lags behind by some milliseconds.

    def read(self, line: str) -> None:
        self.lines.append(line)
        if match := re.match(r"(Collecting|Requirement already satisfied:|Ignoring) ([\w.-]+)", line):
            if match[1] == "Ignoring":
                self.total -= 1
            else:
                self.fetched += 1
                self.package = match[2]

    @property
    def installed(self) -> int:
        """Every package leaves a folder that describes it."""
        return sum(folder.stat().st_mtime >= self.began for folder in self.packages.glob("*.dist-info"))

    def __str__(self) -> str:
        if self.installed:
            return f"{self.installed} of {self.total} packages installed"
        return f"{self.fetched} of {self.total} packages fetched ({self.package or 'asking the index'})"


def install(lock: Path, command: Iterable[str], packages: Path, progress: Progress) -> int:
    """Runs pip to its end; gives its exit code."""
    with subprocess.Popen(
        [*command, "--requirement", str(lock)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as pip:
        installation = Installation(lock, packages)
        assert pip.stdout is not None
        listener = threading.Thread(target=_listen, args=(pip.stdout, installation), daemon=True)
        listener.start()
        while pip.poll() is None:
            progress.show(str(installation))
            time.sleep(0.1)
        listener.join()
    if pip.returncode:
        progress.end("\n".join(installation.lines[-LAST_LINES:]))
    else:
        progress.end(f"Installed {installation.total} packages in {progress.seconds:.0f} s.")
    return pip.returncode


def _listen(output: IO[str], installation: Installation) -> None:
    for line in output:
        installation.read(line.rstrip())


def main() -> int:
    lock = Path(sys.argv[1])
    progress = Progress()
    progress.end(f"Installing the packages of {lock} (once) ...")
    try:
        return install(lock, PIP, Path(sysconfig.get_path("purelib")), progress)
    except KeyboardInterrupt:
        progress.end("Installing was interrupted; the next start goes on.")
        return 130


if __name__ == "__main__":
    sys.exit(main())
