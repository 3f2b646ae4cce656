"""Registers the workflow app, its system checks and the guard of its transitions."""

from django.apps import AppConfig
from django.core.checks import register
from django.utils.translation import gettext_lazy as _


class WorkflowConfig(AppConfig):
    name = "workflow"
    verbose_name = _("Workflow")

    def ready(self) -> None:
        from workflow import guard
        from workflow.checks import check_lifecycles

        register(check_lifecycles)
        guard.connect()
