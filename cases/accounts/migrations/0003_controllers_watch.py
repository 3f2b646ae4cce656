"""Controllers of an institution watch over single recommendations."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_account_changes_match_their_trail'),
    ]

    operations = [
        migrations.AlterField(
            model_name='accountchange',
            name='role',
            field=models.CharField(blank=True, choices=[('ministry_leader', 'Ministry leader'), ('ministry_observer', 'Ministry observer'), ('department_head', 'Head of department'), ('coordinator', 'Coordinator'), ('contractor_lead', "Contractor's lead"), ('contractor_expert', "Contractor's expert"), ('institution_head', 'Head of institution'), ('institution_officer', 'Responsible officer of the institution'), ('institution_controller', 'Controller of the institution'), ('registrar', 'Registrar')], max_length=30, verbose_name='role'),
        ),
    ]
