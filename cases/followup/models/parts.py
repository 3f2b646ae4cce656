"""What a recommendation has several of: its texts, interim deadlines and contributors."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.analysis.models import Finding
from cases.followup.models.recommendations import Recommendation
from cases.registry.models import User
from cases.registry.models.organisations import Language


class RecommendationText(models.Model):
    """The text in one language; a change is a new version, none is overwritten."""

    TRAIL_GRANTS = ("SELECT", "INSERT")

    recommendation = models.ForeignKey(Recommendation, on_delete=models.PROTECT, related_name="texts", db_index=False)
    language = models.CharField(_("language"), max_length=2, choices=Language.choices)
    version = models.PositiveSmallIntegerField(default=1)
    text = models.TextField(_("text"))
    is_checked = models.BooleanField(_("translation checked"), default=False)
    written_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    written_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["recommendation", "language", "version"], name="text_version_unique")
        ]

    def __str__(self) -> str:
        return self.text


class InterimDeadline(models.Model):
    """A date before the final one, and what is due then. Those of a draft are replaced as a whole."""

    TRAIL_GRANTS = ("SELECT", "INSERT", "DELETE", "UPDATE (unproved_reason)")

    recommendation = models.ForeignKey(Recommendation, on_delete=models.PROTECT, related_name="interim_deadlines")
    due = models.DateField(_("date"))
    topic = models.CharField(_("what is due"), max_length=300, blank=True)
    unproved_reason = models.TextField(_("why there is no evidence"), blank=True, default="")

    class Meta:
        ordering = ["due"]

    def __str__(self) -> str:
        return f"{self.due:%d.%m.%Y} {self.topic}".strip()


class Contributor(models.Model):
    """A unit or post that has to contribute and has no account; the officer answers for it."""

    recommendation = models.ForeignKey(Recommendation, on_delete=models.PROTECT, related_name="contributors")
    name = models.CharField(_("unit or post"), max_length=300)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name


class RecommendationFinding(models.Model):
    """A confirmed finding that a recommendation answers (REG-7.9)."""

    TRAIL_GRANTS = ("SELECT", "INSERT", "DELETE")

    recommendation = models.ForeignKey(Recommendation, on_delete=models.PROTECT, related_name="finding_links")
    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="recommendation_links")

    class Meta:
        ordering = ["finding"]
        constraints = [
            models.UniqueConstraint(fields=["recommendation", "finding"], name="recommendation_finding_once")
        ]

    def __str__(self) -> str:
        return str(self.finding)
