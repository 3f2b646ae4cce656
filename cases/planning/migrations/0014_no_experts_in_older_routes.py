"""Taken back: the older check of routes knows no experts, so their seats go first."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('planning', '0013_two_experts_conclude'),
    ]

    operations = [
        migrations.RunSQL(
            migrations.RunSQL.noop, "DELETE FROM planning_routeseat WHERE role = 'contractor_expert'"
        ),
    ]
