import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('planning', '0009_routes_in_full'),
    ]

    operations = [
        migrations.AddField(
            model_name='planitem',
            name='origin',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='repeats', to='planning.planitem'),
        ),
    ]
