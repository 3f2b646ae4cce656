"""The worker's sign of life: slow mail does not stop it, a worker that hangs does."""

import time
from collections.abc import Callable
from datetime import timedelta
from threading import Event
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from notifications import pulse
from notifications.loop import Loop
from notifications.models import Heartbeat
from notifications.pulse import HANGS_AFTER, Pulse
from tests.config.outages import database_away

PATIENCE = 20
"""Seconds after which a test that hangs is ended."""


def beats() -> int:
    return Heartbeat.objects.filter(name="worker").count()


def loop_without_tasks() -> Loop:
    """Its tasks would go on in threads of their own, and read the database while it is emptied after the test."""
    loop = Loop()
    loop.tasks = []
    return loop


def wait_until(holds: Callable[[], Any]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_worker_lives_while_a_letter_takes_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulse, "EVERY", 0.05)
    is_sending, go_on = Event(), Event()

    def slow_mail(limit: int) -> int:
        is_sending.set()
        Heartbeat.objects.all().delete()
        assert go_on.wait(PATIENCE)
        return 0

    monkeypatch.setattr("notifications.loop.send_due_messages", slow_mail)
    loop = loop_without_tasks()
    watcher = pulse.Thread(target=lambda: (is_sending.wait(PATIENCE), wait_until(beats), loop.stop(), go_on.set(),
                                           connection.close()))  # fmt: skip
    monkeypatch.setattr("notifications.loop.signal.signal", lambda *_: None)
    watcher.start()
    loop.run()
    watcher.join()
    assert beats() == 1
    assert not loop.pulse.thread.is_alive()


def test_a_worker_that_hangs_is_no_longer_alive(db: None) -> None:
    loop = loop_without_tasks()
    loop.pulse.beat()
    assert beats() == 1
    Heartbeat.objects.all().delete()
    loop.got_on_at -= HANGS_AFTER.total_seconds()
    loop.pulse.beat()
    assert beats() == 0
    assert not loop.turn()
    loop.pulse.beat()
    assert beats() == 1


@pytest.mark.parametrize("years", [-1, 1])
def test_it_beats_by_the_clock_of_the_database(db: None, monkeypatch: pytest.MonkeyPatch, years: int) -> None:
    right = timezone.now
    monkeypatch.setattr("django.utils.timezone.now", lambda: right() + timedelta(days=365 * years))
    Pulse(lambda: True).beat()
    assert abs(Heartbeat.objects.get().at - right()) < timedelta(minutes=1)


def test_it_is_one_row_that_moves(db: None) -> None:
    Heartbeat.note("worker")
    first = Heartbeat.objects.get().at
    Heartbeat.note("worker")
    assert Heartbeat.objects.get().at > first


@pytest.mark.django_db(transaction=True)
def test_a_database_that_is_away_does_not_end_it(tmp_path: Any) -> None:
    with database_away(tmp_path):
        Pulse(lambda: True).beat()
    Pulse(lambda: True).beat()
    assert beats() == 1
