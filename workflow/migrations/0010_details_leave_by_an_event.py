"""Details of an event are erased by an event that says so, and in no other way."""

from pathlib import Path

from django.db import migrations

FORWARD = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
BACKWARD = """
DROP TRIGGER trail_erase ON public.workflow_event;
DROP TRIGGER trail_refuse_delete ON public.workflow_eventdetails;
DROP FUNCTION public.trail_erase();
"""


class Migration(migrations.Migration):
    dependencies = [("workflow", "0009_erasures_are_recorded")]

    operations = [
        migrations.RunSQL(FORWARD, BACKWARD),
        migrations.AlterModelOptions("eventdetails", options={"verbose_name": "details of an event"}),
    ]
