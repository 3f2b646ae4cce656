"""The loop that does on one machine what Celery does in production."""

import logging
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass

from django.db import Error as DatabaseTrouble
from django.db import connection

from cases.registry.verbs import answer_link_requests
from notifications.cleaning import clean_up
from notifications.clock import EVERY, run_clock
from notifications.daily import Verifier
from notifications.exports import Maker
from notifications.pulse import HANGS_AFTER, Pulse
from notifications.unmanned import warn_of_ended
from notifications.worker import send_due_messages

log = logging.getLogger(__name__)

ROUND = 10
"""E-mails sent between two looks at the clock and at the wish to stop."""


@dataclass
class RepeatedTask:
    """Done again when `every` seconds have passed."""

    do: Callable[[], object]
    every: float
    next_at: float = 0

    def run_when_due(self) -> None:
        if time.monotonic() >= self.next_at:
            self.do()
            self.next_at = time.monotonic() + self.every


class Loop:
    """Runs until it is stopped, and waits for a database that is away."""

    def __init__(self) -> None:
        self.is_stopping = False
        self.is_cut_off = False
        self.tasks = [
            RepeatedTask(Verifier().start_when_due, every=600),
            RepeatedTask(Maker().start_when_due, every=5),
            RepeatedTask(run_clock, every=EVERY),
            RepeatedTask(warn_of_ended, every=EVERY),
        ]
        self.got_on_at = time.monotonic()
        self.pulse = Pulse(self.gets_on)
        self.tasks.append(RepeatedTask(clean_up, every=24 * 3600))

    def run(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.stop)
        self.pulse.start()
        while not self.is_stopping:
            if not self.turn():
                self.pause(seconds=1)
        self.pulse.stop()

    def gets_on(self) -> bool:
        return time.monotonic() - self.got_on_at < HANGS_AFTER.total_seconds()

    def stop(self, *_: object) -> None:
        self.is_stopping = True

    def turn(self) -> bool:
        """Do what is due; returns whether more may be waiting."""
        self.got_on_at = time.monotonic()
        try:
            for task in self.tasks:
                task.run_when_due()
            answer_link_requests()
            sent = send_due_messages(ROUND)
        except DatabaseTrouble as trouble:
            self._wait_for_database(trouble)
            return False
        if self.is_cut_off:
            log.warning("The database is back.")
            self.is_cut_off = False
        return sent == ROUND

    def pause(self, *, seconds: float) -> None:
        """Sleeps in short naps, because a signal does not interrupt a longer one."""
        until = time.monotonic() + seconds
        while not self.is_stopping and time.monotonic() < until:
            time.sleep(0.1)

    def _wait_for_database(self, trouble: Exception) -> None:
        """The next round connects again. Logged once, not every second."""
        if not self.is_cut_off:
            log.error("The database is away; waiting for it. %s", trouble)
        self.is_cut_off = True
        connection.close()
