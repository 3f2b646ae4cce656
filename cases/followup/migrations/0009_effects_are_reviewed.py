"""Effects of what was closed as done are reviewed a year later, and accepted risks expire."""

import django.db.models.deletion
import django_fsm
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('followup', '0008_deliveries_are_kept'),
        ('registry', '0008_links_are_asked_for'),
        ('workflow', '0011_cases_match_their_trail'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='EffectReview',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=40, unique=True)),
                ('version', models.PositiveIntegerField(default=0)),
                ('state', django_fsm.FSMField(choices=[('asked', 'Effect asked for'), ('reported', 'Effect reported'), ('assessed', 'Effect assessed')], default='asked', max_length=30, protected=True, verbose_name='state')),
                ('asked_on', models.DateField(verbose_name='asked for on')),
                ('reported', models.CharField(blank=True, choices=[('kept', 'The effect has lasted'), ('partly', 'The effect has lasted in part'), ('not', 'The effect has not lasted')], max_length=10, verbose_name='effect as reported')),
                ('report_text', models.TextField(blank=True, verbose_name='report of the effect')),
                ('reported_on', models.DateField(null=True, verbose_name='reported on')),
                ('assessed', models.CharField(blank=True, choices=[('kept', 'The effect has lasted'), ('partly', 'The effect has lasted in part'), ('not', 'The effect has not lasted')], max_length=10, verbose_name='effect as assessed')),
                ('assessment_text', models.TextField(blank=True, verbose_name='what the assessment rests on')),
                ('assessed_on', models.DateField(null=True, verbose_name='assessed on')),
            ],
            options={
                'verbose_name': 'effect review',
                'verbose_name_plural': 'effect reviews',
                'ordering': ['id'],
            },
        ),
        migrations.AddField(
            model_name='recommendation',
            name='risk_expired_on',
            field=models.DateField(blank=True, null=True, verbose_name='accepted risk expired on'),
        ),
        migrations.AlterField(
            model_name='recommendation',
            name='effect_review_on',
            field=models.DateField(blank=True, null=True, verbose_name='effect to be reviewed on'),
        ),
        migrations.AddIndex(
            model_name='recommendation',
            index=models.Index(condition=models.Q(('effect_review_on__isnull', False)), fields=['effect_review_on'], name='recommendation_effect'),
        ),
        migrations.AddIndex(
            model_name='recommendation',
            index=models.Index(condition=models.Q(('risk_expires_on__isnull', False)), fields=['risk_expires_on'], name='recommendation_risk'),
        ),
        migrations.AddField(
            model_name='effectreview',
            name='assessed_by',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='effectreview',
            name='recommendation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='effect_reviews', to='followup.recommendation'),
        ),
        migrations.AddField(
            model_name='effectreview',
            name='reported_by',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='effectreview',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['asked', 'reported', 'assessed'])), name='effect_review_state_known'),
        ),
        migrations.AddConstraint(
            model_name='effectreview',
            constraint=models.CheckConstraint(condition=models.Q(('assessed_by', models.F('reported_by')), _negated=True), name='effect_review_by_another'),
        ),
        migrations.AddConstraint(
            model_name='effectreview',
            constraint=models.UniqueConstraint(fields=('recommendation',), name='effect_review_once'),
        ),
        migrations.RunSQL(
            "SELECT public.trail_watch('public.followup_effectreview', 'effect_review')",
            "DROP TRIGGER trail_case ON public.followup_effectreview",
        ),
    ]
