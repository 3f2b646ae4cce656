"""`manage.py worker`: sends messages, says that it lives, verifies the trail daily; until SIGTERM or Ctrl-C."""

from django.core.management.base import BaseCommand

from cases.ground.limits import Process, limit_connections
from notifications.loop import Loop


class Command(BaseCommand):
    help = "Sends messages and verifies the trail daily, until it is stopped."
    requires_system_checks = []

    def handle(self, *args: object, **options: object) -> None:
        limit_connections(Process.WORKER)
        Loop().run()
