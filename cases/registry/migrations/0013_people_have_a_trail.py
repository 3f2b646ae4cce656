"""People and organisations that were stored without an event, as those of the demo were, are entered on the trail."""

from pathlib import Path

from django.db import migrations

FORWARD = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = [("registry", "0012_catalogues"), ("workflow", "0012_controllers_watch")]

    operations = [migrations.RunSQL(FORWARD, migrations.RunSQL.noop)]
