"""An engagement: one monitoring, its stages with their dates, its contract, its suspensions, and who may see it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, cast

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cases.planning import contracting, joining, pilots
from cases.planning.models.contracts import Contract
from cases.planning.models.plan_items import ItemKind, PlanItem
from cases.planning.models.stages import StageTemplate
from cases.planning.unaltered import names_of_altered
from cases.registry.models import Direction, InstitutionType, LegalAct, Organisation, ProgrammeArea, User
from workflow.case import CaseQuerySet
from workflow.declarations import Owing
from workflow.lifecycles.deliverable import State as DeliverableState
from workflow.lifecycles.engagement import BEFORE, STAGES, EngagementLifecycle, State
from workflow.lifecycles.plan_schedule import State as PlanState
from workflow.roles import INSTITUTION, Role
from workflow.terms import CALENDARS, add_working_days, calendar_in_force

if TYPE_CHECKING:
    from cases.planning.models.deliverables import Deliverable
    from cases.planning.models.engagement_parts import StageDate


class Engagement(EngagementLifecycle):  # type: ignore[django-manager-missing]  # guardian's model has an untyped manager
    """One monitoring, planned by an item of a plan-schedule or, for a stated reason, outside of it."""

    TRAIL_LABELS = {
        "deliverables": _("to be corrected"),
        "institutions": _("institutions"),
        "areas": _("programme areas"),
        "is_checked": _("checked for personal data"),
        "until": _("until"),
        "expert": _("expert"),
        "signed_on": _("signed on"),
        "amount": _("amount, som"),
        "starts": _("begins"),
        "ends": _("ends"),
        "terms": _("terms"),
        **{str(stage): stage.label for stage in STAGES},
    }
    TRAIL_WORDS = {
        "levels": dict(InstitutionType.choices),
        "directions": {str(number): label for number, label in Direction.choices},
    }

    ministry = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("ministry"))
    department = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("department")
    )
    coordinator = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("coordinator")
    )
    plan_item = models.ForeignKey(
        PlanItem, on_delete=models.PROTECT, null=True, related_name="engagements", verbose_name=_("planned monitoring")
    )
    off_plan_reason = models.TextField(_("why it is outside of the plan-schedule"), blank=True)
    template = models.ForeignKey(
        StageTemplate, on_delete=models.PROTECT, related_name="+", verbose_name=_("list of deliverables")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=ItemKind.choices, default=ItemKind.MAIN)
    pilot = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="mains", verbose_name=_("its pilot")
    )
    title = models.CharField(_("title"), max_length=300)
    goal = models.TextField(_("goal"), blank=True)
    levels = ArrayField(
        models.CharField(max_length=30, choices=InstitutionType.choices),
        verbose_name=_("types of institutions"),
        default=list,
    )
    directions = ArrayField(
        models.PositiveSmallIntegerField(choices=Direction.choices), verbose_name=_("directions"), default=list
    )
    legal_basis = models.ForeignKey(
        LegalAct, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("legal basis")
    )
    contract = models.ForeignKey(
        Contract, on_delete=models.PROTECT, null=True, related_name="engagements", verbose_name=_("contract")
    )
    contractor = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("contractor")
    )
    suspended_on = models.DateField(_("suspended since"), null=True)
    resume_by = models.DateField(_("to go on by"), null=True)
    published_on = models.DateField(_("report published on"), null=True)
    closed_on = models.DateField(_("closed on"), null=True)
    cancelling_act = models.ForeignKey(
        LegalAct, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("cancelled by")
    )
    areas = models.ManyToManyField(ProgrammeArea, related_name="+", blank=True, verbose_name=_("programme areas"))
    institutions = models.ManyToManyField(
        Organisation, related_name="engagements", blank=True, verbose_name=_("institutions")
    )

    objects = CaseQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        verbose_name = _("monitoring")
        verbose_name_plural = _("monitorings")
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="engagement_state_known"),
            models.CheckConstraint(condition=Q(kind__in=ItemKind.values), name="engagement_kind_known"),
            models.CheckConstraint(
                condition=Q(pilot__isnull=True) | Q(kind=ItemKind.MAIN), name="engagement_only_mains_have_pilots"
            ),
            models.CheckConstraint(
                condition=Q(contract__isnull=True, contractor__isnull=True)
                | Q(contract__isnull=False, contractor__isnull=False),
                name="engagement_contractor_by_contract",
            ),
            models.CheckConstraint(
                condition=Q(suspended_on__isnull=True, resume_by__isnull=True)
                | Q(suspended_on__isnull=False, resume_by__isnull=False),
                name="engagement_suspended_until",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.CANCELLED) | Q(cancelling_act__isnull=False),
                name="engagement_cancelled_by_act",
            ),
        ]
        indexes = [
            models.Index(fields=["department", "-id"], name="engagement_department"),
            models.Index(fields=["contractor", "-id"], name="engagement_contractor"),
            models.Index(fields=["state", "-id"], name="engagement_state"),
        ]

    @property
    def headline(self) -> str:
        return self.title

    @property
    def institutions_involved(self) -> Iterable[str]:
        """The roles of the institutions that hear of its end: they have seen it since its collection began."""
        collection = self.stages_now().get(State.COLLECTION)
        return INSTITUTION if collection and collection.started_on else ()

    @property
    def experts_asked(self) -> Iterable[str]:
        """The role of the experts who were let in, where they prepare something in the present stage."""
        asks = self.template.rows.filter(stage=self.state, drafter_role=Role.CONTRACTOR_EXPERT).exists()
        return [Role.CONTRACTOR_EXPERT] if asks else []

    @property
    def expert_meant(self) -> Owing:
        """The expert who is let in, or locked out."""
        expert_id = cast(int, self.acting.inputs["expert_id"])
        return Owing(Role.CONTRACTOR_EXPERT, organisation_id=self.contractor_id, assignee_id=expert_id)

    def stands_in_plan_in_force(self) -> bool:
        item = self.plan_item
        return item is not None and item.plan.state in (PlanState.IN_FORCE, PlanState.SUPERSEDED)

    def why_suspended(self) -> str:
        if self.suspended_on is None:
            return ""
        return gettext("The monitoring is suspended since %(date)s.") % {"date": f"{self.suspended_on:%d.%m.%Y}"}

    def why_over(self) -> str:
        if self.state == State.CLOSED:
            return gettext("The monitoring is closed.")
        return gettext("The monitoring is cancelled.") if self.state == State.CANCELLED else ""

    def stages_now(self) -> Mapping[str, "StageDate"]:
        """Stage -> its dates, of those that have any."""
        return self.once("stages", lambda: {row.stage: row for row in self.stages.all()})

    def has_all_dates(self) -> bool:
        return len(self.stages_now()) == len(STAGES)

    @property
    def stage_due(self) -> date | None:
        if self.state == State.PLANNED:
            first = self.stages_now().get(State.PREPARATION)
            return first.planned_start if first else None
        row = self.stages_now().get(self.state)
        return row.planned_end if row else None

    def rested_days(self) -> int:
        """The working days of the suspension that ended last."""
        last = self.suspensions.exclude(resumed_on=None).latest("pk")
        days = ((last.resumed_on or self.today) - last.suspended_on).days
        is_working_day = CALENDARS[calendar_in_force()].is_working_day
        return sum(is_working_day(last.suspended_on + timedelta(days=number)) for number in range(days))

    def _move_stages(self) -> None:
        """What is not over yet is planned later, by the working days for which nothing was done."""
        days, calendar = self.rested_days(), calendar_in_force()
        for row in self.stages.filter(ended_on=None) if days else ():
            row.planned_end = add_working_days(row.planned_end, days, calendar)
            if row.started_on is None:
                row.planned_start = add_working_days(row.planned_start, days, calendar)
            row.save(update_fields=["planned_start", "planned_end"])

    def deliverables_now(self) -> Sequence["Deliverable"]:
        """All that was asked for, in the order of the list of deliverables."""
        rows = self.deliverables.select_related("row", "expert").order_by("row__place", "direction")
        return self.once("deliverables", lambda: list(rows))

    def undelivered(self) -> Sequence[object]:
        rows = self.deliverables_now()
        return [joining.named(row) for row in rows if row.stage == self.state and row.state in joining.OPEN]

    def altered(self) -> Sequence[object]:
        stages = STAGES if self.state == State.FOLLOW_UP else [self.state]
        return self.once("altered", lambda: names_of_altered(self.deliverables.filter(stage__in=stages)))

    def altered_decision(self) -> Sequence[object]:
        rows = self.deliverables.filter(row__kind=contracting.DECISION)
        return self.once("altered_decision", lambda: names_of_altered(rows))

    def altered_of_pilot(self) -> Sequence[object]:
        if self.pilot_id is None:
            return []
        return self.once("altered_of_pilot", lambda: names_of_altered(pilots.conclusions_for(self)))

    def is_contractor_decided(self) -> bool:
        return contracting.decision_of(self) is not None

    @property
    def contract_due(self) -> date | None:
        return contracting.contract_due(self)

    def is_pilot_concluded(self) -> bool:
        return self.pilot_id is None or self.once("is_pilot_concluded", lambda: pilots.is_concluded_for(self))

    def obstacles(self) -> Sequence[object]:
        return self.once("obstacles", lambda: [name for find in joining.OBSTACLES for name in find(self)])

    def may_reopen(self, deliverables: Iterable[str]) -> bool:
        named = set(deliverables)
        return bool(named) and named <= set(self.reopenable().values_list("number", flat=True))

    def reopenable(self) -> "QuerySet[Deliverable]":
        """The approved deliverables of the stage before."""
        stage = BEFORE.get(self.state, "")
        return self.deliverables.filter(stage=stage, state=DeliverableState.APPROVED)

    def keep_contract(self, facts: Mapping[str, object]) -> None:
        contract = contracting.contract_with(facts)
        self.contract_id, self.contractor_id = contract.pk, contract.contractor_id

    def keep_stage(self, stage: str) -> None:
        on = self.acting.on
        self.stages.filter(stage=self.state).update(ended_on=on)
        self.stages.filter(stage=stage).update(started_on=Coalesce("started_on", on), ended_on=None)
        if stage == State.FOLLOW_UP:
            self.published_on = on
        elif not stage:
            self.closed_on = on
        self.acting.read.clear()

    def keep_return(self, stage: str) -> None:
        """Both keep the day on which they first began."""
        self.stages.filter(stage__in=[self.state, stage]).update(ended_on=None)
        self.acting.read.clear()

    def keep_suspension(self, reason: str, until: date) -> None:
        on = self.acting.on
        self.suspended_on, self.resume_by = on, until
        self.suspensions.create(suspended_on=on, resume_by=until, reason=reason.strip(), by_id=self.acting.person_id)

    def keep_resumption(self) -> None:
        self.suspensions.filter(resumed_on=None).update(resumed_on=self.acting.on)
        self._move_stages()
        self.suspended_on = self.resume_by = None
        self.acting.read.clear()

    def keep_cancelled(self, cancelling_act_id: int) -> None:
        self.cancelling_act_id = cancelling_act_id
        self.suspensions.filter(resumed_on=None).update(resumed_on=self.acting.on)
        self.suspended_on = self.resume_by = None

    def ask_for_deliverables(self) -> None:
        joining.ask(self)

    def reopen_named(self) -> None:
        joining.reopen(self)

    def let_deliverables_follow(self) -> None:
        joining.let_follow(self)

    def drop_deliverables(self) -> None:
        joining.drop(self)
