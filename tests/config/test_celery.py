"""With Redis, Celery does what the loop of the worker does."""

import os
import time

import pytest
from celery.contrib.testing.worker import start_worker

from config.celery import app
from notifications import tasks
from notifications.models import Heartbeat


def test_the_schedule_names_tasks_that_exist_and_drops_what_is_late() -> None:
    app.loader.import_default_modules()
    assert tasks
    for entry in app.conf.beat_schedule.values():
        assert entry["task"] in app.tasks
        assert entry["options"]["expires"] <= entry["schedule"]
        assert not {"eta", "countdown"} & set(entry["options"])


@pytest.mark.redis
@pytest.mark.django_db(transaction=True)
def test_a_task_sent_through_redis_is_done_by_a_worker() -> None:
    assert os.environ.get("REDIS_URL"), "Start these tests with `make test`, which brings a Redis."
    with start_worker(app, pool="solo", perform_ping_check=False):
        tasks.say_alive.delay()
        deadline = time.monotonic() + 20
        while not Heartbeat.objects.exists() and time.monotonic() < deadline:
            time.sleep(0.1)
    assert Heartbeat.objects.exists()
