"""With Redis, Celery does what the loop of the worker does."""

import os
import time

import pytest
from celery.contrib.testing.worker import start_worker

from cases.registry.models import LinkRequest
from config.celery import QUIET, Arrivals, app, arrivals
from notifications import tasks


def test_the_schedule_names_tasks_that_exist_and_drops_what_is_late() -> None:
    app.loader.import_default_modules()
    assert tasks
    for entry in app.conf.beat_schedule.values():
        assert entry["task"] in app.tasks
        assert entry["options"]["expires"] <= entry["schedule"]
        assert not {"eta", "countdown"} & set(entry["options"])


@pytest.mark.redis
@pytest.mark.django_db(transaction=True)
def test_a_task_sent_through_redis_is_done_by_a_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    assert os.environ.get("REDIS_URL"), "Start these tests with `make test`, which brings a Redis."
    arrivals.last = time.monotonic() - QUIET - 1
    LinkRequest.objects.create(email="nobody@test.example")
    with start_worker(app, pool="solo", perform_ping_check=False):
        tasks.send_messages.delay()
        deadline = time.monotonic() + 20
        while LinkRequest.objects.waiting().exists() and time.monotonic() < deadline:
            time.sleep(0.1)
    assert not LinkRequest.objects.waiting().exists()
    assert arrivals.gets_on()


def test_a_worker_is_alive_while_tasks_arrive_or_keep_it_busy(monkeypatch: pytest.MonkeyPatch) -> None:
    arrived = Arrivals()
    assert arrived.gets_on()
    arrived.last -= QUIET + 1
    assert not arrived.gets_on(), "schedule or Redis are dead"
    monkeypatch.setattr("celery.worker.state.active_requests", {"a letter to a slow mail server"})
    assert arrived.gets_on()
    monkeypatch.undo()
    arrived.note()
    assert arrived.gets_on()
    assert app.conf.task_time_limit
