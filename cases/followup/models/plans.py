"""The institution's plan: measures, each with a responsible post and a date; an agreed plan is frozen."""

import hashlib
from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.followup.models.recommendations import Recommendation


class Plan(models.Model):
    """One version of the plan; `agreed_on` and `sha256` are set when the department agrees, then it never changes."""

    TRAIL_GRANTS = ("SELECT", "INSERT", "UPDATE (agreed_on, sha256)")

    recommendation = models.ForeignKey(Recommendation, on_delete=models.PROTECT, related_name="plans", db_index=False)
    version = models.PositiveSmallIntegerField(default=1)
    agreed_on = models.DateField(_("agreed on"), null=True, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["version"]
        constraints = [models.UniqueConstraint(fields=["recommendation", "version"], name="plan_version_unique")]

    def __str__(self) -> str:
        return f"{self.recommendation}, plan {self.version}"

    def freeze(self, on: date) -> None:
        self.agreed_on = on
        self.sha256 = hashlib.sha256(self.contents().encode()).hexdigest()
        self.save(update_fields=["agreed_on", "sha256"])

    @property
    def is_intact(self) -> bool:
        """Whether an agreed plan is still what was agreed."""
        return self.sha256 == hashlib.sha256(self.contents().encode()).hexdigest()

    def contents(self) -> str:
        """What an agreement is bound to, one line per measure."""
        return "\n".join(
            f"{measure.position}|{measure.text}|{measure.responsible}|{measure.due}" for measure in self.measures.all()
        )

    def reopen(self) -> "Plan":
        """A new version with the same measures, so that what was returned stays readable."""
        plan = Plan.objects.create(recommendation=self.recommendation, version=self.version + 1)
        Measure.objects.bulk_create(
            Measure(
                plan=plan,
                position=measure.position,
                text=measure.text,
                responsible=measure.responsible,
                due=measure.due,
            )
            for measure in self.measures.all()
        )
        return plan


class Measure(models.Model):
    """What will be done, by which post or unit, by when. Those of a plan that is still free are replaced as a whole."""

    TRAIL_GRANTS = ("SELECT", "INSERT", "DELETE", "UPDATE (unproved_reason)")

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="measures", db_index=False)
    position = models.PositiveSmallIntegerField()
    text = models.TextField(_("measure"))
    responsible = models.CharField(_("responsible post or unit"), max_length=300, blank=True)
    due = models.DateField(_("by"), null=True, blank=True)
    unproved_reason = models.TextField(_("why there is no evidence"), blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["plan", "position"], name="measure_position_unique")]

    def __str__(self) -> str:
        return self.text

    @property
    def topic(self) -> str:
        """What the expectation of its evidence is about."""
        return self.text
