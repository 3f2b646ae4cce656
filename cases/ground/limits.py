"""How long the database may keep a process waiting or plan: limits of its connections by the kind of process."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import Enum
from typing import cast

from django.conf import settings
from django.db import Error, connection

STATEMENT, LOCK, IDLE = "statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"


class Process(Enum):
    """Seconds for one statement, for a lock, and for a transaction in which nothing is asked.

    The web server has few threads: a lock that somebody holds must not make them all wait. Migrations and other
    commands have no limits, as somebody watches them.
    """

    WEB = {STATEMENT: 20, LOCK: 4, IDLE: 60}
    WORKER = {STATEMENT: 300, LOCK: 30, IDLE: 900}


JOINS = 6
"""Queries with more joins than this are run in the order in which they are written, which is good: ours follow keys.

With PostgreSQL's own 8, planning the sixteen joins of a case's page takes 17 ms, with 6 it takes 3 ms.
"""
PATIENT = {STATEMENT: 600, IDLE: 600}
"""For handing out long tables: the whole list is one statement, and the reader's line may be slow."""


def limit_connections(process: Process) -> None:
    """All connections that this process opens from now on; called by its entry point, before the first one.

    What DATABASE_URL itself says in `?options=` comes last, so it wins.
    """
    options = cast(dict[str, str], settings.DATABASES["default"]["OPTIONS"])
    own = options.get("options", "")
    options["options"] = f"{startup_options(process)} {own}".strip()


def startup_options(process: Process) -> str:
    limits = " ".join(f"-c {name}={seconds}s" for name, seconds in process.value.items())
    return f"{limits} -c join_collapse_limit={JOINS}"


@contextmanager
def patiently() -> Iterator[None]:
    """Lifts the limits for work that may take long. Enter it outside of a transaction."""
    _run(*(f"SET {name} = '{seconds}s'" for name, seconds in PATIENT.items()))
    try:
        yield
    finally:
        with suppress(Error):  # A lost connection has no limits left to be reset.
            _run(*(f"RESET {name}" for name in PATIENT))


def _run(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
