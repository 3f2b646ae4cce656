"""The amount of a line is a sum of money: whole tyiyn, so that lines add up to their total."""

from django.db import migrations, models
from django.db.models import F
from django.db.models.functions import Round


class Migration(migrations.Migration):
    dependencies = [("planning", "0004_engagements_match_their_trail")]

    operations = [
        migrations.RemoveField("estimateitem", "amount"),
        migrations.AddField(
            "estimateitem",
            "amount",
            models.GeneratedField(
                expression=Round(F("quantity") * F("price"), 2),
                output_field=models.DecimalField("amount, som", max_digits=26, decimal_places=2),
                db_persist=True,
                verbose_name="amount, som",
            ),
        ),
    ]
