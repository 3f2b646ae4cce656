import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("registry", "0003_memberships_are_withdrawn"),
    ]

    operations = [
        migrations.AlterField(
            model_name='organisation',
            name='code',
            field=models.CharField(error_messages={'unique': 'Another organisation has this code already.'}, max_length=30, unique=True, validators=[django.core.validators.RegexValidator('^\\w[\\w.-]*\\Z', 'Use letters, digits, dots, hyphens and underscores only.')], verbose_name='code'),
        ),
    ]
