"""What each stage of a monitoring has to deliver, who drafts, agrees and approves it: data, in versions.

An engagement keeps the version it began with, so that a new one changes nothing for it.
"""

from datetime import date
from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.registry.models import LegalAct
from workflow.lifecycles.deliverable import DECIDERS, REVIEWER
from workflow.lifecycles.engagement import STAGES
from workflow.roles import CONTRACTOR, Role
from workflow.rounds.routes import Mode

STAGE_CHOICES = [(stage.value, stage.label) for stage in STAGES]


class StageTemplate(models.Model):
    """A version of the list; the newest that has come into force is used for new engagements."""

    TRAIL_TYPE = "stage_template"

    version = models.PositiveSmallIntegerField(_("version"), unique=True)
    in_force_from = models.DateField(_("in force since"))
    legal_act = models.ForeignKey(
        LegalAct, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("legal act")
    )
    sha256 = models.CharField("SHA-256", max_length=64)

    class Meta:
        ordering = ["version"]
        verbose_name = _("list of deliverables")

    def __str__(self) -> str:
        return str(_("version %(version)d") % {"version": self.version})

    @classmethod
    def in_force(cls, on: date) -> "StageTemplate | None":
        return cls.objects.filter(in_force_from__lte=on).order_by("-version").first()


class TemplateRow(models.Model):
    """A deliverable that a stage asks for.

    `needs_contract`: it is asked for once the contract is there. `per_direction`: one for each direction of the
    engagement. `term_days` are working days from when it is asked for; without them it is due when its stage ends.
    """

    template = models.ForeignKey(StageTemplate, on_delete=models.PROTECT, related_name="rows")
    place = models.PositiveSmallIntegerField()
    stage = models.CharField(_("stage"), max_length=20, choices=STAGE_CHOICES)
    kind = models.CharField(max_length=40)
    title = models.CharField(_("title"), max_length=300)
    drafter_role = models.CharField(_("prepared by"), max_length=30, choices=Role.choices)
    is_required = models.BooleanField(_("required"), default=True)
    per_direction = models.BooleanField(_("one for each direction"), default=False)
    needs_contract = models.BooleanField(_("after the contract"), default=False)
    term_days = models.PositiveSmallIntegerField(_("term, working days"), null=True)
    regulation = models.CharField(_("regulation"), max_length=100)

    objects: ClassVar["models.Manager[TemplateRow]"] = models.Manager()
    if TYPE_CHECKING:  # modeltranslation puts its own manager in this one's place, which mypy cannot follow.
        _default_manager: ClassVar["models.Manager[TemplateRow]"]

    class Meta:
        ordering = ["place"]
        constraints = [
            models.UniqueConstraint(fields=["template", "kind"], name="template_row_kind_unique"),
            models.UniqueConstraint(fields=["template", "place"], name="template_row_place_unique"),
            models.CheckConstraint(condition=Q(stage__in=STAGES), name="template_row_stage_known"),
        ]

    def __str__(self) -> str:
        return self.title

    def waits_for_contract(self) -> bool:
        """Whether nobody can be asked for it before the contract: the contractor prepares it, agrees or approves."""
        roles = {self.drafter_role, *(seat.role for seat in self.seats.all())}
        return self.needs_contract or not roles.isdisjoint(CONTRACTOR)


class RouteSeat(models.Model):
    """One who is asked about a version of the deliverable: in which step, by which role, for how many working days.

    `mode` and `quorum` are the same for all seats of a step.
    """

    row = models.ForeignKey(TemplateRow, on_delete=models.PROTECT, related_name="seats")
    step = models.PositiveSmallIntegerField()
    place = models.PositiveSmallIntegerField()
    mode = models.CharField(max_length=10, choices=Mode.choices, default=Mode.ALL)
    quorum = models.PositiveSmallIntegerField(default=0)
    approves = models.BooleanField(default=False)
    role = models.CharField(max_length=30, choices=Role.choices)
    days = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["step", "place"]
        constraints = [
            models.UniqueConstraint(fields=["row", "step", "place"], name="route_seat_place_unique"),
            models.CheckConstraint(
                condition=Q(role__in=DECIDERS) | Q(role=REVIEWER, approves=False), name="route_seat_role_decides"
            ),
            models.CheckConstraint(
                condition=Q(mode=Mode.QUORUM, quorum__gte=1) | Q(mode__in=[Mode.ALL, Mode.ANY], quorum=0),
                name="route_seat_mode_known",
            ),
            models.CheckConstraint(condition=Q(step__gte=1, place__gte=1, days__gte=1), name="route_seat_counted"),
        ]

    def __str__(self) -> str:
        return f"{self.row}, {self.step}.{self.place}"
