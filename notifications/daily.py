"""What is done once a day: the verification of the trail."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Thread

from django.db import connection
from django.utils import timezone

from workflow.models import TrailCheck
from workflow.trail.verification import verify_and_record

log = logging.getLogger(__name__)

DAY = timedelta(hours=24)
LOCK = 0x0B41_C00D
"""The key of PostgreSQL's advisory lock: of several workers one verifies."""


class Verifier:
    """Verifies in a thread of its own: a long trail takes minutes, and messages do not wait for it."""

    def __init__(self) -> None:
        self.thread: Thread | None = None

    def start_when_due(self) -> None:
        if (self.thread is None or not self.thread.is_alive()) and is_due():
            self.thread = Thread(target=_verify_apart, name="verification", daemon=True)
            self.thread.start()


def verify_trail_when_due() -> None:
    """Nothing happens when the last verification is younger than a day, or when another worker is at it."""
    with _alone() as is_alone:
        if is_alone and is_due():
            verify_and_record()


def is_due() -> bool:
    return not TrailCheck.objects.filter(at__gt=timezone.now() - DAY).exists()


def _verify_apart() -> None:
    try:
        verify_trail_when_due()
    except Exception:  # Nobody else would hear of it; the next turn tries again.
        log.exception("The trail could not be verified.")
    finally:
        connection.close()


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
