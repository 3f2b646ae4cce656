"""What a department, or a ministry, is a part of is changed by two people."""


import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_controllers_watch'),
        ('registry', '0013_people_have_a_trail'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='accountchange',
            name='account_change_known',
        ),
        migrations.AddField(
            model_name='accountchange',
            name='parent',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.organisation', verbose_name='part of'),
        ),
        migrations.AlterField(
            model_name='accountchange',
            name='change',
            field=models.CharField(choices=[('address', 'Change the e-mail address'), ('role', 'Give a deciding role'), ('substitution', 'Arrange who stands in for a deciding role'), ('last_day', 'Move the last day of a deciding role'), ('deactivate', 'Deactivate'), ('reactivate', 'Reactivate'), ('parent', 'Make part of another ministry')], max_length=20, verbose_name='change'),
        ),
        migrations.AddConstraint(
            model_name='accountchange',
            constraint=models.CheckConstraint(condition=models.Q(('change__in', ['address', 'role', 'substitution', 'last_day', 'deactivate', 'reactivate', 'parent'])), name='account_change_known'),
        ),
    ]
