"""`manage.py load_legal_acts`: the legal acts that come with Baikoo; a second time adds nothing."""

from django.core.management.base import BaseCommand

from cases.registry.legal_acts import load_legal_acts


class Command(BaseCommand):
    help = "Adds the legal acts that come with Baikoo to the registry, those that it does not have yet."

    def handle(self, *args: object, **options: object) -> None:
        counts = load_legal_acts()
        self.stdout.write(f"Legal acts: {counts['new']} new, {counts['changed']} changed, {counts['same']} unchanged.")
