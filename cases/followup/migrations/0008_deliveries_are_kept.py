"""What was delivered is kept as it was; of what was delivered before, what can be restored is.

The text of an old delivery is put together from the versions of that day, or from those of today, whichever has the hash
that was noted. Where neither has, the delivery is entered without a text.
"""

import hashlib
from collections.abc import Iterator
from typing import Any

import django.db.models.deletion
from django.db import migrations, models

GUARD = """
CREATE TRIGGER trail_refuse BEFORE UPDATE OR DELETE ON public.followup_delivery
    FOR EACH ROW EXECUTE FUNCTION public.trail_refuse();
CREATE TRIGGER trail_refuse_truncate BEFORE TRUNCATE ON public.followup_delivery
    EXECUTE FUNCTION public.trail_refuse();
"""
UNGUARD = """
DROP TRIGGER trail_refuse ON public.followup_delivery;
DROP TRIGGER trail_refuse_truncate ON public.followup_delivery;
"""
LANGUAGES = ("ky", "ru", "en")


BATCH = 500


def restore(apps: Any, schema_editor: Any) -> None:
    """In batches, each by three statements: of a million cases, one statement for each would take the night."""
    issued = apps.get_model("followup", "Recommendation").objects.exclude(issued_on=None)
    deliveries = apps.get_model("followup", "Delivery")
    last = 0
    while cases := list(issued.filter(pk__gt=last).prefetch_related("texts").order_by("pk")[:BATCH]):
        last = cases[-1].pk
        events = _first_issues(apps, [case.pk for case in cases])
        deliveries.objects.bulk_create(
            deliveries(
                recommendation=case,
                event=events[case.pk],
                at=events[case.pk].at,
                sha256=case.delivered_sha256,
                text=next((one for one in _candidates(case, events[case.pk].at) if _is_noted(one, case)), None),
            )
            for case in cases
            if case.pk in events
        )


def _first_issues(apps: Any, ids: list[int]) -> dict[int, Any]:
    """By the id of the case."""
    events = apps.get_model("workflow", "Event").objects
    found = events.filter(subject_type="recommendation", subject_id__in=ids, action="issue")
    return {event.subject_id: event for event in found.order_by("-id")}


def _candidates(case: Any, at: Any) -> Iterator[str]:
    for written in ([one for one in case.texts.all() if one.written_at <= at], list(case.texts.all())):
        newest = {one.language: one.text for one in sorted(written, key=lambda one: one.version)}
        lines = [f"{language}: {newest[language]}" for language in LANGUAGES if newest.get(language)]
        yield "\n".join([*lines, case.cause, str(case.first_due or case.no_due_reason)])


def _is_noted(text: str, case: Any) -> bool:
    return hashlib.sha256(text.encode()).hexdigest() == case.delivered_sha256


class Migration(migrations.Migration):

    dependencies = [
        ('followup', '0007_interim_deadlines_are_met'),
        ('workflow', '0011_cases_match_their_trail'),
    ]

    operations = [
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(verbose_name='delivered')),
                ('sha256', models.CharField(max_length=64, verbose_name='SHA-256')),
                ('text', models.TextField(null=True, verbose_name='text as delivered')),
                ('event', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='workflow.event')),
                ('recommendation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='followup.recommendation')),
            ],
            options={
                'verbose_name': 'delivery',
                'verbose_name_plural': 'deliveries',
                'ordering': ['id'],
            },
        ),
        migrations.RunSQL(GUARD, UNGUARD),
        migrations.RunPython(restore, migrations.RunPython.noop),
    ]
