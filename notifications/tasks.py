"""The worker's functions as Celery tasks; each takes its work from the database, so none has arguments."""

from celery import shared_task

from notifications.daily import Verifier
from notifications.worker import beat, send_due_messages

verifier = Verifier()


@shared_task
def send_messages() -> int:
    return send_due_messages()


@shared_task
def say_alive() -> None:
    beat()


@shared_task
def verify_trail() -> None:
    """Asked for often, done once a day."""
    verifier.verify_when_due()
