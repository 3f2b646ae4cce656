"""Registers the app and brings its kinds of case to the desk."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PlanningConfig(AppConfig):
    name = "cases.planning"
    label = "planning"
    verbose_name = _("Planning")

    def ready(self) -> None:
        from cases.desk import kinds
        from cases.planning import reviewing
        from cases.planning.kind import DELIVERABLES, ENGAGEMENTS, PLAN_SCHEDULES

        kinds.register(PLAN_SCHEDULES, ENGAGEMENTS, DELIVERABLES)
        reviewing.join()
