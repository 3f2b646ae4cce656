"""`manage.py verify_trail`: verify the audit trail; exit code 1 and the first broken event when it is not sound."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from workflow.trail.verification import verify_and_record


class Command(BaseCommand):
    help = "Verify every chain of the audit trail and keep the result. Exit code 1 when it is broken."

    def handle(self, *args: Any, **options: Any) -> None:
        check = verify_and_record()
        if not check.is_sound:
            self.stderr.write(check.finding)
            sys.exit(1)
        erased = f", details of {check.erased} erased" if check.erased else ""
        self.stdout.write(f"Sound: {check.events} events in {check.chains} chains{erased}.")
        self.stdout.write(f"Seal, to be kept elsewhere: {check.seal}")
