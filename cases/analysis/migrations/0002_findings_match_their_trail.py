"""Findings are stored only as their trail tells them."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("analysis", "0001_findings"), ("workflow", "0012_controllers_watch")]

    operations = [
        migrations.RunSQL(
            "SELECT public.trail_watch('public.analysis_finding', 'finding')",
            "DROP TRIGGER trail_case ON public.analysis_finding",
        )
    ]
