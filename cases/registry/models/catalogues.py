"""Catalogues of standards and criteria, in versions: what findings are measured against (REG-7.7, REG-11.3b, c)."""

from datetime import date
from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cases.ground.search import searchable
from cases.registry.models.acts import LegalAct
from cases.registry.models.directions import Direction
from workflow.roles import Actor
from workflow.terms import legal_date


class CatalogueKind(models.TextChoices):
    STANDARD = "standard", _("Standard")
    CRITERIA = "criteria", _("Criteria")
    SAFETY = "safety", _("Safety standard")


class CatalogueQuerySet(models.QuerySet["Catalogue"]):
    def visible_to(self, user: Actor) -> "CatalogueQuerySet":
        """Everyone who is signed in and holds a role."""
        return self if user.role_map else self.none()

    def in_force(self, on: date | None = None) -> "CatalogueQuerySet":
        """Of each catalogue the newest version that has come into force."""
        begun = self.filter(in_force_from__lte=on or legal_date())
        return self.filter(pk__in=begun.order_by("code", "-version").distinct("code").values("pk"))


CatalogueManager = models.Manager.from_queryset(CatalogueQuerySet)


class Catalogue(models.Model):
    """One version of a catalogue; versions are added and never changed, so that findings keep what they rest on."""

    TRAIL_TYPE = "catalogue"
    TRAIL_GRANTS = ("SELECT", "INSERT")

    code = models.CharField(_("code"), max_length=30)
    version = models.PositiveSmallIntegerField(_("version"))
    kind = models.CharField(_("kind"), max_length=20, choices=CatalogueKind.choices)
    name = models.CharField(_("name"), max_length=300)
    source = models.TextField(_("source"), blank=True)
    legal_act = models.ForeignKey(
        LegalAct, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("legal act")
    )
    in_force_from = models.DateField(_("in force since"))
    sha256 = models.CharField("SHA-256", max_length=64)

    objects: ClassVar["CatalogueManager[Catalogue]"] = CatalogueManager()
    if TYPE_CHECKING:  # modeltranslation puts its own manager in this one's place, which mypy cannot follow.
        _default_manager: ClassVar["CatalogueManager[Catalogue]"]

    class Meta:
        ordering = ["code", "-version"]
        verbose_name = _("catalogue")
        verbose_name_plural = _("catalogues")
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="catalogue_version_unique"),
            models.CheckConstraint(condition=Q(kind__in=CatalogueKind.values), name="catalogue_kind_known"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("catalogue", args=[self.code, self.version])

    @property
    def number(self) -> str:
        """How the trail and addresses name it."""
        return f"{self.code}-{self.version}"


class CriterionQuerySet(models.QuerySet["Criterion"]):
    def matching(self, text: str) -> "CriterionQuerySet":
        """Each word is part of the code or of a text."""
        rows = self
        for word in searchable([text]).split():
            rows = rows.filter(search__contains=word)
        return rows

    def offered(self, *also: int | None) -> "CriterionQuerySet":
        """The lowest of the catalogues in force, and those of these keys, which are named already; by catalogue."""
        lowest = Q(catalogue__in=Catalogue.objects.in_force(), children=None)
        rows = self.filter(lowest | Q(pk__in=[key for key in also if key])).distinct()
        return rows.select_related("catalogue").order_by("catalogue__code", "place")


CriterionManager = models.Manager.from_queryset(CriterionQuerySet)


class Criterion(models.Model):
    """One requirement of a catalogue; a heading is the parent of those that stand below it."""

    TRAIL_GRANTS = ("SELECT", "INSERT")

    catalogue = models.ForeignKey(Catalogue, on_delete=models.PROTECT, related_name="criteria")
    place = models.PositiveSmallIntegerField()
    code = models.CharField(_("code"), max_length=30)
    text = models.TextField(_("text"))
    direction = models.PositiveSmallIntegerField(_("direction"), choices=Direction.choices, null=True)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    search = models.TextField(default="", editable=False)

    objects: ClassVar["CriterionManager[Criterion]"] = CriterionManager()
    if TYPE_CHECKING:  # modeltranslation puts its own manager in this one's place, which mypy cannot follow.
        _default_manager: ClassVar["CriterionManager[Criterion]"]

    class Meta:
        ordering = ["catalogue", "place"]
        verbose_name = _("criterion")
        verbose_name_plural = _("criteria")
        constraints = [
            models.UniqueConstraint(fields=["catalogue", "code"], name="criterion_code_unique"),
            models.UniqueConstraint(fields=["catalogue", "place"], name="criterion_place_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.text}"

    @property
    def reference(self) -> str:
        """What names it in every language: the catalogue, its version, and its code there."""
        return f"{self.catalogue.number}: {self.code}"
