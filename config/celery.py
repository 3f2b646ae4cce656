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
    "send due messages": {"task": "notifications.tasks.send_messages", "schedule": 5, "options": {"expires": 5}},
    "say that the worker lives": {"task": "notifications.tasks.say_alive", "schedule": 10, "options": {"expires": 10}},
}
