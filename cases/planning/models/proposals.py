"""Proposals for the next period (REG-11.6c, REG-15.7, REG-19.4), and what became of each in a plan-schedule."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q, QuerySet
from django.utils.text import Truncator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cases.planning.models.lines import Line, LineFault
from cases.registry.models import Direction, Organisation, ProgrammeArea
from workflow.lifecycles.deliverable import State

if TYPE_CHECKING:
    from cases.planning.models.deliverables import Deliverable

OUTCOME = ("weighing__plan", "weighing__item")
"""What is read along to say what became of a proposal."""
SHORT = 100
"""How many characters of a proposal stand where it is only named."""


class ProposalLine(Line):
    """What a monitoring proposes to look at in the next period, and why."""

    COLUMNS = SHOWN = ("proposal", "direction", "institution", "area", "grounds")
    NAMED_BY = "proposal"

    deliverable = models.ForeignKey("planning.Deliverable", on_delete=models.PROTECT, related_name="proposals")
    proposal = models.TextField(_("proposal"))
    direction = models.PositiveSmallIntegerField(_("direction"), choices=Direction.choices, null=True)
    institution = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("institution")
    )
    area = models.ForeignKey(
        ProgrammeArea, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("programme area")
    )
    grounds = models.TextField(_("grounds"))

    if TYPE_CHECKING:
        weighing: "Weighing"

    class Meta:
        ordering = ["place"]
        verbose_name = _("proposal")
        verbose_name_plural = _("Proposals")
        constraints = [
            models.UniqueConstraint(fields=["deliverable", "place"], name="proposal_line_place_unique"),
            models.CheckConstraint(
                condition=Q(direction__isnull=True) | Q(direction__in=Direction.values), name="proposal_line_direction"
            ),
            models.CheckConstraint(
                condition=Q(institution__isnull=True) | Q(area__isnull=True), name="proposal_line_of_one"
            ),
        ]

    def __str__(self) -> str:
        return Truncator(self.proposal).chars(SHORT)

    @property
    def reference(self) -> str:
        """How it is called elsewhere: its deliverable, and its place there."""
        return f"{self.deliverable.number}, {self.place}"

    @classmethod
    def of(cls, deliverable: "Deliverable") -> "QuerySet[Line]":
        return super().of(deliverable).select_related(*OUTCOME)

    @classmethod
    def faults(cls, deliverable: "Deliverable", lines: "Iterable[Line]") -> Iterator[LineFault]:
        for line in lines:
            if isinstance(line, cls) and line.institution and line.area:
                yield LineFault(line, "area", gettext("Name an institution or a programme area, not both."))

    @property
    def sequel(self) -> str:
        weighing = self.weighed()
        return str(weighing) if weighing else ""

    def weighed(self) -> "Weighing | None":
        """What became of it; None while nothing was decided."""
        return getattr(self, "weighing", None)

    @classmethod
    def open_to(cls, department_id: int) -> "QuerySet[ProposalLine]":
        """Approved ones on which no plan-schedule of the department has decided."""
        rows = cls._default_manager.filter(
            deliverable__state=State.APPROVED, deliverable__engagement__department=department_id, weighing=None
        )
        return rows.select_related("deliverable", "institution", "area").order_by("deliverable", "place")


class ProposalDecision(models.TextChoices):
    TAKEN = "taken", _("Taken")
    PARTLY = "partly", _("Taken in part")
    NOT_TAKEN = "not_taken", _("Not taken")


class Weighing(models.Model):
    """What a plan-schedule decides on a proposal: the monitoring that takes it up, and why not or not all of it."""

    line = models.OneToOneField(ProposalLine, on_delete=models.PROTECT, related_name="weighing")
    plan = models.ForeignKey("planning.PlanSchedule", on_delete=models.PROTECT, related_name="weighings")
    item = models.ForeignKey("planning.PlanItem", on_delete=models.PROTECT, null=True, related_name="weighings")
    decision = models.CharField(_("decision"), max_length=20, choices=ProposalDecision.choices)
    reason = models.TextField(_("reason"), blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(decision__in=ProposalDecision.values), name="weighing_decision_known"),
            models.CheckConstraint(
                condition=Q(decision=ProposalDecision.NOT_TAKEN, item__isnull=True)
                | ~Q(decision=ProposalDecision.NOT_TAKEN) & Q(item__isnull=False),
                name="weighing_item_where_taken",
            ),
            models.CheckConstraint(
                condition=Q(decision=ProposalDecision.TAKEN) | ~Q(reason=""), name="weighing_reason_where_not_taken"
            ),
        ]

    def __str__(self) -> str:
        names = {"plan": self.plan.number, "item": self.item.place if self.item else "", "reason": self.reason}
        if self.decision == ProposalDecision.TAKEN:
            return gettext("Taken into %(plan)s, item %(item)s") % names
        if self.decision == ProposalDecision.PARTLY:
            return gettext("Taken in part into %(plan)s, item %(item)s: %(reason)s") % names
        return gettext("Not taken into %(plan)s: %(reason)s") % names
