"""The tables whose rows moved to the desk are empty of use."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("followup", "0004_comments_and_numbers_move_to_the_desk")]

    operations = [migrations.DeleteModel("Comment"), migrations.DeleteModel("NumberSeries")]
