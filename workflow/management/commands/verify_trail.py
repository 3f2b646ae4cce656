"""`manage.py verify_trail`: verify trail, records and files; exit code 1 and the first fault when one is found."""

import sys

from django.core.management.base import BaseCommand

from workflow.trail.verification import verify_and_record


class Command(BaseCommand):
    help = (
        "Verify the audit trail, the records and all stored files, and keep the result. Exit code 1 when it is broken."
    )

    def handle(self, *args: object, **options: object) -> None:
        check = verify_and_record(parts=1)
        if not check.is_sound:
            self.stderr.write(check.finding)
            sys.exit(1)
        erased = f", details of {check.erased} erased" if check.erased else ""
        self.stdout.write(f"Sound: {check.events} events in {check.chains} chains{erased}.")
        self.stdout.write(f"Seal, to be kept elsewhere: {check.seal}")
