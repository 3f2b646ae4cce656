from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('notifications', '0003_letters_to_an_address_of_their_own'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='message',
            name='message_status_known',
        ),
        migrations.AlterField(
            model_name='message',
            name='status',
            field=models.CharField(choices=[('due', 'Due'), ('sending', 'Being sent'), ('sent', 'Sent'), ('failed', 'Failed'), ('withheld', 'Withheld')], default='due', max_length=10),
        ),
        migrations.AddConstraint(
            model_name='message',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['due', 'sending', 'sent', 'failed', 'withheld'])), name='message_status_known'),
        ),
    ]
