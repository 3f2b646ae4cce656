"""The plan-schedule, and its versions as they were submitted."""

import json
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cases.planning import coverage
from cases.planning.contents import say_the_same
from cases.planning.models.plan_items import ItemKind, PlanItem
from cases.planning.models.proposals import ProposalDecision, ProposalLine
from cases.planning.models.versions import SubmittedInVersions, SubmittedVersion
from cases.registry.models import Direction, LegalAct, Organisation, ProgrammeArea, User
from cases.registry.models.organisations import InstitutionType
from workflow.case import CaseQuerySet
from workflow.declarations import ExtraExpectation
from workflow.door import follow
from workflow.lifecycles.plan_schedule import Action, PlanScheduleLifecycle, State
from workflow.models import Expectation
from workflow.roles import Role
from workflow.rounds.models import Round
from workflow.rounds.routes import PlannedSeat, RoundStep, Route

SUBMIT_BY = (12, 1)
"""Month and day of the year before its period by which a plan-schedule is submitted."""
LOOK_FOR_NEXT = (9, 1)
"""Month and day of its last year from which on the next one is asked for."""
AHEAD = timedelta(days=30)
"""How long before its planned beginning a monitoring is asked for."""
DAYS_TO_AGREE, DAYS_TO_APPROVE = 5, 10
BEING_PREPARED = (State.DRAFT, State.SUBMITTED, State.AGREED)
"""Of these a department has one for a year."""


class PlanSchedule(SubmittedInVersions, PlanScheduleLifecycle):
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
        "proposal": _("proposal"),
        "decision": _("decision"),
        "reason": _("reason"),
        "engagement": _("monitoring"),
        "plan": _("plan-schedule"),
    }
    TRAIL_WORDS = {
        "kind": dict(ItemKind.choices),
        "decision": dict(ProposalDecision.choices),
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
            models.UniqueConstraint(
                fields=["department", "first_year"],
                condition=Q(state__in=BEING_PREPARED),
                name="plan_schedule_prepared_once",
            ),
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
        return self.today >= self.begins

    def items_now(self) -> Sequence["PlanItem"]:
        rows = self.items.select_related("legal_basis", "pilot")
        return self.once("items", lambda: list(rows.prefetch_related("directions", "areas", "institutions")))

    def items_outside(self) -> Sequence["PlanItem"]:
        return [item for item in self.items_now() if item.starts < self.begins or item.ends > self.ends]

    def items_before_their_pilot(self) -> Sequence["PlanItem"]:
        items = {item.pk: item for item in self.items_now()}
        return [item for item in items.values() if item.pilot_id and item.starts <= items[item.pilot_id].ends]

    def overdue_not_planned(self) -> Sequence[Organisation | ProgrammeArea]:
        return self.once("overdue", lambda: coverage.overdue_not_planned(self))

    def extra_expectations(self) -> Iterable[ExtraExpectation]:
        """What a plan-schedule in force asks for by its dates: monitorings that are to begin, and the next one."""
        if self.state != State.IN_FORCE:
            return
        near = self.items.not_begun().filter(starts__lte=self.today + AHEAD)
        for item in near.order_by("starts", "pk"):
            yield ExtraExpectation(Action.BEGIN_ITEM, Role.COORDINATOR, f"item:{item.pk}", item.starts, item.title)
        if self.today >= date(self.last_year, *LOOK_FOR_NEXT) and not self.has_next():
            yield ExtraExpectation(Action.DRAFT_NEXT, Role.COORDINATOR, "next", date(self.last_year, *SUBMIT_BY))

    def has_next(self) -> bool:
        """Whether one for the year after its period is prepared or approved."""
        year, others = self.last_year + 1, PlanSchedule.objects.filter(department=self.department_id)
        return others.filter(first_year__lte=year, last_year__gte=year).exists()

    def has_work_ahead(self) -> bool:
        owed = Expectation.objects.open().of(self.CASE_TYPE, self.pk).values_list("key", flat=True)
        return not {extra.key for extra in self.extra_expectations()} <= set(owed)

    def unweighed(self) -> Sequence[ProposalLine]:
        return self.once("unweighed", lambda: list(ProposalLine.open_to(self.department_id)))

    def contents(self) -> str:
        """Everything that is decided on, as one exact text."""
        head = {"title": self.title, "years": self.years, "explanation": self.explanation}
        items = [item.contents() for item in self.items_now()]
        return json.dumps({**head, "items": items}, ensure_ascii=False, sort_keys=True)

    def is_as_decided(self, decided: Round) -> bool:
        version = self.version_of(decided)
        return version is not None and say_the_same(version.contents, self.contents())

    def route(self) -> Route:
        head = PlannedSeat(Role.DEPARTMENT_HEAD, self.department_id, DAYS_TO_AGREE)
        named = self.agreed_by.order_by("pk").values_list("pk", flat=True)
        leaders = [PlannedSeat(Role.MINISTRY_LEADER, self.ministry_id, DAYS_TO_AGREE, pk) for pk in named]
        decider = PlannedSeat(Role.MINISTRY_LEADER, self.ministry_id, DAYS_TO_APPROVE)
        return [RoundStep([head, *leaders]), RoundStep([decider], approves=True)]

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


class PlanVersion(SubmittedVersion):
    plan = models.ForeignKey(PlanSchedule, on_delete=models.PROTECT, related_name="versions")

    class Meta(SubmittedVersion.Meta):
        constraints = [models.UniqueConstraint(fields=["plan", "number"], name="plan_version_number_unique")]

    def __str__(self) -> str:
        return f"{self.plan}, {self.number}"
