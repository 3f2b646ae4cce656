"""The institution's answers, each kept as it was given."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.followup.models.plans import Plan
from cases.followup.models.recommendations import Recommendation
from cases.registry.models import User
from workflow.lifecycles.follow_up import Response


class ResponseVersion(models.Model):
    """One answer: accepted, partial (what is left out and why) or disputed (reason, and what is asked for)."""

    TRAIL_GRANTS = ("SELECT", "INSERT")

    recommendation = models.ForeignKey(
        Recommendation, on_delete=models.PROTECT, related_name="responses", db_index=False
    )
    version = models.PositiveSmallIntegerField()
    response = models.CharField(_("answer"), max_length=20, choices=Response.choices)
    text = models.TextField(_("explanation"), blank=True)
    left_out = models.TextField(_("left out, or asked for"), blank=True)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, null=True, related_name="+")
    given_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    given_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["version"]
        constraints = [models.UniqueConstraint(fields=["recommendation", "version"], name="response_version_unique")]

    def __str__(self) -> str:
        return f"{self.recommendation}: {self.get_response_display()}"

    @property
    def is_dispute(self) -> bool:
        return self.response == Response.DISPUTED
