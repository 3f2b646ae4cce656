"""`manage.py unclaimed_files`: the files on disk that no row of the database names; removed with --remove."""

from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from workflow.trail.unclaimed import unclaimed


class Command(BaseCommand):
    help = (
        "List the files in EVIDENCE_DIR that no row names and that are older than a day, as an upload was taken back or"
        " cut off. The worker removes a few of them every day; many at once it keeps, as after an older backup of the"
        " database was restored."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--remove", action="store_true", help="remove them as well")

    def handle(self, *args: object, remove: bool = False, **options: object) -> None:
        files = unclaimed(datetime.now(UTC))
        for path in files:
            self.stdout.write(f"{path.relative_to(Path(settings.EVIDENCE_DIR))} {path.stat().st_size} bytes")
            if remove:
                path.unlink(missing_ok=True)
        self.stdout.write(f"{len(files)} files {'removed' if remove else 'that no row names'}")
