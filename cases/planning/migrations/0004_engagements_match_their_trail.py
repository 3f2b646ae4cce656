"""Engagements and deliverables are stored only as their trail tells them."""

from django.db import migrations

WATCHED = {"planning_engagement": "engagement", "planning_deliverable": "deliverable"}


class Migration(migrations.Migration):
    dependencies = [("planning", "0003_engagements"), ("workflow", "0012_controllers_watch")]

    operations = [
        migrations.RunSQL(
            f"SELECT public.trail_watch('public.{table}', '{case_type}')", f"DROP TRIGGER trail_case ON public.{table}"
        )
        for table, case_type in WATCHED.items()
    ]
