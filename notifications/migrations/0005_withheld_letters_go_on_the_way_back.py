from django.db import migrations


class Migration(migrations.Migration):
    """What was withheld cannot be kept by the constraint of before; on the way back this comes first."""

    dependencies = [
        ('notifications', '0004_letters_may_be_withheld'),
    ]

    operations = [
        migrations.RunSQL(migrations.RunSQL.noop, "DELETE FROM notifications_message WHERE status = 'withheld'"),
    ]
