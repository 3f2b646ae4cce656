"""`manage.py matrix`: print who may do what in which state."""

from django.core.management.base import BaseCommand

from workflow.matrix import matrix


class Command(BaseCommand):
    help = "Print the matrix of every lifecycle: states, roles, rights and terms."

    def handle(self, *args: object, **options: object) -> None:
        self.stdout.write(matrix())
