"""Background work in production: Celery with Redis does what the loop of `manage.py worker` does on one machine.

`celery -A config.celery worker` and, once or more, `celery -A config.celery beat`: a task that runs twice does no harm.
"""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("baikoo")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_schedule = {
    # A round that could not start in time is dropped: the next one finds the same rows.
    name: {"task": f"notifications.tasks.{name}", "schedule": seconds, "options": {"expires": seconds}}
    for name, seconds in {"send_messages": 5, "say_alive": 10, "verify_trail": 600}.items()
}
