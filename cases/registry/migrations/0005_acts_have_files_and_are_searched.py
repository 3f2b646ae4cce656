import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("registry", "0004_organisation_codes_are_checked"),
    ]

    operations = [
        migrations.RemoveField(
            model_name='legalact',
            name='file',
        ),
        migrations.AddField(
            model_name='legalact',
            name='file_name',
            field=models.CharField(blank=True, editable=False, max_length=255, verbose_name='file'),
        ),
        migrations.AddField(
            model_name='legalact',
            name='file_path',
            field=models.CharField(blank=True, editable=False, max_length=100),
        ),
        migrations.AddField(
            model_name='legalact',
            name='file_sha256',
            field=models.CharField(blank=True, editable=False, max_length=64, verbose_name='SHA-256'),
        ),
        migrations.AddField(
            model_name='legalact',
            name='file_size',
            field=models.PositiveBigIntegerField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='legalact',
            name='file_type',
            field=models.CharField(blank=True, editable=False, max_length=100),
        ),
        migrations.AddField(
            model_name='legalact',
            name='key',
            field=models.CharField(blank=True, editable=False, max_length=64),
        ),
        migrations.AddField(
            model_name='legalact',
            name='search',
            field=models.TextField(default='', editable=False),
        ),
        migrations.AlterField(
            model_name='legalact',
            name='title',
            field=models.TextField(blank=True, validators=[django.core.validators.MaxLengthValidator(3000)], verbose_name='title'),
        ),
        migrations.AlterField(
            model_name='legalact',
            name='title_en',
            field=models.TextField(blank=True, null=True, validators=[django.core.validators.MaxLengthValidator(3000)], verbose_name='title'),
        ),
        migrations.AlterField(
            model_name='legalact',
            name='title_ky',
            field=models.TextField(blank=True, null=True, validators=[django.core.validators.MaxLengthValidator(3000)], verbose_name='title'),
        ),
        migrations.AlterField(
            model_name='legalact',
            name='title_ru',
            field=models.TextField(blank=True, null=True, validators=[django.core.validators.MaxLengthValidator(3000)], verbose_name='title'),
        ),
        migrations.AddField(
            model_name='legalact',
            name='search_vector',
            field=models.GeneratedField(db_persist=True, expression=django.contrib.postgres.search.SearchVector('search', config='simple'), output_field=django.contrib.postgres.search.SearchVectorField()),
        ),
        migrations.AddIndex(
            model_name='legalact',
            index=django.contrib.postgres.indexes.GinIndex(fields=['search_vector'], name='legal_act_search'),
        ),
        migrations.AddIndex(
            model_name='legalact',
            index=models.Index(fields=['-date', 'id'], name='legal_act_date'),
        ),
        migrations.AddConstraint(
            model_name='legalact',
            constraint=models.UniqueConstraint(condition=models.Q(('key', ''), _negated=True), fields=('key',), name='legal_act_once', violation_error_message='This act is in the registry already.'),
        ),
    ]
