"""Registers the rounds."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RoundsConfig(AppConfig):
    name = "workflow.rounds"
    label = "rounds"
    verbose_name = _("Rounds")

    def ready(self) -> None:
        from workflow.rounds import flows  # noqa: F401 - viewflow finds nodes of stored tasks by their names
