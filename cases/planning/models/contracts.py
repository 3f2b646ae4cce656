"""The contract by which a monitoring is carried out; competitions come before it."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cases.registry.models import Organisation


class Contract(models.Model):
    """With whom a monitoring is carried out, on which terms (REG-16)."""

    TRAIL_GRANTS = ("SELECT", "INSERT")

    number = models.CharField(_("number"), max_length=60)
    signed_on = models.DateField(_("signed on"))
    contractor = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("contractor")
    )
    amount = models.DecimalField(_("amount, som"), max_digits=14, decimal_places=2)
    starts = models.DateField(_("begins"))
    ends = models.DateField(_("ends"))
    terms = models.TextField(_("terms"), blank=True)

    class Meta:
        verbose_name = _("contract")
        constraints = [
            models.UniqueConstraint(fields=["contractor", "number", "signed_on"], name="contract_unique"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="contract_amount_positive"),
            models.CheckConstraint(condition=Q(ends__gte=F("starts")), name="contract_dates_ordered"),
        ]

    def __str__(self) -> str:
        return f"№ {self.number}, {self.signed_on:%d.%m.%Y}"
