"""What a failing database says of itself: whether it is away or only busy, and one line of it for the log."""

import logging
from enum import Enum

from django.db import Error, InterfaceError, OperationalError

LOST = {"57P01", "57P02", "57P03", "25P03"}
"""SQLSTATEs of a server that shuts down, crashed, or is starting up, and of one that ended an idle transaction."""
BUSY = {"55P03", "57014", "40P01", "40001"}
"""SQLSTATEs of a lock not granted in time, a statement that took too long, a deadlock, and colliding transactions."""


class DatabaseTrouble(Enum):
    """Why nothing was done. It is over soon, so the answer is 503."""

    LOST = "the database is away"
    BUSY = "the database took too long"


def trouble_of(error: BaseException | None) -> DatabaseTrouble | None:
    """A connection refused, lost or timed out has no SQLSTATE, or one of class 08."""
    if not isinstance(error, Error):
        return None
    state = getattr(error.__cause__, "pgcode", None)
    if state in BUSY:
        return DatabaseTrouble.BUSY
    if state is None:
        return DatabaseTrouble.LOST if isinstance(error, OperationalError | InterfaceError) else None
    return DatabaseTrouble.LOST if state in LOST or state.startswith("08") else None


class OneLine(logging.Filter):
    """For the log of requests: the tracebacks of an outage would hide everything else."""

    def filter(self, record: logging.LogRecord) -> bool:
        if hasattr(record, "is_one_line"):  # Configuring logging a second time leaves the first filter in place.
            return True
        request = getattr(record, "request", None)
        if hasattr(request, "database_trouble_logged"):  # Each middleware that it passes reports it again.
            return False
        error = record.exc_info[1] if isinstance(record.exc_info, tuple) else None
        trouble = trouble_of(error)
        if trouble:
            first_line = str(error).partition("\n")[0]
            path = record.getMessage().partition(": ")[2]
            record.msg, record.args = "503, %s: %s (%s)", (trouble.value, path, first_line)
            record.exc_info = record.exc_text = None
            record.is_one_line = True
            if request is not None:
                request.database_trouble_logged = True
        return True
