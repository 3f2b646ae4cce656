"""`manage.py trail_guards`: print the functions and triggers that guard the trail, for workflow/trail/guards.sql."""

from django.core.management.base import BaseCommand

from workflow.trail.guards import as_text, names_in_full, present_guards


class Command(BaseCommand):
    help = "Print what guards the trail in this database. After a migration of it: > workflow/trail/guards.sql"

    def handle(self, *args: object, **options: object) -> None:
        with names_in_full():
            guards = present_guards()
        self.stdout.write(as_text(guards), ending="")
