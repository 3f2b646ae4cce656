"""Registers the app, brings its kind of case to the desk, and takes the registry's requests."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "cases.accounts"
    label = "accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        from cases.accounts import asking
        from cases.accounts.kind import ACCOUNT_CHANGES
        from cases.desk import kinds
        from cases.registry import two_people

        kinds.register(ACCOUNT_CHANGES)
        two_people.register(asking)
