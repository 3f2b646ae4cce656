"""What an institution was given, kept for ever as it was."""

import hashlib

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.followup.models.recommendations import Recommendation
from workflow.models import Event


class Delivery(models.Model):
    """The text as it was delivered by an act. Triggers refuse to change or delete it.

    `text` is None where it was delivered before texts were kept, and could not be restored so that its hash matches.
    """

    TRAIL_GRANTS = ("SELECT", "INSERT")

    recommendation = models.ForeignKey(Recommendation, on_delete=models.PROTECT, related_name="deliveries")
    event = models.OneToOneField(Event, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("delivered"))
    sha256 = models.CharField("SHA-256", max_length=64)
    text = models.TextField(_("text as delivered"), null=True)

    class Meta:
        ordering = ["id"]
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")

    def __str__(self) -> str:
        return f"{self.recommendation}, {self.at:%d.%m.%Y}"

    @property
    def is_kept(self) -> bool:
        return self.text is not None

    @property
    def is_intact(self) -> bool:
        """Whether the text still has the hash that was noted with it."""
        return self.text is not None and hashlib.sha256(self.text.encode()).hexdigest() == self.sha256
