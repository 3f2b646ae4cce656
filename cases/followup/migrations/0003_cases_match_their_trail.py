"""Recommendations and requests for more time are stored only as their trail tells them."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("followup", "0002_due_dates_go_together"), ("workflow", "0008_cases_match_their_trail")]

    operations = [
        migrations.RunSQL(
            "SELECT public.trail_watch('public.followup_recommendation', 'recommendation')",
            "DROP TRIGGER trail_case ON public.followup_recommendation",
        ),
        migrations.RunSQL(
            "SELECT public.trail_watch('public.followup_extension', 'extension')",
            "DROP TRIGGER trail_case ON public.followup_extension",
        ),
    ]
