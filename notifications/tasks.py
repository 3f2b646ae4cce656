"""The worker's functions as Celery tasks; each takes its work from the database, so none has arguments."""

from celery import shared_task

from cases.registry.verbs import answer_link_requests
from notifications.cleaning import clean_up
from notifications.clock import run_clock
from notifications.daily import Verifier
from notifications.exports import make_all
from notifications.unmanned import warn_of_ended
from notifications.worker import send_due_messages

verifier = Verifier()


@shared_task
def send_messages() -> int:
    answer_link_requests()
    return send_due_messages()


@shared_task
def say_alive() -> None:
    """Does nothing: its arrival shows that the schedule and Redis work (see config/celery.py)."""


@shared_task
def remove_old() -> int:
    return clean_up()


@shared_task(time_limit=6 * 3600)
def verify_trail() -> None:
    """Asked for often, done once a day."""
    verifier.verify_when_due()


@shared_task(time_limit=3600)
def make_exports() -> int:
    return make_all()


@shared_task
def do_what_is_due() -> int:
    """By dates alone, such as the day on which an accepted risk expires, or a role ends."""
    return run_clock() + warn_of_ended()
