"""Controllers of an institution watch over single recommendations."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('followup', '0010_lists_are_found_by_index'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='recommendation',
            name='late_noted',
            field=models.DateField(blank=True, editable=False, null=True, verbose_name='late since'),
        ),
        migrations.AddField(
            model_name='recommendation',
            name='watcher',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='controller (account)'),
        ),
        migrations.AlterField(
            model_name='extension',
            name='level',
            field=models.CharField(choices=[('ministry_leader', 'Ministry leader'), ('ministry_observer', 'Ministry observer'), ('department_head', 'Head of department'), ('coordinator', 'Coordinator'), ('contractor_lead', "Contractor's lead"), ('contractor_expert', "Contractor's expert"), ('institution_head', 'Head of institution'), ('institution_officer', 'Responsible officer of the institution'), ('institution_controller', 'Controller of the institution'), ('registrar', 'Registrar')], max_length=30, verbose_name='decided by'),
        ),
    ]
