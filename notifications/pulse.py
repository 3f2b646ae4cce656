"""The worker's sign of life, in a thread of its own: a slow mail server does not stop it, a hanging worker does."""

import logging
from collections.abc import Callable
from datetime import timedelta
from threading import Event, Thread

from django.db import Error as DatabaseTrouble
from django.db import connection

from notifications.models import Heartbeat

log = logging.getLogger(__name__)

EVERY = 5
"""Seconds between two beats."""
HANGS_AFTER = timedelta(minutes=20)
"""A worker that has not got on for so long is as good as dead. A round of letters to a slow mail server takes less."""


class Pulse:
    """Beats while `is_well()`, until it is stopped."""

    def __init__(self, is_well: Callable[[], bool], name: str = "worker") -> None:
        self.is_well, self.name = is_well, name
        self.stopped = Event()
        self.thread = Thread(target=self._run, name="pulse", daemon=True)

    def start(self) -> None:
        self.thread.start()

    def stop(self) -> None:
        self.stopped.set()
        if self.thread.is_alive():
            self.thread.join(EVERY)

    def _run(self) -> None:
        while not self.stopped.is_set():
            self.beat()
            self.stopped.wait(EVERY)
        connection.close()

    def beat(self) -> None:
        if not self.is_well():
            return
        try:
            Heartbeat.note(self.name)
        except DatabaseTrouble as trouble:  # The loop logs it; the next beat connects again.
            log.debug("No beat: %s", trouble)
            connection.close()
