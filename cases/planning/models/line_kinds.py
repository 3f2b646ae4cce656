"""Which deliverables consist of which lines, such as those of an estimate or of an expert's conclusion."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, GeneratedField, Q
from django.db.models.functions import Round
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cases.planning.models.calendars import CalendarEntry
from cases.planning.models.lines import Line, Misfit
from cases.planning.models.proposals import ProposalLine
from cases.planning.pilots import CONCLUSION
from cases.registry.models import Criterion, Direction, LegalAct

if TYPE_CHECKING:
    from cases.planning.models.deliverables import Deliverable


class EstimateItem(Line):
    """A line of a cost estimate, in som (REG-11.1b, REG-13.5)."""

    COLUMNS = ("name", "unit", "quantity", "price", "source_of_finance", "year")
    SHOWN = ("name", "unit", "quantity", "price", "amount", "source_of_finance", "year")
    SUMMED = "amount"
    NAMED_BY = "name"
    KEPT = ("source_of_finance", "year")

    deliverable = models.ForeignKey("planning.Deliverable", on_delete=models.PROTECT, related_name="items")
    name = models.CharField(_("name"), max_length=300)
    unit = models.CharField(_("unit"), max_length=60, blank=True)
    quantity = models.DecimalField(_("quantity"), max_digits=12, decimal_places=2)
    price = models.DecimalField(_("price, som"), max_digits=14, decimal_places=2)
    amount = GeneratedField(
        expression=Round(F("quantity") * F("price"), 2),
        output_field=models.DecimalField(_("amount, som"), max_digits=26, decimal_places=2),
        db_persist=True,
        verbose_name=_("amount, som"),
    )
    source_of_finance = models.CharField(_("source of finance"), max_length=300, blank=True)
    year = models.PositiveSmallIntegerField(_("year"))

    class Meta:
        ordering = ["place"]
        verbose_name = _("line of the estimate")
        verbose_name_plural = _("Estimate")
        constraints = [
            models.UniqueConstraint(fields=["deliverable", "place"], name="estimate_item_place_unique"),
            models.CheckConstraint(condition=Q(quantity__gte=0, price__gte=0), name="estimate_item_not_negative"),
        ]


class Duty(models.TextChoices):
    """What somebody does in the national team."""

    COORDINATION = "coordination", _("Coordination")
    COLLECTION = "collection", _("Collection")
    PROCESSING = "processing", _("Processing")
    ANALYSIS = "analysis", _("Analysis")
    EXPERTISE = "expertise", _("Expertise")
    ADMINISTRATION = "administration", _("Administration")


class TeamMember(Line):
    """Somebody of the national team, and what they are responsible for (REG-11.1d, REG-18.1)."""

    COLUMNS = SHOWN = ("full_name", "organisation", "duty", "direction", "legal_act")
    NAMED_BY = "full_name"
    KEPT = ("organisation", "duty", "legal_act")

    deliverable = models.ForeignKey("planning.Deliverable", on_delete=models.PROTECT, related_name="members")
    full_name = models.CharField(_("full name"), max_length=200)
    organisation = models.CharField(_("organisation"), max_length=300)
    duty = models.CharField(_("duty"), max_length=20, choices=Duty.choices)
    direction = models.PositiveSmallIntegerField(_("direction"), choices=Direction.choices, null=True)
    legal_act = models.ForeignKey(
        LegalAct, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("appointed by")
    )

    class Meta:
        ordering = ["place"]
        verbose_name = _("member of the team")
        verbose_name_plural = _("National team")
        constraints = [
            models.UniqueConstraint(fields=["deliverable", "place"], name="team_member_place_unique"),
            models.CheckConstraint(condition=Q(duty__in=Duty.values), name="team_member_duty_known"),
            models.CheckConstraint(
                condition=Q(direction__isnull=True) | Q(direction__in=Direction.values), name="team_member_direction"
            ),
        ]


class Compliance(models.TextChoices):
    """How far a criterion is met, as an expert finds."""

    FULL = "full", _("Complies")
    MOST = "most", _("Mostly complies")
    SOME = "some", _("Partly complies")
    NONE = "none", _("Does not comply")
    UNKNOWN = "unknown", _("Cannot be assessed")


class ConclusionLine(Line):
    """What an expert concludes on one criterion of the direction (REG-11.4b, REG-11.4c)."""

    COLUMNS = SHOWN = ("criterion", "level", "conclusion")
    NAMED_BY = "criterion"
    ALONG = ("criterion__catalogue",)

    deliverable = models.ForeignKey("planning.Deliverable", on_delete=models.PROTECT, related_name="conclusions")
    criterion = models.ForeignKey(
        Criterion, on_delete=models.PROTECT, related_name="conclusions", verbose_name=_("criterion")
    )
    level = models.CharField(_("level"), max_length=20, choices=Compliance.choices)
    conclusion = models.TextField(_("conclusion"), max_length=10_000)

    class Meta:
        ordering = ["place"]
        verbose_name = _("conclusion on a criterion")
        verbose_name_plural = _("Conclusions by criteria")
        constraints = [
            models.UniqueConstraint(fields=["deliverable", "place"], name="conclusion_line_place_unique"),
            models.CheckConstraint(condition=Q(level__in=Compliance.values), name="conclusion_line_level_known"),
        ]

    def __str__(self) -> str:
        return self.criterion.reference

    @classmethod
    def misfits(cls, deliverable: "Deliverable", lines: Iterable[Line]) -> Iterator[Misfit]:
        """Criteria on which something is concluded more than once."""
        by_criterion: dict[str, list[Line]] = {}
        for line in lines:
            by_criterion.setdefault(str(line), []).append(line)
        for name, same in by_criterion.items():
            if len(same) > 1:
                yield Misfit(same, gettext("“%(criterion)s” has several conclusions") % {"criterion": name})


LINES: Mapping[str, type[Line]] = {
    "cost_estimate": EstimateItem,
    "calendar_plan": CalendarEntry,
    "national_team": TeamMember,
    CONCLUSION: ConclusionLine,
    "proposals": ProposalLine,
}
"""Kind of deliverable -> what its lines are; all other kinds have none."""
