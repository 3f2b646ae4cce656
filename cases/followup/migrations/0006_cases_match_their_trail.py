"""Recommendations and requests for more time are stored only as their trail tells them."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("followup", "0005_comments_and_numbers_are_gone"), ("workflow", "0011_cases_match_their_trail")]

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
