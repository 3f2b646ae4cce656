"""Runs every check, one line each with its time; failures are listed at the end. `quick` leaves out what is slow."""

import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MANAGE = (sys.executable, "manage.py")
LIKE_PRODUCTION = {
    "DEBUG": "false",
    "HTTPS": "true",
    "TRUSTED_PROXIES": "1",
    "SECRET_KEY": secrets.token_urlsafe(50),
    "ALLOWED_HOSTS": "baikoo.example",
    "SITE_URL": "https://baikoo.example",
    "EMAIL_URL": "smtp+starttls://baikoo:word@mail.example",
}


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
    quick = "quick" in sys.argv[1:]
    os.chdir(ROOT)
    missing = [] if quick else still_missing()
    failed = [name for name, command, env in checks() if not passes(name, command, env)]
    left_out = ["browser", "redis", "slow"] if quick else [tool.mark for tool in missing if tool.mark]
    with redis() as env:
        if not run_pytest(left_out, env):
            failed.append("pytest")
    if failed:
        print("Failed:", ", ".join(failed))
    return bool(failed)


def checks() -> Iterator[tuple[str, list[str], dict[str, str]]]:
    yield "ruff check", [sys.executable, "-m", "ruff", "check"], {}
    yield "ruff format", [sys.executable, "-m", "ruff", "format", "--check"], {}
    yield "mypy --strict", [sys.executable, "-m", "mypy"], {}
    yield "lint-imports", [str(Path(sys.executable).with_name("lint-imports"))], {}
    yield "check", [*MANAGE, "check", "--fail-level", "WARNING"], {}
    yield "check --deploy", [*MANAGE, "check", "--deploy", "--fail-level", "WARNING"], LIKE_PRODUCTION
    yield "makemigrations --check", [*MANAGE, "makemigrations", "--check", "--dry-run"], {}


def passes(name: str, command: list[str], env: dict[str, str]) -> bool:
    start = time.monotonic()
    done = subprocess.run(command, env=os.environ | env, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    print(f"{'FAILED' if done.returncode else 'ok':7}{name:25}{time.monotonic() - start:6.1f} s", flush=True)
    if done.returncode:
        print(done.stdout + done.stderr, flush=True)
    return not done.returncode


def run_pytest(left_out: list[str], env: dict[str, str]) -> bool:
    marks = " and ".join(f"not {mark}" for mark in left_out)
    command = [sys.executable, "-m", "pytest", "-n", "2", "--dist", "loadgroup", *(["-m", marks] if marks else [])]
    print(f"       pytest {marks}", flush=True)
    code = subprocess.run(command, env=os.environ | env, stdin=subprocess.DEVNULL).returncode
    if code < 0:
        print(f"pytest was ended by signal {-code}.", flush=True)
    return code == 0


def still_missing() -> list[Tool]:
    """What is not here and could not be installed."""
    packages = [tool.package for tool in TOOLS if tool.is_missing]
    if packages and os.geteuid() == 0 and shutil.which("apt-get"):
        # RUNLEVEL=1: the service of a package is not started.
        quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
        print(f"Installing {', '.join(packages)} ...", flush=True)
        for command in (["update"], ["install", "-y", "--no-install-recommends", *packages]):
            subprocess.run(["apt-get", "-qq", *command], env=quiet, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
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
