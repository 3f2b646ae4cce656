"""Plan-schedules are stored only as their trail tells them, and of a department one is in force."""

from django.db import migrations

ONE_IN_FORCE = """
ALTER TABLE public.planning_planschedule ADD CONSTRAINT plan_schedule_one_in_force
EXCLUDE USING btree (department_id WITH =) WHERE (state = 'in_force') DEFERRABLE INITIALLY DEFERRED
"""
# Looked at when the transaction ends: the one before is superseded after the event of the next one.


class Migration(migrations.Migration):
    dependencies = [("planning", "0001_plan_schedules"), ("workflow", "0011_cases_match_their_trail")]

    operations = [
        migrations.RunSQL(
            "SELECT public.trail_watch('public.planning_planschedule', 'plan_schedule')",
            "DROP TRIGGER trail_case ON public.planning_planschedule",
        ),
        migrations.RunSQL(
            ONE_IN_FORCE, "ALTER TABLE public.planning_planschedule DROP CONSTRAINT plan_schedule_one_in_force"
        ),
    ]
