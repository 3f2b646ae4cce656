"""Comments and number series serve every kind of case: their rows move to the tables of the desk."""

from django.db import migrations

FORWARD = """
INSERT INTO desk_comment (subject_type, subject_id, is_internal, text, written_by_id, written_at)
SELECT 'recommendation', recommendation_id, is_internal, text, written_by_id, written_at
FROM followup_comment ORDER BY id;
INSERT INTO desk_numberseries (prefix, year, last) SELECT prefix, year, last FROM followup_numberseries ORDER BY id;
"""
BACKWARD = """
INSERT INTO followup_comment (recommendation_id, is_internal, text, written_by_id, written_at)
SELECT subject_id, is_internal, text, written_by_id, written_at
FROM desk_comment WHERE subject_type = 'recommendation' ORDER BY id;
INSERT INTO followup_numberseries (prefix, year, last) SELECT prefix, year, last FROM desk_numberseries ORDER BY id;
DELETE FROM desk_comment WHERE subject_type = 'recommendation';
DELETE FROM desk_numberseries;
"""


class Migration(migrations.Migration):
    dependencies = [("followup", "0003_whose_page_and_which_ministry"), ("desk", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
