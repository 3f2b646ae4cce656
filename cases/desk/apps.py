"""Registers the app and its system checks, and joins comments and documents to the verification of the trail."""

from django.apps import AppConfig
from django.core.checks import register
from django.utils.translation import gettext_lazy as _


class DeskConfig(AppConfig):
    name = "cases.desk"
    label = "desk"
    verbose_name = _("Desk")

    def ready(self) -> None:
        from cases.desk import compared
        from cases.desk.checks import check_kinds

        register(check_kinds)
        compared.join()
