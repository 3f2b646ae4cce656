"""Where recommendations come from."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.registry.models import LegalAct, Organisation


class SourceKind(models.TextChoices):
    MONITORING_REPORT = "monitoring_report", _("Monitoring report")
    ACCREDITATION = "accreditation", _("Accreditation commission")
    COUNCIL_RESOLUTION = "council_resolution", _("Resolution of a council")
    MINISTRY_ORDER = "ministry_order", _("Order of the Ministry")
    AUDIT = "audit", _("Audit")


class SourceDocument(models.Model):
    """The document that a recommendation stands in: kind, number, date, title."""

    kind = models.CharField(_("kind of source"), max_length=30, choices=SourceKind.choices)
    number = models.CharField(_("document number"), max_length=60, blank=True)
    date = models.DateField(_("document date"), null=True, blank=True)
    title = models.CharField(_("document title"), max_length=300)
    issuer = models.CharField(_("issued by"), max_length=300, blank=True)
    department = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="source_documents", verbose_name=_("department")
    )
    legal_act = models.ForeignKey(
        LegalAct, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("legal act"), related_name="+"
    )

    class Meta:
        ordering = ["-date", "-id"]
        verbose_name = _("source document")
        verbose_name_plural = _("source documents")
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=SourceKind.values), name="source_kind_known"),
            models.UniqueConstraint(
                fields=["department", "kind", "number", "date", "title"],
                name="source_document_unique",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        parts = [self.title, f"№ {self.number}" if self.number else "", f"{self.date:%d.%m.%Y}" if self.date else ""]
        return ", ".join(part for part in parts if part)
