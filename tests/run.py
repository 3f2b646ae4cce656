"""Runs every check, one line each with its time; failures are listed at the end.

`python -m tests.run quick` leaves out what is slow; `lint` runs the checks of .pre-commit-config.yaml alone.
"""

import os
import secrets
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from config.progress import Progress

ROOT = Path(__file__).resolve().parent.parent
LIKE_PRODUCTION = {
    "DEBUG": "false",
    "HTTPS": "true",
    "TRUSTED_PROXIES": "1",
    "SECRET_KEY": secrets.token_urlsafe(50),
    "ALLOWED_HOSTS": "baikoo.example",
    "SITE_URL": "https://baikoo.example",
    "EMAIL_URL": "smtp+starttls://baikoo:word@mail.example",
}
LEFT_OUT_OF_QUICK = ["browser", "redis", "slow"]
COVERED = 97
"""Per cent of the lines of workflow/ that the tests have to run through."""


@dataclass(frozen=True)
class Check:
    """A command that fails when something is wrong."""

    name: str
    command: Sequence[str]
    env: Mapping[str, str] = field(default_factory=dict)
    tells: bool = False
    """Whether what it prints is shown when nothing is wrong, too."""


@dataclass(frozen=True)
class Tool:
    """A program that tests need (any of several), the package it comes in, and what is left out without it."""

    programs: tuple[str, ...]
    package: str
    mark: str = ""
    left_out: str = ""

    @property
    def is_missing(self) -> bool:
        return not any(shutil.which(program) for program in self.programs)


TOOLS = (
    Tool(("chromium-headless-shell", "chromium"), "chromium-headless-shell", "browser", "tests marked browser"),
    Tool(("redis-server",), "redis-server", "redis", "tests marked redis"),
    Tool(("msgfmt",), "gettext", left_out="part of the translation tests"),
)


def main() -> int:
    what = sys.argv[1] if len(sys.argv) > 1 else "all"
    os.chdir(ROOT)
    missing = still_missing() if what == "all" else []
    failed = [check.name for check in lints() if not passes(check)]
    if what == "quick":
        failed += tested(LEFT_OUT_OF_QUICK, measured=False)
    elif what == "all":
        failed += tested([tool.mark for tool in missing if tool.mark], measured=True)
    if failed:
        print("Failed:", ", ".join(failed))
    return bool(failed)


def lints() -> list[Check]:
    """What a commit runs, too."""
    config = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    hooks = [hook for repo in config["repos"] for hook in repo["hooks"]]
    return [Check(hook["name"], shlex.split(hook["entry"])) for hook in hooks]


def tested(left_out: list[str], *, measured: bool) -> list[str]:
    """Runs the tests, and what needs more than code to look at; gives what failed. `measured`: with their coverage."""
    deploy = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    failed = [] if passes(Check("check --deploy", deploy, LIKE_PRODUCTION)) else ["check --deploy"]
    with redis() as env:
        if not run_pytest(left_out, env, *(["--cov", "--cov-report="] if measured else [])):
            failed.append("pytest")
    return failed + [check.name for check in coverage() if measured and not passes(check)]


def coverage() -> Iterator[Check]:
    command = [sys.executable, "-m", "coverage", "report", "--skip-covered"]
    yield Check("coverage", [*command, "--format=total"], tells=True)
    core = [*command, "--include=workflow/*", f"--fail-under={COVERED}"]
    yield Check("coverage of workflow/", core, tells=True)


def passes(check: Check) -> bool:
    progress = Progress()
    with tempfile.TemporaryFile("w+", encoding="utf-8") as output:
        child = subprocess.Popen(
            check.command, env=os.environ | check.env, stdin=subprocess.DEVNULL, stdout=output, stderr=output
        )
        while child.poll() is None:
            progress.show(check.name)
            with suppress(subprocess.TimeoutExpired):
                child.wait(0.2)
        progress.end(f"{'FAILED' if child.returncode else 'ok':7}{check.name:25}{progress.seconds:6.1f} s")
        output.seek(0)
        if child.returncode or check.tells:
            print(output.read(), flush=True)
    return child.returncode == 0


def run_pytest(left_out: list[str], env: dict[str, str], *options: str) -> bool:
    marks = " and ".join(f"not {mark}" for mark in left_out)
    command = [sys.executable, "-m", "pytest", "-n", "2", "--dist", "loadgroup", *(["-m", marks] if marks else [])]
    print(f"       pytest {marks}", flush=True)
    code = subprocess.run([*command, *options], env=os.environ | env, stdin=subprocess.DEVNULL).returncode
    if code < 0:
        print(f"pytest was ended by signal {-code}.", flush=True)
    return code == 0


def still_missing() -> list[Tool]:
    """What is not here and could not be installed."""
    packages = [tool.package for tool in TOOLS if tool.is_missing]
    if packages and os.geteuid() == 0 and shutil.which("apt-get"):
        # RUNLEVEL=1: the service of a package is not started.
        quiet = {"DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
        passes(Check("apt-get update", ["apt-get", "-qq", "update"], quiet))
        install = ["apt-get", "-qq", "install", "-y", "--no-install-recommends", *packages]
        passes(Check(f"apt-get install {' '.join(packages)}", install, quiet))
    missing = [tool for tool in TOOLS if tool.is_missing]
    for tool in missing:
        program = " or ".join(tool.programs)
        print(f"SKIPPED {tool.left_out}: {program} is missing. Get it: sudo apt-get install {tool.package}", flush=True)
    return missing


@contextmanager
def redis() -> Iterator[dict[str, str]]:
    """A Redis of our own, on a Unix socket only; nothing when there is no Redis."""
    program = shutil.which("redis-server")
    if not program:
        yield {}
        return
    with tempfile.TemporaryDirectory(prefix="baikoo-redis-") as folder:
        path = f"{folder}/socket"
        command = [program, "--port", "0", "--unixsocket", path, "--save", "", "--dir", folder]
        server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        try:
            yield {"REDIS_URL": f"redis+socket://{path}"}
        finally:
            server.terminate()
            server.wait()


if __name__ == "__main__":
    sys.exit(main())
