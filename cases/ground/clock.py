"""The database's clock: one for all processes, whatever the clocks of their machines say."""

from datetime import datetime

from django.db import connection
from django.db.models import DateField, Func

from workflow.terms import BISHKEK


class Today(Func):
    """The date in Bishkek by the database's clock, for conditions on rows."""

    template = f"(STATEMENT_TIMESTAMP() AT TIME ZONE '{BISHKEK.key}')::date"
    output_field = DateField()


def database_now() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT CLOCK_TIMESTAMP()")
        [now] = cursor.fetchone()
    moment: datetime = now
    return moment
