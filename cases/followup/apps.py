"""Registers the app, brings its kinds of case to the desk, and listens to what is issued and renamed."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FollowupConfig(AppConfig):
    name = "cases.followup"
    label = "followup"
    verbose_name = _("Follow-up")

    def ready(self) -> None:
        from cases.desk.kinds import Section, add_section, register
        from cases.followup import compared, delivering, origins, proofs, renaming  # noqa: F401
        from cases.followup.kind import EFFECT_REVIEWS, EXTENSIONS, RECOMMENDATIONS
        from cases.followup.verbs import linking
        from cases.planning.joining import COUNTED, Counted

        register(RECOMMENDATIONS, EXTENSIONS, EFFECT_REVIEWS)
        add_section("finding", Section("followup/of_finding.html", origins.of_finding))
        add_section("engagement", Section("followup/of_engagement.html", origins.of_engagement))
        COUNTED.append(Counted(_("Recommendations"), origins.by_institution))
        linking.join()
        proofs.join()
        compared.join()
