"""The plan-schedule, the monitorings it plans, and its versions as they were submitted."""

import hashlib
import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cases.planning import coverage
from cases.registry.models import Direction, LegalAct, Organisation, ProgrammeArea, User
from cases.registry.models.organisations import InstitutionType
from workflow.case import CaseQuerySet
from workflow.door import follow
from workflow.lifecycles.plan_schedule import PlanScheduleLifecycle, State
from workflow.roles import Role
from workflow.rounds.routes import PlannedSeat, Route, Step
from workflow.terms import legal_date

SUBMIT_BY = (12, 1)
"""Month and day of the year before its period by which a plan-schedule is submitted."""
DAYS_TO_AGREE, DAYS_TO_APPROVE = 5, 10


class ItemKind(models.TextChoices):
    PILOT = "pilot", _("Pilot")
    MAIN = "main", _("Main")


class PlanSchedule(PlanScheduleLifecycle):
    """The monitorings of a Department in a period of whole years.

    A constraint that Django does not know (migration 0002) keeps two of one department from being in force.
    """

    TRAIL_LABELS = {
        "approval_act": _("approved by"),
        "submitted_by": _("submitted by"),
        "agreed_by": _("also agreed by"),
        "item": _("planned monitoring"),
        "place": _("place"),
        "kind": _("kind"),
        "levels": _("types of institutions"),
        "directions": _("directions"),
        "areas": _("programme areas"),
        "institutions": _("institutions"),
        "starts": _("begins"),
        "ends": _("ends"),
        "legal_basis": _("legal basis"),
        "budget": _("budget, som"),
        "source_of_finance": _("source of finance"),
        "pilot": _("its pilot"),
    }
    TRAIL_WORDS = {
        "kind": dict(ItemKind.choices),
        "levels": dict(InstitutionType.choices),
        "directions": {str(number): label for number, label in Direction.choices},
    }
    SILENT = ("sha256",)

    ministry = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("ministry"))
    department = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("department")
    )
    coordinator = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("coordinator")
    )
    title = models.CharField(_("title"), max_length=300)
    first_year = models.PositiveSmallIntegerField(_("first year"))
    last_year = models.PositiveSmallIntegerField(_("last year"))
    explanation = models.TextField(_("why what is overdue is not planned"), blank=True)
    agreed_by = models.ManyToManyField(User, related_name="+", blank=True, verbose_name=_("also agreed by"))
    submissions = models.PositiveSmallIntegerField(_("times submitted"), default=0)
    submitted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    sha256 = models.CharField("SHA-256", max_length=64, blank=True)
    approval_act = models.ForeignKey(
        LegalAct, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("approved by")
    )
    approved_on = models.DateField(_("approved on"), null=True)
    in_force_on = models.DateField(_("in force since"), null=True)
    superseded_on = models.DateField(_("superseded on"), null=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        verbose_name = _("plan-schedule")
        verbose_name_plural = _("plan-schedules")
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="plan_schedule_state_known"),
            models.CheckConstraint(condition=Q(last_year__gte=F("first_year")), name="plan_schedule_years_ordered"),
            models.CheckConstraint(
                condition=~Q(state__in=[State.APPROVED, State.IN_FORCE, State.SUPERSEDED])
                | Q(approval_act__isnull=False, approved_on__isnull=False),
                name="plan_schedule_approved_by_act",
            ),
        ]

    @property
    def headline(self) -> str:
        return f"{self.title}, {self.years}"

    @property
    def years(self) -> str:
        return str(self.first_year) if self.first_year == self.last_year else f"{self.first_year}–{self.last_year}"

    @property
    def begins(self) -> date:
        return date(self.first_year, 1, 1)

    @property
    def ends(self) -> date:
        return date(self.last_year, 12, 31)

    @property
    def submit_by(self) -> date:
        """Before the period begins, so that the Ministry can approve in time."""
        return date(self.first_year - 1, *SUBMIT_BY)

    def has_begun(self) -> bool:
        return (self.act.on if self.act else legal_date()) >= self.begins

    def items_now(self) -> Sequence["PlanItem"]:
        return self.once("items", lambda: list(self.items.prefetch_related("directions", "areas", "institutions")))

    def items_outside(self) -> Sequence["PlanItem"]:
        return [item for item in self.items_now() if item.starts < self.begins or item.ends > self.ends]

    def items_before_their_pilot(self) -> Sequence["PlanItem"]:
        items = {item.pk: item for item in self.items_now()}
        return [item for item in items.values() if item.pilot_id and item.starts <= items[item.pilot_id].ends]

    def overdue_not_planned(self) -> Sequence[Any]:
        return self.once("overdue", lambda: coverage.overdue_not_planned(self))

    def contents(self) -> str:
        """Everything that is decided on, as one exact text."""
        head = {"title": self.title, "years": self.years, "explanation": self.explanation}
        items = [item.contents() for item in self.items_now()]
        return json.dumps({**head, "items": items}, ensure_ascii=False, sort_keys=True)

    def contents_sha256(self) -> str:
        return hashlib.sha256(self.contents().encode()).hexdigest()

    def submitter_id(self) -> int | None:
        return self.submitted_by_id

    def route(self) -> Route:
        head = PlannedSeat(Role.DEPARTMENT_HEAD, self.department_id, DAYS_TO_AGREE)
        named = self.agreed_by.order_by("pk").values_list("pk", flat=True)
        leaders = [PlannedSeat(Role.MINISTRY_LEADER, self.ministry_id, DAYS_TO_AGREE, pk) for pk in named]
        decider = PlannedSeat(Role.MINISTRY_LEADER, self.ministry_id, DAYS_TO_APPROVE)
        return [Step([head, *leaders]), Step([decider], approves=True)]

    def keep_submitted(self) -> None:
        act = self.acting
        self.submissions += 1
        self.submitted_by_id, self.sha256 = act.person_id, self.contents_sha256()
        PlanVersion.objects.create(
            plan=self,
            number=self.submissions,
            contents=self.contents(),
            sha256=self.sha256,
            submitted_by_id=act.person_id,
            submitted_at=act.at,
        )

    def keep_approval(self, approval_act_id: int) -> None:
        self.approval_act_id, self.approved_on = approval_act_id, self.acting.on

    def keep_in_force(self, on: date) -> None:
        self.in_force_on = on

    def keep_superseded(self, on: date) -> None:
        self.superseded_on = on

    def supersede_earlier(self) -> None:
        earlier = PlanSchedule.objects.filter(department=self.department_id, state=State.IN_FORCE).exclude(pk=self.pk)
        for plan in earlier:
            follow(plan, "supersede", of=self.acting)


class PlanItem(models.Model):
    """One monitoring that is planned: what, whom, when, on which legal basis, paid by whom.

    Institutions may be named; without any, a sample is drawn later.
    """

    plan = models.ForeignKey(PlanSchedule, on_delete=models.PROTECT, related_name="items")
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
    areas = models.ManyToManyField(ProgrammeArea, related_name="+", blank=True, verbose_name=_("programme areas"))
    institutions = models.ManyToManyField(Organisation, related_name="+", blank=True, verbose_name=_("institutions"))

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

    def contents(self) -> dict[str, Any]:
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


class PlanVersion(models.Model):
    """The exact contents as they were submitted; never changed. `sha256` is what the answers of the round rest on."""

    TRAIL_GRANTS = ("SELECT", "INSERT")

    plan = models.ForeignKey(PlanSchedule, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(_("version"))
    contents = models.TextField()
    sha256 = models.CharField("SHA-256", max_length=64)
    submitted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    submitted_at = models.DateTimeField()

    class Meta:
        ordering = ["number"]
        verbose_name = _("submitted version")
        constraints = [models.UniqueConstraint(fields=["plan", "number"], name="plan_version_number_unique")]

    def __str__(self) -> str:
        return f"{self.plan}, {self.number}"
