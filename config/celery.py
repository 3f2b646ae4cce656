"""Background work in production: Celery with Redis does what the loop of `manage.py worker` does on one machine.

`celery -A config.celery worker` and, once or more, `celery -A config.celery beat`: a task that runs twice does no harm.
"""

import os
import time

from celery import Celery
from celery.signals import task_received, worker_init, worker_ready, worker_shutting_down
from celery.worker import state

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("baikoo")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_schedule = {
    # A round that could not start in time is dropped: the next one finds the same rows.
    name: {"task": f"notifications.tasks.{name}", "schedule": seconds, "options": {"expires": seconds}}
    for name, seconds in {
        "send_messages": 5,
        "say_alive": 10,
        "make_exports": 10,
        "verify_trail": 600,
        "do_what_is_due": 3600,
    }.items()
}

DAY = 24 * 3600
app.conf.beat_schedule["remove_old"] = {
    "task": "notifications.tasks.remove_old",
    "schedule": DAY,
    "options": {"expires": DAY},
}

QUIET = 60
"""Seconds without any task after which the schedule or Redis is taken to be dead; one is due every five seconds."""


class Arrivals:
    """When this worker last received a task."""

    def __init__(self) -> None:
        self.last = time.monotonic()

    def note(self, **rest: object) -> None:
        self.last = time.monotonic()

    def gets_on(self) -> bool:
        """While all processes of the worker are busy it receives nothing more; none stays so beyond its time limit."""
        return bool(state.active_requests) or time.monotonic() - self.last < QUIET


arrivals = Arrivals()
task_received.connect(arrivals.note)


@worker_init.connect
def limit(**rest: object) -> None:
    from cases.ground.limits import Process, limit_connections  # noqa: PLC0415 - Django is set up by now

    limit_connections(Process.WORKER)


@worker_ready.connect
def start_pulse(**rest: object) -> None:
    from notifications.pulse import Pulse  # noqa: PLC0415 - Django is set up by now

    pulse = Pulse(arrivals.gets_on)
    worker_shutting_down.connect(lambda **rest: pulse.stop(), weak=False)
    pulse.start()
