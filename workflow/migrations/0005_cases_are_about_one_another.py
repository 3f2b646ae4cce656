"""Expectations and events say on whose page they are shown and which ministry they belong to; a duty has a key.

Who carries the case (`in_charge`) and who carries the duty (`assignee`) are told apart: a task of any role can be
assigned."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("workflow", "0004_inbox_indexes"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.AddField("event", "about_type", models.CharField(blank=True, db_default="", default="", max_length=30)),
        migrations.AddField("event", "about_id", models.BigIntegerField(null=True)),
        migrations.AddField("event", "ministry_id", models.BigIntegerField(null=True)),
        migrations.AddField("expectation", "about_type", models.CharField(default="", max_length=30), preserve_default=False),
        migrations.AddField("expectation", "about_id", models.BigIntegerField(default=0), preserve_default=False),
        migrations.AddField("expectation", "key", models.CharField(blank=True, default="", max_length=60), preserve_default=False),
        migrations.AddField("expectation", "ministry_id", models.BigIntegerField(null=True)),
        migrations.AddField("expectation", "suspended_days", models.PositiveSmallIntegerField(default=0)),
        migrations.AddField(
            "expectation",
            "in_charge",
            models.ForeignKey(
                db_index=False, null=True, on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AlterField("expectation", "addressed_id", models.BigIntegerField(null=True)),
    ]
