"""The monitorings that a plan-schedule plans."""

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from cases.registry.models import Direction, LegalAct, Organisation, ProgrammeArea
from cases.registry.models.organisations import InstitutionType
from workflow.lifecycles.engagement import OPEN
from workflow.lifecycles.engagement import State as EngagementState

BEGUN = (*OPEN, EngagementState.CLOSED)


class ItemKind(models.TextChoices):
    PILOT = "pilot", _("Pilot")
    MAIN = "main", _("Main")


class PlanItemQuerySet(models.QuerySet["PlanItem"]):
    def not_begun(self) -> Self:
        """Those that nobody has begun, here or in another plan-schedule from or to which they were copied."""
        begun = PlanItem._base_manager.filter(engagements__state__in=BEGUN)
        same = begun.alias(key=Coalesce("origin", "pk")).filter(key=OuterRef("key"))
        return self.alias(key=Coalesce("origin", "pk")).filter(~Exists(same))


class PlanItem(models.Model):
    """One monitoring that is planned: what, whom, when, on which legal basis, paid by whom.

    Institutions may be named; without any, a sample is drawn later.
    """

    plan = models.ForeignKey("planning.PlanSchedule", on_delete=models.PROTECT, related_name="items")
    place = models.PositiveSmallIntegerField()
    kind = models.CharField(_("kind"), max_length=10, choices=ItemKind.choices, default=ItemKind.MAIN)
    title = models.CharField(_("title"), max_length=300)
    levels = ArrayField(
        models.CharField(max_length=30, choices=InstitutionType.choices),
        verbose_name=_("types of institutions"),
        default=list,
        blank=True,
    )
    starts = models.DateField(_("begins"))
    ends = models.DateField(_("ends"))
    legal_basis = models.ForeignKey(
        LegalAct, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("legal basis")
    )
    budget = models.DecimalField(_("budget, som"), max_digits=14, decimal_places=2, null=True, blank=True)
    source_of_finance = models.CharField(_("source of finance"), max_length=300, blank=True)
    pilot = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="mains", verbose_name=_("its pilot")
    )
    origin = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="repeats")
    """The first of those that it was copied from, from plan-schedule to plan-schedule: all are one monitoring."""
    areas = models.ManyToManyField(ProgrammeArea, related_name="+", blank=True, verbose_name=_("programme areas"))
    institutions = models.ManyToManyField(Organisation, related_name="+", blank=True, verbose_name=_("institutions"))

    objects = PlanItemQuerySet.as_manager()

    class Meta:
        ordering = ["place"]
        verbose_name = _("planned monitoring")
        constraints = [
            models.UniqueConstraint(fields=["plan", "place"], name="plan_item_place_unique"),
            models.CheckConstraint(condition=Q(ends__gte=F("starts")), name="plan_item_dates_ordered"),
            models.CheckConstraint(condition=Q(kind__in=ItemKind.values), name="plan_item_kind_known"),
            models.CheckConstraint(condition=Q(budget__gte=0), name="plan_item_budget_not_negative"),
            models.CheckConstraint(
                condition=Q(pilot__isnull=True) | Q(kind=ItemKind.MAIN), name="plan_item_only_mains_have_pilots"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def origin_key(self) -> int:
        """The same for all that are one monitoring."""
        return self.origin_id or self.pk

    @property
    def levels_named(self) -> list[str]:
        """The types of institutions, in the reader's language."""
        return [str(InstitutionType(level).label) for level in self.levels]

    def contents(self) -> dict[str, object]:
        """Everything that is decided on of it, by plain values that are the same in every language."""
        return {
            "place": self.place,
            "kind": self.kind,
            "title": self.title,
            "levels": sorted(self.levels),
            "directions": sorted(row.direction for row in self.directions.all()),
            "areas": sorted(area.code for area in self.areas.all()),
            "institutions": sorted(institution.code for institution in self.institutions.all()),
            "starts": self.starts.isoformat(),
            "ends": self.ends.isoformat(),
            "legal_basis": self.legal_basis.reference if self.legal_basis else "",
            "budget": "" if self.budget is None else str(self.budget),
            "source_of_finance": self.source_of_finance,
            "pilot": self.pilot.title if self.pilot else "",
        }


class ItemDirection(models.Model):
    """One of the directions of REG-8 that a planned monitoring covers."""

    item = models.ForeignKey(PlanItem, on_delete=models.CASCADE, related_name="directions")
    direction = models.PositiveSmallIntegerField(choices=Direction.choices)

    class Meta:
        ordering = ["direction"]
        constraints = [models.UniqueConstraint(fields=["item", "direction"], name="item_direction_unique")]

    def __str__(self) -> str:
        return str(Direction(self.direction).label)
