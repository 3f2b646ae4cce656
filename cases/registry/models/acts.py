"""Legal acts that plans, engagements and recommendations refer to (REG-3)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from workflow.roles import Actor


class ActKind(models.TextChoices):
    LAW = "law", _("Law")
    DECREE = "decree", _("Decree of the President")
    PRESIDENTIAL_DIRECTIVE = "presidential_directive", _("Directive of the President")
    CABINET_RESOLUTION = "cabinet_resolution", _("Resolution of the Cabinet of Ministers")
    CABINET_DECISION = "cabinet_decision", _("Decision of the Cabinet of Ministers")
    GOVERNMENT_RESOLUTION = "government_resolution", _("Resolution of the Government")
    ORDER = "order", _("Order")
    PROTOCOL = "protocol", _("Protocol")
    REGULATION = "regulation", _("Regulation")
    PROCEDURE = "procedure", _("Procedure")
    COUNCIL_RESOLUTION = "council_resolution", _("Resolution of a council")
    LETTER = "letter", _("Letter")
    PROGRAMME = "programme", _("Programme")
    OTHER = "other", _("Other")


class LegalActQuerySet(models.QuerySet["LegalAct"]):
    def visible_to(self, user: Actor) -> "LegalActQuerySet":
        """Acts are public: everyone who is signed in reads them."""
        return self if user.role_map else self.none()


class LegalAct(models.Model):
    """An act by kind, number, date and title; the date is a day, a month or a year, as far as it is printed."""

    TRAIL_TYPE = "legal_act"

    kind = models.CharField(_("kind"), max_length=30, choices=ActKind.choices)
    number = models.CharField(_("number"), max_length=60, blank=True)
    date = models.CharField(_("date"), max_length=10, blank=True, help_text=_("2023-12-22, 2023-12 or 2023"))
    title = models.TextField(_("title"), blank=True)
    issuer = models.CharField(_("issued by"), max_length=300, blank=True)
    link = models.URLField(_("link"), blank=True)
    file = models.FileField(_("file"), upload_to="acts/", blank=True)
    is_active = models.BooleanField(_("active"), default=True)

    objects = LegalActQuerySet.as_manager()

    class Meta:
        ordering = ["-date", "id"]
        verbose_name = _("legal act")
        verbose_name_plural = _("legal acts")

    def __str__(self) -> str:
        parts = [str(self.get_kind_display()), f"№ {self.number}" if self.number else "", self.date, self.title]
        return ", ".join(part for part in parts if part)
