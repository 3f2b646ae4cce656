"""`manage.py prove_deliveries`: what was delivered and agreed, against its hashes; exit code 1 if any differs."""

import sys
from collections.abc import Iterable

from django.core.management.base import BaseCommand

from cases.followup import proofs
from cases.followup.proofs import Proof


class Command(BaseCommand):
    help = (
        "Compare every delivered text and every agreed plan with the SHA-256 that was kept of it, and with the audit"
        " trail. Exit code 1, and the numbers of the cases, when something does not match."
    )

    def handle(self, *args: object, **options: object) -> None:
        faults = self._look_at("deliveries", proofs.deliveries()) + self._look_at("agreed plans", proofs.plans())
        if faults:
            sys.exit(1)

    def _look_at(self, what: str, compared: Iterable[Proof]) -> int:
        matching = lost = faults = 0
        for proof in compared:
            if proof.fault:
                faults += 1
                self.stderr.write(f"{proof.number}: {proof.fault}")
            elif proof.is_kept:
                matching += 1
            else:
                lost += 1
        kept = f", {lost} from before texts were kept" if lost else ""
        self.stdout.write(f"{what}: {matching} match, {faults} do not{kept}")
        return faults
