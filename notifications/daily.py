"""What is done once a day: the verification of the trail."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db import connection

from notifications.apart import Apart
from workflow.models import TrailCheck
from workflow.trail.verification import verify_and_record

log = logging.getLogger(__name__)

DAY = timedelta(hours=24)
LATE = timedelta(hours=26)
"""No verification takes longer than this; a lock that is held longer is ignored."""
LOCK = 0x0B41_C00D
"""The key of PostgreSQL's advisory lock: of several workers one verifies."""


class Verifier:
    """Verifies in a thread of its own: a long trail takes minutes, and messages do not wait for it.

    A worker that has run for a day trusts only its own record: somebody able to write such records could otherwise keep
    it from verifying for ever.
    """

    def __init__(self) -> None:
        self.apart = Apart(self.verify_when_due, "verification of the trail")
        self.own = time.monotonic()

    def start_when_due(self) -> None:
        if not self.apart.is_busy() and self._is_due(DAY):
            self.apart.start()

    def verify_when_due(self) -> None:
        """Nothing happens when the last verification is younger than a day, or while another worker is at it."""
        with _alone() as is_alone:
            if not self._is_due(DAY if is_alone else LATE):
                return
            if not is_alone:
                log.warning("Another process holds the lock of the verification, which is overdue: done without it.")
            verify_and_record()
            self.own = time.monotonic()

    def _is_due(self, after: timedelta) -> bool:
        return is_due(after) or time.monotonic() > self.own + after.total_seconds()


def is_due(after: timedelta = DAY) -> bool:
    """By the database's clock; a verification that is dated in the future does not count."""
    return not TrailCheck.objects.within(after).exists()


@contextmanager
def _alone() -> Iterator[bool]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        [is_alone] = cursor.fetchone()
    try:
        yield is_alone
    finally:
        if is_alone:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
