"""Plan-schedules are stored only as their trail tells them."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("planning", "0001_plan_schedules"), ("workflow", "0011_cases_match_their_trail")]

    operations = [
        migrations.RunSQL(
            "SELECT public.trail_watch('public.planning_planschedule', 'plan_schedule')",
            "DROP TRIGGER trail_case ON public.planning_planschedule",
        ),
    ]
