"""Says of what is expected and of what happened on whose page it is shown, and which ministry it belongs to.

None of it is part of what the trail hashes, so its guard rests while the columns are filled.
"""

from django.db import migrations

SHOWN = """
UPDATE workflow_expectation AS owed SET ministry_id = shown.ministry_id,
    addressed_id = CASE WHEN owed.state <> 'draft' THEN shown.institution_id END
FROM followup_recommendation AS shown WHERE owed.subject_type = 'recommendation' AND owed.subject_id = shown.id;

UPDATE workflow_expectation AS owed SET ministry_id = shown.ministry_id,
    about_type = 'recommendation', about_id = shown.id
FROM followup_extension AS request JOIN followup_recommendation AS shown ON shown.id = request.recommendation_id
WHERE owed.subject_type = 'extension' AND owed.subject_id = request.id;

ALTER TABLE workflow_event DISABLE TRIGGER trail_refuse;

UPDATE workflow_event AS event SET ministry_id = shown.ministry_id
FROM followup_recommendation AS shown WHERE event.subject_type = 'recommendation' AND event.subject_id = shown.id;

UPDATE workflow_event AS event SET ministry_id = shown.ministry_id, about_type = 'recommendation', about_id = shown.id
FROM followup_extension AS request JOIN followup_recommendation AS shown ON shown.id = request.recommendation_id
WHERE event.subject_type = 'extension' AND event.subject_id = request.id;

ALTER TABLE workflow_event ENABLE TRIGGER trail_refuse;
"""
BACK = """
UPDATE workflow_expectation AS owed SET addressed_id = shown.institution_id
FROM followup_recommendation AS shown WHERE owed.subject_type = 'recommendation' AND owed.subject_id = shown.id;
"""
KEYS = """
WITH plan AS (
    SELECT DISTINCT ON (recommendation_id) id, recommendation_id FROM followup_plan
    ORDER BY recommendation_id, version DESC
), duty AS (
    SELECT 'measure:' || measure.id AS key, plan.recommendation_id, left(measure.text, 300) AS topic, measure.due,
        measure.position AS place
    FROM followup_measure AS measure JOIN plan ON plan.id = measure.plan_id
    UNION ALL
    SELECT 'interim:' || id, recommendation_id, topic, due, 1000000 + id FROM followup_interimdeadline
), numbered AS (
    SELECT key, recommendation_id, topic, due,
        row_number() OVER (PARTITION BY recommendation_id, topic, due ORDER BY place) AS place
    FROM duty
), open AS (
    SELECT id, subject_id, topic, due, row_number() OVER (PARTITION BY subject_id, topic, due ORDER BY id) AS place
    FROM workflow_expectation
    WHERE closed_at IS NULL AND subject_type = 'recommendation' AND key LIKE 'extra:%'
)
UPDATE workflow_expectation AS owed SET key = numbered.key
FROM open JOIN numbered
    ON (numbered.recommendation_id, numbered.topic, numbered.due, numbered.place)
        = (open.subject_id, open.topic, open.due, open.place)
WHERE owed.id = open.id
"""


class Migration(migrations.Migration):
    dependencies = [("followup", "0002_due_dates_go_together"), ("workflow", "0006_who_carries_what")]

    operations = [migrations.RunSQL(SHOWN, BACK), migrations.RunSQL(KEYS, migrations.RunSQL.noop)]
