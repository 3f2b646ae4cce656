"""`manage.py export_trail FILE`: write the whole audit trail in the form that verify.py reads."""

import json
import os
from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from workflow.trail.verification import export_lines, snapshot


class Command(BaseCommand):
    help = (
        "Write the audit trail as JSON lines, as it stands at one moment."
        " `python workflow/trail/verify.py FILE` verifies it."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the file to write; one that exists is not overwritten")

    def handle(self, *args: object, file: Path, **options: object) -> None:
        try:
            with open(file, "x", encoding="utf-8") as export, snapshot():
                for line in export_lines():
                    export.write(json.dumps(line, ensure_ascii=False) + "\n")
                export.flush()
                os.fsync(export.fileno())
        except OSError as error:
            raise CommandError(f"The trail cannot be written to {file}: {error.strerror}.") from None
        self.stdout.write(f"Written: {file}")
