from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('planning', '0010_items_keep_their_origin'),
    ]

    operations = [
        migrations.AddConstraint(
            model_name='planschedule',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ('draft', 'submitted', 'agreed'))), fields=('department', 'first_year'), name='plan_schedule_prepared_once'),
        ),
    ]
