"""The trigger writes a chain's head once an event, not twice: brings it to databases that were made before."""

from pathlib import Path

from django.db import migrations, models

CHAIN = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = [("workflow", "0002_trail_triggers")]

    operations = [
        migrations.RunSQL(CHAIN, migrations.RunSQL.noop),
        migrations.AlterField("expectation", "opened_at", models.DateTimeField()),
    ]
