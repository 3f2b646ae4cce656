"""What belongs to an engagement: the dates of its stages, its suspensions, and who was let in by name."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cases.planning.models.engagements import Engagement
from cases.planning.models.stages import STAGE_CHOICES
from cases.registry.models import User
from workflow.grants import NamedGrant
from workflow.lifecycles.engagement import STAGES


class StageDate(models.Model):
    """When a stage is planned to begin and end, and when it did."""

    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="stages")
    stage = models.CharField(_("stage"), max_length=20, choices=STAGE_CHOICES)
    planned_start = models.DateField(_("planned begin"))
    planned_end = models.DateField(_("planned end"))
    started_on = models.DateField(_("begun on"), null=True)
    ended_on = models.DateField(_("ended on"), null=True)

    class Meta:
        ordering = ["planned_start", "id"]
        constraints = [
            models.UniqueConstraint(fields=["engagement", "stage"], name="stage_date_once"),
            models.CheckConstraint(condition=Q(stage__in=STAGES), name="stage_date_stage_known"),
            models.CheckConstraint(condition=Q(planned_end__gte=F("planned_start")), name="stage_date_ordered"),
        ]

    def __str__(self) -> str:
        return self.get_stage_display()


class Suspension(models.Model):
    """A time in which a monitoring rested; `resume_by` is what was announced."""

    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="suspensions")
    suspended_on = models.DateField(_("suspended since"))
    resume_by = models.DateField(_("to go on by"))
    resumed_on = models.DateField(_("resumed on"), null=True)
    reason = models.TextField(_("reason"))
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        ordering = ["id"]
        verbose_name = _("suspension")
        constraints = [
            models.UniqueConstraint(
                fields=["engagement"], condition=Q(resumed_on__isnull=True), name="suspension_one_open"
            ),
            models.CheckConstraint(
                condition=Q(resumed_on__isnull=True) | Q(resumed_on__gte=F("suspended_on")), name="suspension_ordered"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.engagement}, {self.suspended_on:%d.%m.%Y}"


class EngagementUserObjectPermission(NamedGrant):
    """An expert who was given access to one monitoring by name."""

    content_object = models.ForeignKey(Engagement, on_delete=models.CASCADE)
