"""`manage.py verify_decisions`: every case that does not say what was decided on in rounds; exit code 1 for any."""

import sys

from django.core.management.base import BaseCommand

from workflow.rounds.checking import findings
from workflow.trail.findings import sentence


class Command(BaseCommand):
    help = "Compare all cases with what was decided on in rounds. Exit code 1 when one differs."

    def handle(self, *args: object, **options: object) -> None:
        sentences = [sentence(finding.fault, finding.facts) for finding in findings()]
        for line in sentences:
            self.stderr.write(line)
        if sentences:
            sys.exit(1)
        self.stdout.write("All cases say what was decided on.")
