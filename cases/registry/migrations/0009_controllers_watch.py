"""Controllers of an institution watch over single recommendations."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('registry', '0008_links_are_asked_for'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='membership',
            name='membership_role_known',
        ),
        migrations.AlterField(
            model_name='membership',
            name='role',
            field=models.CharField(choices=[('ministry_leader', 'Ministry leader'), ('ministry_observer', 'Ministry observer'), ('department_head', 'Head of department'), ('coordinator', 'Coordinator'), ('contractor_lead', "Contractor's lead"), ('contractor_expert', "Contractor's expert"), ('institution_head', 'Head of institution'), ('institution_officer', 'Responsible officer of the institution'), ('institution_controller', 'Controller of the institution'), ('registrar', 'Registrar')], max_length=30, verbose_name='role'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.CheckConstraint(condition=models.Q(('role__in', ['ministry_leader', 'ministry_observer', 'department_head', 'coordinator', 'contractor_lead', 'contractor_expert', 'institution_head', 'institution_officer', 'institution_controller', 'registrar'])), name='membership_role_known'),
        ),
    ]
