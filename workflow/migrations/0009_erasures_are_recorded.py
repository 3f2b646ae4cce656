"""Details that were erased before erasures left a trace are entered on the trail; nothing is ever taken off it again."""

from pathlib import Path

from django.db import migrations

FORWARD = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = [("workflow", "0008_checks_are_chained")]

    operations = [migrations.RunSQL(FORWARD, migrations.RunSQL.noop)]
