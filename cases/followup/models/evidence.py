"""Evidence: files that prove what was done, versioned, never overwritten."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.followup.models.parts import InterimDeadline
from cases.followup.models.plans import Measure
from cases.followup.models.recommendations import Recommendation
from cases.registry.models import User


class Decision(models.TextChoices):
    RECEIVED = "received", _("Received")
    ACCEPTED = "accepted", _("Accepted")
    REJECTED = "rejected", _("Rejected")


class Evidence(models.Model):
    """One file as it was received: its contents lie under `path` in the evidence folder, known by their SHA-256.

    What was received stays; only the decision on it is added.
    """

    TRAIL_GRANTS = ("SELECT", "INSERT", "UPDATE (decision, decision_reason, decided_by_id, decided_at)")
    TRAIL_FILE = ("path", "sha256", "size")

    recommendation = models.ForeignKey(Recommendation, on_delete=models.PROTECT, related_name="evidence")
    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, null=True, blank=True, related_name="evidence")
    interim = models.ForeignKey(
        InterimDeadline, on_delete=models.PROTECT, null=True, blank=True, related_name="evidence"
    )
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by")
    version = models.PositiveSmallIntegerField(default=1)
    name = models.CharField(_("file name"), max_length=255)
    path = models.CharField(max_length=100, unique=True)
    content_type = models.CharField(_("type"), max_length=100)
    size = models.PositiveBigIntegerField(_("size"))
    sha256 = models.CharField("SHA-256", max_length=64)
    note = models.TextField(_("what it shows"), blank=True)
    own_date = models.DateField(_("date of the document"), null=True, blank=True)
    received_at = models.DateTimeField(_("received"), auto_now_add=True)
    received_from = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    decision = models.CharField(_("decision"), max_length=20, choices=Decision.choices, default=Decision.RECEIVED)
    decision_reason = models.TextField(_("reason"), blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        verbose_name = _("evidence")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(decision=Decision.REJECTED) | ~models.Q(decision_reason=""),
                name="evidence_rejected_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.name
