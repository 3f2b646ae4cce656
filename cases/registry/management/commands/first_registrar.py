"""`manage.py first_registrar`: a department and its first two registrars, on a server without any."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from cases.registry.verbs import password_path
from cases.registry.verbs.founding import found_registry
from workflow.door import Refused


class Command(BaseCommand):
    help = (
        "Registers a department and its first registrar, or as long as only one person of it can decide another one,"
        " and prints the link by which they set their password."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("full_name")
        parser.add_argument("--department", required=True, metavar="CODE", help="a short code that stays")
        parser.add_argument("--name", default="", help="the department's name in Kyrgyz, if it is new")

    def handle(self, *args: str, **options: str) -> None:
        try:
            registrar = found_registry(
                email=options["email"],
                full_name=options["full_name"],
                code=options["department"],
                name=options["name"],
            )
        except Refused as refused:
            raise CommandError(refused.sentence) from refused
        self.stdout.write(f"{settings.SITE_URL.rstrip('/')}{password_path(registrar)}")
