"""Changes of accounts are stored only as their trail tells them."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_changes_of_accounts"), ("workflow", "0011_cases_match_their_trail")]

    operations = [
        migrations.RunSQL(
            "SELECT public.trail_watch('public.accounts_accountchange', 'account_change')",
            "DROP TRIGGER trail_case ON public.accounts_accountchange",
        ),
    ]
