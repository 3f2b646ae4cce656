"""Checkouts of Baikoo that are measured in turn: each with a database of each size, and a process for each."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

import psycopg2

from config.embedded.server import OWNER, WEB

HERE = Path(__file__).resolve().parent
SETTINGS = {
    "DEBUG": "false",
    "SECRET_KEY": "only-for-measuring",
    "HTTPS": "false",
    "ALLOWED_HOSTS": "testserver,127.0.0.1",
    "SITE_URL": "http://testserver",
    "EMAIL_URL": "console:",
    "WEB_ROLE": WEB,
}


@dataclass(frozen=True)
class Checkout:
    """The code in one folder, as it is named in the figures."""

    name: str
    folder: Path

    def database(self, size: int) -> str:
        return f"bench_{self.name}_{size}"

    def environment(self, database: str, role: str = OWNER) -> dict[str, str]:
        """Its own code, and this bench in place of the one that it brings."""
        paths = [str(_bench_alone()), str(self.folder)]
        url = urlsplit(os.environ["DATABASE_URL"])._replace(netloc=f"{role}@", path=f"/{database}").geturl()
        return {**os.environ, **SETTINGS, "PYTHONPATH": os.pathsep.join(paths), "DATABASE_URL": url}

    @contextmanager
    def process(self, database: str) -> Iterator["Process"]:
        command = [sys.executable, "-m", "bench.side"]
        child = subprocess.Popen(
            command, cwd=self.folder / "static", env=self.environment(database), stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        try:
            yield Process(child)
        finally:
            child.stdin.close()  # type: ignore[union-attr]
            child.wait()


class Process:
    """A running bench/side.py."""

    def __init__(self, child: "subprocess.Popen[str]") -> None:
        self.questions: Any = child.stdin
        self.answers: IO[str] | Any = child.stdout

    def ask(self, name: str, *arguments: object) -> Any:
        self.questions.write(json.dumps([name, *arguments]) + "\n")
        self.questions.flush()
        line = self.answers.readline()
        if not line:
            raise RuntimeError(f"{name} {arguments}: the process ended")
        return json.loads(line)


def make_databases(checkouts: Sequence[Checkout], sizes: Sequence[int], rows: str) -> None:
    """The rows are made once, with the oldest tables; each other database is a copy, brought up to date."""
    oldest, growing = checkouts[0], "bench_growing"
    _create(growing)
    with oldest.process(growing) as process:
        process.ask("migrate")
    there = 0
    for size in sizes:
        with oldest.process(growing) as process:
            process.ask(f"make_{rows}", there + 1, size)
        there = size
        for checkout in checkouts:
            _create(checkout.database(size), growing)
            with checkout.process(checkout.database(size)) as process:
                process.ask("migrate")
                process.ask("analyse")
    drop([growing])


def drop(names: Sequence[str]) -> None:
    for name in names:
        _execute(f'DROP DATABASE IF EXISTS "{name}"')


@contextmanager
def running(checkouts: Sequence[Checkout], sizes: Sequence[int]) -> Iterator[dict[tuple[str, int], Process]]:
    """A process for each checkout and size, by both."""
    with ExitStack() as stack:
        yield {
            (checkout.name, size): stack.enter_context(checkout.process(checkout.database(size)))
            for size in sizes
            for checkout in checkouts
        }


def _create(name: str, template: str = "template1") -> None:
    drop([name])
    _execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY file_copy')


def _execute(sql: str) -> None:
    connection = psycopg2.connect(os.environ["DATABASE_URL"])
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(sql)
    connection.close()


def _bench_alone() -> Path:
    """A folder in which this bench is the only package."""
    folder = Path(tempfile.gettempdir()) / f"bench-alone-{os.getuid()}"
    folder.mkdir(exist_ok=True)
    link = folder / "bench"
    if not link.is_symlink() or link.readlink() != HERE:
        link.unlink(missing_ok=True)
        link.symlink_to(HERE)
    return folder
