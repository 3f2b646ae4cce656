"""Effect reviews: what has come of a recommendation a year after it was closed as done."""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cases.followup.models.recommendations import Recommendation
from cases.registry.models import User
from workflow.case import CaseQuerySet
from workflow.lifecycles.effect_review import Effect, EffectReviewLifecycle, State
from workflow.roles import Actor


class EffectReviewQuerySet(CaseQuerySet["EffectReview"]):
    def visible_to(self, user: Actor, *, by_key: bool = False) -> Self:
        """With the recommendation that they are about."""
        return self.filter(recommendation__in=Recommendation.objects.visible_to(user, by_key=True))


class EffectReview(EffectReviewLifecycle):
    """What the institution reports and what the department finds are different facts, each with its own words."""

    TRAIL_LABELS = {"effect": _("effect"), "reported_by": _("reported by"), "assessed_by": _("assessed by")}
    TRAIL_WORDS = {"effect": dict(Effect.choices)}
    TRAIL_GRANTS = ("SELECT", "INSERT", "UPDATE")

    recommendation = models.ForeignKey(Recommendation, on_delete=models.PROTECT, related_name="effect_reviews")
    asked_on = models.DateField(_("asked for on"))
    reported = models.CharField(_("effect as reported"), max_length=10, choices=Effect.choices, blank=True)
    report_text = models.TextField(_("report of the effect"), blank=True)
    reported_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    reported_on = models.DateField(_("reported on"), null=True)
    assessed = models.CharField(_("effect as assessed"), max_length=10, choices=Effect.choices, blank=True)
    assessment_text = models.TextField(_("what the assessment rests on"), blank=True)
    assessed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    assessed_on = models.DateField(_("assessed on"), null=True)

    objects = EffectReviewQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        verbose_name = _("effect review")
        verbose_name_plural = _("effect reviews")
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="effect_review_state_known"),
            models.CheckConstraint(condition=~Q(assessed_by=F("reported_by")), name="effect_review_by_another"),
            models.UniqueConstraint(fields=["recommendation"], name="effect_review_once"),
        ]

    @property
    def headline(self) -> str:
        return self.recommendation.headline

    def keep_report(self, effect: Effect, text: str) -> None:
        self.reported, self.report_text = effect, text
        self.reported_by_id, self.reported_on = self.acting.person_id, self.acting.on

    def keep_assessment(self, effect: Effect, text: str) -> None:
        self.assessed, self.assessment_text = effect, text
        self.assessed_by_id, self.assessed_on = self.acting.person_id, self.acting.on
