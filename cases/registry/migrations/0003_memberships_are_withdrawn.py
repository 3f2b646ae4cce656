from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("registry", "0002_people_are_searched"),
    ]

    operations = [
        migrations.AddField(
            model_name='membership',
            name='is_withdrawn',
            field=models.BooleanField(default=False, verbose_name='withdrawn before it began'),
        ),
    ]
