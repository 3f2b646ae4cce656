"""The first and the current due date are both there or both missing: a comparison with NULL had let one alone pass."""

from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("followup", "0001_initial")]

    operations = [
        migrations.RemoveConstraint("recommendation", "recommendation_due_not_before_first"),
        migrations.AddConstraint(
            "recommendation",
            models.CheckConstraint(
                condition=Q(first_due=None, current_due=None)
                | Q(first_due__isnull=False, current_due__isnull=False, current_due__gte=F("first_due")),
                name="recommendation_due_not_before_first",
            ),
        ),
    ]
