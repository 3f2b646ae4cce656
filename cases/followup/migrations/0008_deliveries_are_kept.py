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


def restore(apps: Any, schema_editor: Any) -> None:
    issued = apps.get_model("followup", "Recommendation").objects.exclude(issued_on=None)
    events, deliveries = apps.get_model("workflow", "Event"), apps.get_model("followup", "Delivery")
    for case in issued.prefetch_related("texts").order_by("pk").iterator(500):
        event = events.objects.filter(subject_type="recommendation", subject_id=case.pk, action="issue").first()
        if event is not None:
            texts = (one for one in _candidates(case, event.at) if _sha256(one) == case.delivered_sha256)
            deliveries.objects.create(
                recommendation=case,
                event=event,
                at=event.at,
                sha256=case.delivered_sha256,
                text=next(texts, None),
            )


def _candidates(case: Any, at: Any) -> Iterator[str]:
    for written in ([one for one in case.texts.all() if one.written_at <= at], list(case.texts.all())):
        newest = {one.language: one.text for one in sorted(written, key=lambda one: one.version)}
        lines = [f"{language}: {newest[language]}" for language in LANGUAGES if newest.get(language)]
        yield "\n".join([*lines, case.cause, str(case.first_due or case.no_due_reason)])


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


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
