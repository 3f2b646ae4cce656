"""Registers the app, brings findings to the desk, and joins them to the monitorings."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AnalysisConfig(AppConfig):
    name = "cases.analysis"
    label = "analysis"
    verbose_name = _("Analysis")

    def ready(self) -> None:
        from cases.analysis import joining, sections
        from cases.analysis.kind import FINDINGS
        from cases.desk import kinds
        from cases.desk.kinds import Section
        from cases.planning.joining import COUNTED, Counted
        from cases.planning.sections import deliverables

        kinds.register(FINDINGS)
        kinds.add_section("engagement", Section("analysis/engagement_findings.html", sections.of_engagement))
        deliverables.ADDED.append(Section("analysis/deliverable_findings.html", sections.of_deliverable))
        COUNTED.append(Counted(_("Findings"), sections.by_institution))
        joining.join()
