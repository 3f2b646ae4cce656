"""What keeps a case from being stored otherwise than its trail tells; each kind of case is put under watch by its own app."""

from pathlib import Path

from django.db import migrations

FORWARD = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
BACKWARD = """
DROP FUNCTION public.trail_watch(regclass, text);
DROP FUNCTION public.trail_case();
"""


class Migration(migrations.Migration):
    dependencies = [("workflow", "0010_details_leave_by_an_event")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
