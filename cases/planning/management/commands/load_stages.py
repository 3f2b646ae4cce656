"""`manage.py load_stages`: the list of what each stage of a monitoring has to deliver; a second time adds nothing."""

from datetime import date
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cases.ground.cells import TableError
from cases.planning.stages import FILE, load_stages
from cases.registry.models import LegalAct


class Command(BaseCommand):
    help = (
        "Keeps the list of deliverables that comes with Baikoo, or the one in a .csv file of the same columns, as a new"
        " version. Monitorings that have begun keep the version they began with."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, default=FILE, help="a .csv file")
        parser.add_argument("--act", type=int, help="the id of the legal act by which the list changes")
        parser.add_argument("--from", dest="since", type=date.fromisoformat, help="in force since, such as 2027-01-01")

    def handle(self, *args: object, file: Path, act: int | None, since: date | None, **options: object) -> None:
        legal_act = LegalAct.objects.filter(pk=act).first() if act is not None else None
        if act is not None and legal_act is None:
            raise CommandError(f"There is no legal act {act}.")
        try:
            template = load_stages(file, legal_act=legal_act, in_force_from=since)
        except (OSError, TableError) as error:
            raise CommandError(f"The list was not loaded. {error}") from error
        self.stdout.write(f"List of deliverables: version {template.version}, {template.rows.count()} rows.")
