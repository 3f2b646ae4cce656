"""`manage.py load_demo`: fill an empty database with the demo, once."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import translation

from cases.followup.demo import people
from cases.followup.demo.cases import load_cases
from cases.registry.legal_acts import load_legal_acts
from cases.registry.models import User


class Command(BaseCommand):
    help = "Load the demo: the real resolution with invented people. Loaded once; run again, it changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--logins", action="store_true", help="only print the logins of the demo")
        parser.add_argument(
            "--into-this-database",
            action="store_true",
            help="load it although DEBUG is off or the database is not the embedded one",
        )

    def handle(self, *args: object, **options: object) -> None:
        if options["logins"]:
            with translation.override("en"):
                self.stdout.write(people.logins() if people.is_loaded() else "  The demo is not loaded.")
            return
        if not (settings.DEBUG and settings.EMBEDDED_DATABASE) and not options["into_this_database"]:
            raise CommandError(
                "The demo has a password that everybody knows. It is only loaded with DEBUG on and into the database"
                " that `make run` brings. To load it all the same, add --into-this-database."
            )
        self.load()

    @transaction.atomic
    def load(self) -> None:
        if people.is_loaded():
            self.stdout.write("The demo is loaded already.")
            return
        if User.objects.exists():
            raise CommandError("There are people in this database already; the demo goes into an empty one only.")
        load_legal_acts()
        load_cases(people.make_people())
        self.stdout.write("The demo is loaded.")
