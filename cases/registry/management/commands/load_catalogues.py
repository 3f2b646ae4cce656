"""`manage.py load_catalogues`: the catalogues of criteria that come with Baikoo, or a new version of one."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.dateparse import parse_date

from cases.ground.cells import TableError
from cases.registry.catalogues import DATA, load_catalogues
from cases.registry.models import LegalAct
from workflow.door import Refused


class Command(BaseCommand):
    help = "Adds the catalogues of criteria that come with Baikoo, or new versions from tables of your own."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--folder", type=Path, default=DATA, help="where catalogues.csv and criteria.csv are")
        parser.add_argument("--act", type=int, help="number of the legal act (the 17 of A-17) of the new versions")
        parser.add_argument("--from", dest="begins", help="day on which they come into force, such as 2027-01-01")

    def handle(self, *args: object, **options: object) -> None:
        act = LegalAct.objects.filter(pk=int(str(options["act"]))).first() if options["act"] else None
        if options["act"] and act is None:
            raise CommandError(f"There is no legal act A-{options['act']}.")
        begins = parse_date(str(options["begins"])) if options["begins"] else None
        if options["begins"] and begins is None:
            raise CommandError("Write the day as 2027-01-01.")
        try:
            loaded = load_catalogues(Path(str(options["folder"])), legal_act=act, in_force_from=begins)
        except (Refused, TableError, OSError) as error:
            raise CommandError(str(error)) from error
        names = ", ".join(catalogue.number for catalogue in loaded.new) or "none"
        self.stdout.write(f"Catalogues: new: {names}; unchanged: {loaded.same}.")
