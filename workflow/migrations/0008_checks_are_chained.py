"""Verifications are numbered, dated and chained by the database; a sound chain is sealed although something else is wrong."""

from pathlib import Path

from django.db import migrations, models
from django.db.models import Q

FORWARD = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
BACKWARD = """
DROP TRIGGER trail_check_chain ON public.workflow_trailcheck;
DROP FUNCTION public.trail_check_chain();
DROP FUNCTION public.trail_write_check(bigint, bigint, bigint, text, text, jsonb);
SELECT setval(
    pg_get_serial_sequence('public.workflow_trailcheck', 'id'),
    coalesce((SELECT max(id) FROM public.workflow_trailcheck), 0) + 1, false
);
"""
SEAL = r"^[0-9]{1,19}-[0-9]{1,19}-[0-9a-f]{64}$"


class Migration(migrations.Migration):
    dependencies = [("workflow", "0007_expectations_have_keys")]

    operations = [
        migrations.AddField(
            "trailcheck", "previous", models.CharField(blank=True, default="", max_length=64), preserve_default=False
        ),
        migrations.AddField(
            "trailcheck", "hash", models.CharField(blank=True, default="", max_length=64), preserve_default=False
        ),
        migrations.AlterModelOptions(
            "trailcheck", options={"ordering": ["-id"], "verbose_name": "verification of the trail"}
        ),
        migrations.AlterField("trailcheck", "at", models.DateTimeField()),
        migrations.RemoveConstraint("trailcheck", "trail_check_sound_is_sealed"),
        migrations.AddConstraint(
            "trailcheck",
            models.CheckConstraint(
                condition=Q(seal__regex=SEAL) | (~Q(fault="") & Q(seal="")), name="trail_check_sound_is_sealed"
            ),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
