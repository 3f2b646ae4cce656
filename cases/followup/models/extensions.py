"""Extension requests: more time, asked for with a reason and decided by the level that the slip asks for."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.followup.models.evidence import Evidence
from cases.followup.models.recommendations import Recommendation
from cases.registry.models import User
from workflow.case import CaseQuerySet
from workflow.door import consequence
from workflow.lifecycles.extension import ExtensionLifecycle, State
from workflow.roles import Actor, Role


class ExtensionQuerySet(CaseQuerySet["Extension"]):
    def visible_to(self, user: Actor, *, by_key: bool = False) -> Self:
        """With the recommendation that they are about."""
        return self.filter(recommendation__in=Recommendation.objects.visible_to(user, by_key=True))


class Extension(ExtensionLifecycle):
    """One request: the date asked for, why, and what was decided; `level` is the lowest role that may grant it."""

    TRAIL_LABELS = {"decided_by": _("decided by"), "requested_by": _("requested by")}
    TRAIL_GRANTS = ("SELECT", "INSERT", "UPDATE")

    recommendation = models.ForeignKey(Recommendation, on_delete=models.PROTECT, related_name="extensions")
    until = models.DateField(_("new date asked for"))
    due_before = models.DateField(_("due date before"))
    reason = models.TextField(_("reason"))
    evidence = models.ForeignKey(
        Evidence, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("evidence")
    )
    level = models.CharField(_("decided by"), max_length=30, choices=Role.choices)
    requested_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    requested_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    decided_on = models.DateField(_("decided on"), null=True, blank=True)
    decision = models.TextField(_("decision"), blank=True)

    objects = ExtensionQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        verbose_name = _("extension request")
        verbose_name_plural = _("extension requests")
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="extension_state_known"),
            models.CheckConstraint(condition=Q(until__gt=models.F("due_before")), name="extension_is_later"),
            models.CheckConstraint(
                condition=~Q(decided_by=models.F("requested_by")), name="extension_decided_by_another"
            ),
            models.UniqueConstraint(
                fields=["recommendation"], condition=Q(state=State.REQUESTED), name="extension_one_undecided"
            ),
        ]

    @property
    def headline(self) -> str:
        return self.recommendation.headline

    @property
    def days_asked(self) -> int:
        """Calendar days that it adds to the due date."""
        return (self.until - self.due_before).days

    def keep_decision(self, text: str) -> None:
        self.decided_by_id, self.decided_on, self.decision = self.acting.person_id, self.acting.on, text

    def move_due_date(self) -> None:
        with consequence(self.recommendation, "move_due", of=self.acting) as moved:
            moved.case.current_due = self.until
            moved.case.slips += 1
            moved.case.slip_days += self.days_asked
            moved.details["extension"] = self.number
