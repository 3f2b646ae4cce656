"""The moment of an act, by the database's clock: one for all processes, whatever the clocks of their machines say."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import connection, models

if TYPE_CHECKING:
    from workflow.case import Case


class Moment(models.Func):
    """When a row is read: the select that locks a case brings it along."""

    template = "CLOCK_TIMESTAMP()"
    output_field = models.DateTimeField()


def moment_of(locked: "Case") -> datetime:
    """When this case was locked."""
    moment: datetime = locked.__dict__["locked_at"]
    return moment


def database_now() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT CLOCK_TIMESTAMP()")
        [now] = cursor.fetchone()
    moment: datetime = now
    return moment
