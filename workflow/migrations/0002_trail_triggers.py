"""The trail chains itself and refuses to be changed."""

from pathlib import Path

from django.db import migrations

FORWARD = Path(__file__).with_name("trail_triggers.sql").read_text()
BACKWARD = """
DROP TRIGGER trail_chain ON workflow_event;
DROP TRIGGER trail_refuse ON workflow_event;
DROP TRIGGER trail_refuse_truncate ON workflow_event;
DROP TRIGGER trail_refuse ON workflow_eventdetails;
DROP TRIGGER trail_refuse_truncate ON workflow_eventdetails;
DROP TRIGGER trail_refuse ON workflow_chainhead;
DROP TRIGGER trail_refuse_truncate ON workflow_chainhead;
DROP TRIGGER trail_refuse_update ON workflow_chainhead;
DROP FUNCTION trail_chain();
DROP FUNCTION trail_refuse();
DROP FUNCTION trail_field(text);
"""


class Migration(migrations.Migration):
    dependencies = [("workflow", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
