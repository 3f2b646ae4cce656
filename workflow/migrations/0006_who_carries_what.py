"""Fills in who carries what; each kind of case adds whose page its rows are shown on."""

from django.db import migrations

CARRIED = """
UPDATE workflow_expectation SET about_type = subject_type, about_id = subject_id, in_charge_id = assignee_id,
    assignee_id = CASE WHEN role = 'coordinator' THEN assignee_id END
"""
KEYS = """
UPDATE workflow_expectation SET key = 'extra:' || id WHERE closed_at IS NULL AND EXISTS (
    SELECT FROM workflow_expectation AS main WHERE main.closed_at IS NULL AND main.id < workflow_expectation.id
    AND (main.subject_type, main.subject_id) = (workflow_expectation.subject_type, workflow_expectation.subject_id)
)
"""
"""Of what one case expects at once, the first is the state's own."""
BACK = """
UPDATE workflow_expectation SET assignee_id = in_charge_id, addressed_id = coalesce(addressed_id, 0)
"""


class Migration(migrations.Migration):
    dependencies = [("workflow", "0005_cases_are_about_one_another")]

    operations = [migrations.RunSQL(CARRIED, BACK), migrations.RunSQL(KEYS, migrations.RunSQL.noop)]
