import django.contrib.postgres.indexes
import django.contrib.postgres.search
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("registry", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name='user',
            name='search',
            field=models.TextField(default='', editable=False),
        ),
        migrations.AddField(
            model_name='user',
            name='sort_key',
            field=models.CharField(db_collation='C', default='', editable=False, max_length=400),
        ),
        migrations.AlterField(
            model_name='user',
            name='email',
            field=models.EmailField(error_messages={'unique': 'Somebody has this e-mail address already.'}, max_length=254, unique=True, verbose_name='e-mail address'),
        ),
        migrations.AddField(
            model_name='user',
            name='search_vector',
            field=models.GeneratedField(db_persist=True, expression=django.contrib.postgres.search.SearchVector('search', config='simple'), output_field=django.contrib.postgres.search.SearchVectorField()),
        ),
        migrations.AddIndex(
            model_name='user',
            index=django.contrib.postgres.indexes.GinIndex(fields=['search_vector'], name='person_search'),
        ),
        migrations.AddIndex(
            model_name='user',
            index=models.Index(fields=['sort_key', 'id'], name='person_sorted'),
        ),
    ]
