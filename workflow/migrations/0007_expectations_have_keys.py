"""A key is unique among what a case expects at the same time; inboxes find tasks of any role by who carries them."""

from django.db import migrations, models
from django.db.models import Q


def open_index(name: str, fields: list[str], include: list[str]) -> models.Index:
    return models.Index(
        fields=[*fields, "due", "id"], include=include, name=f"expectation_{name}_open", condition=Q(closed_at=None)
    )


class Migration(migrations.Migration):
    dependencies = [("workflow", "0006_who_carries_what")]

    operations = [
        *(
            migrations.RemoveIndex("expectation", f"expectation_{name}")
            for name in ("subject", "owed_open", "assigned_open", "addressed_open", "all_open")
        ),
        migrations.AddConstraint(
            "expectation",
            models.UniqueConstraint(
                fields=["subject_type", "subject_id", "key"],
                name="expectation_key_unique",
                condition=Q(closed_at=None),
            ),
        ),
        migrations.AddIndex(
            "expectation",
            models.Index(fields=["about_type", "about_id"], name="expectation_about", condition=Q(closed_at=None)),
        ),
        *(
            migrations.AddIndex("expectation", open_index(name, fields, include))
            for name, fields, include in (
                ("owed", ["organisation_id", "role"], ["assignee"]),
                ("assigned", ["role", "assignee"], ["organisation_id"]),
                ("in_charge", ["in_charge"], ["role"]),
                ("addressed", ["addressed_id"], ["role", "organisation_id"]),
                ("ministry", ["ministry_id"], ["role"]),
            )
        ),
        migrations.AddIndex(
            "event",
            models.Index(fields=["about_type", "about_id", "-id"], name="event_about", condition=~Q(about_type="")),
        ),
    ]
