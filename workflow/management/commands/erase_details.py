"""`manage.py erase_details`: erase details of events as the law may demand; the trail tells who did so and why."""

from argparse import ArgumentParser

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.db import ProgrammingError, transaction

from workflow.door import Refused
from workflow.models import Event
from workflow.trail.erasure import erase


class Command(BaseCommand):
    help = (
        "Erase what was put in and changed by the events with these numbers, as the page of each event shows them. The"
        " events stay, and each erasure is an event itself. Run it as the database role that owns the tables."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("events", type=int, nargs="+", metavar="EVENT", help="the number of an event")
        parser.add_argument("--by", required=True, metavar="ADDRESS", help="the e-mail address of who ordered it")
        parser.add_argument("--reason", required=True, help="why; it stays on the trail, so it names nobody")

    def handle(self, *args: object, events: list[int], by: str, reason: str, **options: object) -> None:
        person = get_user_model()._default_manager.filter(email=by.strip().lower(), is_active=True).first()
        if person is None:
            raise CommandError(f"No active person has the address {by}.")
        try:
            with transaction.atomic():
                erased = [erase(self._event(number), by=person, reason=reason) for number in events]
        except Refused as refused:
            raise CommandError(refused.sentence) from refused
        except ProgrammingError as denied:
            raise CommandError(
                "Only the database role that owns the tables may erase details: set DATABASE_URL to the owner's."
            ) from denied
        self.stdout.write(f"Erased: the details of {len(erased)} events, at the order of {person}.")

    def _event(self, number: int) -> Event:
        event = Event.objects.filter(pk=number).first()
        if event is None:
            raise CommandError(f"There is no event {number}.")
        return event
