"""The database's clock: one for all processes, whatever the clocks of their machines say."""

from django.db.models import DateField, Func

from workflow.clock import database_now as database_now
from workflow.terms import BISHKEK


class Today(Func):
    """The date in Bishkek by the database's clock, for conditions on rows."""

    template = f"(STATEMENT_TIMESTAMP() AT TIME ZONE '{BISHKEK.key}')::date"
    output_field = DateField()
