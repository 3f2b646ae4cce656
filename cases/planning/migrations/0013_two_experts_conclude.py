import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('planning', '0012_proposals'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='routeseat',
            name='route_seat_role_decides',
        ),
        migrations.AddConstraint(
            model_name='routeseat',
            constraint=models.CheckConstraint(condition=models.Q(('role__in', ('contractor_lead', 'coordinator', 'department_head', 'ministry_leader')), models.Q(('approves', False), ('role', 'contractor_expert')), _connector='OR'), name='route_seat_role_decides'),
        ),
        migrations.AddField(
            model_name='deliverable',
            name='first_reviewer',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='first expert to conclude on it'),
        ),
        migrations.AddField(
            model_name='deliverable',
            name='second_reviewer',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='second expert to conclude on it'),
        ),
        migrations.AddConstraint(
            model_name='deliverable',
            constraint=models.CheckConstraint(condition=models.Q(('first_reviewer', None), models.Q(('first_reviewer', models.F('second_reviewer')), _negated=True), _connector='OR'), name='deliverable_reviewers_differ'),
        ),
    ]
