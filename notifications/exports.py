"""When long tables are made, and their files removed."""

from cases.desk.making import make_next, remove_outdated
from cases.desk.models import Export
from cases.ground.clock import database_now
from notifications.apart import Apart


class Maker:
    """Makes tables one after the other, in a thread of its own."""

    def __init__(self) -> None:
        self.apart = Apart(make_all, "making of tables")

    def start_when_due(self) -> None:
        now = database_now()
        if not self.apart.is_busy() and (Export.objects.to_make(now) | Export.objects.outdated(now)).exists():
            self.apart.start()


def make_all() -> int:
    """Make what waits, and remove what is kept no longer; returns how many tables were tried."""
    remove_outdated()
    count = 0
    while make_next():
        count += 1
    return count
