"""Registers the app, brings its kinds of case to the desk, and listens to what is issued and renamed."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FollowupConfig(AppConfig):
    name = "cases.followup"
    label = "followup"
    verbose_name = _("Follow-up")

    def ready(self) -> None:
        from cases.desk.kinds import register
        from cases.followup import delivering, renaming  # noqa: F401
        from cases.followup.kind import EFFECT_REVIEWS, EXTENSIONS, RECOMMENDATIONS

        register(RECOMMENDATIONS, EXTENSIONS, EFFECT_REVIEWS)
