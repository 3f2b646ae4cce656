"""The lifecycle of an engagement: one monitoring, pilot or main, from its preparation to the follow-up.

REG-11: preparation, collection, analysis, conclusions, reporting, follow-up; each ends with approved deliverables.
A suspension is kept apart from the state: while it lasts, only resume, cancel and comments are possible.
What is over is only read: late documents and scans come in, and an expert can be locked out.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField

from workflow.declarations import Expect, ExtraExpectation, Owing, Verb, transition, verb
from workflow.lifecycles import engagement_conditions as must
from workflow.lifecycles.engagement_effects import EngagementEffects
from workflow.must import assigned, assigned_or_head, has_reason
from workflow.parties import Column, Parties, Provided, Through
from workflow.roles import CONTRACTOR, DEPARTMENT, INSTITUTION, MINISTRY, Role, by


class State(TextChoices):
    PLANNED = "planned", _("Planned")
    PREPARATION = "preparation", _("Preparation")
    COLLECTION = "collection", _("Collection")
    ANALYSIS = "analysis", _("Analysis")
    CONCLUSIONS = "conclusions", _("Conclusions")
    REPORTING = "reporting", _("Reporting")
    FOLLOW_UP = "follow_up", _("Follow-up")
    CLOSED = "closed", _("Closed")
    CANCELLED = "cancelled", _("Cancelled")


class Action(TextChoices):
    START = "start", _("Start the preparation")
    CONCLUDE_CONTRACT = "conclude_contract", _("Enter the contract")
    BEGIN_COLLECTION = "begin_collection", _("Begin the collection")
    BEGIN_ANALYSIS = "begin_analysis", _("Begin the analysis")
    BEGIN_CONCLUSIONS = "begin_conclusions", _("Begin the conclusions")
    BEGIN_REPORTING = "begin_reporting", _("Begin the reporting")
    PUBLISH = "publish", _("Publish the report")
    CLOSE = "close", _("Close the monitoring")
    SEND_BACK = "send_back", _("Return to the stage before")
    SUSPEND = "suspend", _("Suspend")
    RESUME = "resume", _("Resume")
    CANCEL = "cancel", _("Cancel the monitoring")
    CREATE = "create", _("Plan a monitoring")
    EDIT = "edit", _("Edit the monitoring")
    ASSIGN = "assign", _("Assign a coordinator")
    SET_DATES = "set_dates", _("Set the dates of the stages")
    GIVE_ACCESS = "give_access", _("Give an expert access")
    WITHDRAW_ACCESS = "withdraw_access", _("Withdraw an expert's access")
    COMMENT = "comment", _("Comment")
    COMMENT_INTERNAL = "comment_internal", _("Internal comment")
    DOCUMENT = "document", _("Add a document")


STAGES = (
    State.PREPARATION, State.COLLECTION, State.ANALYSIS, State.CONCLUSIONS, State.REPORTING, State.FOLLOW_UP,
)  # fmt: skip
OPEN = (State.PLANNED, *STAGES)
SUSPENDABLE = STAGES[:-1]
"""The follow-up goes on: the terms of recommendations do not rest with the monitoring."""
CONTRACTED = (*STAGES, State.CLOSED, State.CANCELLED)
"""States in which a contractor may see it."""
COLLECTED = (("stages__stage", State.COLLECTION), ("stages__started_on__isnull", False))
"""Institutions were told of it when the collection began. Of one that was cancelled before they never hear."""
BEFORE: Mapping[str, str] = dict(zip(STAGES[1:-1], STAGES, strict=False))
"""Stage -> the one it can be returned to. A published report cannot be taken back."""


class EngagementLifecycle(EngagementEffects):
    CASE_TYPE = "engagement"
    STATES = State
    INITIAL = State.PLANNED
    ACTIONS = Action
    PARTIES = Parties("department_id", addressed="contractor_id", assignees={Role.COORDINATOR: "coordinator_id"})
    RELATIONS = {
        **dict.fromkeys(MINISTRY, Column("ministry_id")),
        **dict.fromkeys(DEPARTMENT, Column("department_id")),
        **dict.fromkeys(CONTRACTOR, Column("contractor_id")),
        **dict.fromkeys(INSTITUTION, Provided(Through("institutions"), (State.CANCELLED,), COLLECTED)),
    }
    GRANTED = {Role.CONTRACTOR_EXPERT: "view_engagement"}
    ACCESS = {
        State.PLANNED: by(*MINISTRY, *DEPARTMENT),
        State.PREPARATION: by(*MINISTRY, *DEPARTMENT, *CONTRACTOR),
        **{
            state: by(*MINISTRY, *DEPARTMENT, *CONTRACTOR, *INSTITUTION)
            for state in (*STAGES[1:], State.CLOSED, State.CANCELLED)
        },
    }
    EXPECTS = {
        State.PLANNED: Expect("start", "who_goes_on", days=20, until="stage_due"),
        State.PREPARATION: Expect("begin_collection", "who_goes_on", days=60, until="stage_due"),
        State.COLLECTION: Expect("begin_analysis", "who_goes_on", days=60, until="stage_due"),
        State.ANALYSIS: Expect("begin_conclusions", "who_goes_on", days=40, until="stage_due"),
        State.CONCLUSIONS: Expect("begin_reporting", "who_goes_on", days=20, until="stage_due"),
        State.REPORTING: Expect("publish", "who_goes_on", days=20, until="stage_due"),
        State.FOLLOW_UP: Expect("close", "who_goes_on", days=250, until="stage_due"),
    }
    EXTRA = {Action.RESUME: Role.DEPARTMENT_HEAD, Action.CONCLUDE_CONTRACT: Role.COORDINATOR}
    CREATE = Verb(by(Role.COORDINATOR), [State.PLANNED])
    VERBS = {
        Action.EDIT: Verb(by(Role.COORDINATOR), [State.PLANNED, State.PREPARATION], [assigned, must.runs]),
        Action.ASSIGN: Verb(by(*DEPARTMENT), OPEN, [assigned_or_head]),
        Action.SET_DATES: Verb(by(Role.COORDINATOR), OPEN, [assigned, must.runs]),
        Action.GIVE_ACCESS: Verb(by(Role.CONTRACTOR_LEAD), STAGES, [must.runs], internal=True),
        Action.WITHDRAW_ACCESS: Verb(by(Role.CONTRACTOR_LEAD, *DEPARTMENT), CONTRACTED, internal=True),
        Action.COMMENT: Verb(by(Role.MINISTRY_LEADER, *DEPARTMENT, *CONTRACTOR), STAGES),
        Action.COMMENT_INTERNAL: Verb(by(Role.MINISTRY_LEADER, *DEPARTMENT), OPEN, internal=True),
        Action.DOCUMENT: Verb(by(*DEPARTMENT), State),
    }

    @property
    def who_goes_on(self) -> Iterable[Owing]:
        """Who takes the monitoring on to the next stage; nobody while it is suspended."""
        if self.follow("suspended_on") and self.foreseen != Action.RESUME:
            return []
        deciders: Mapping[object, Role] = {
            State.REPORTING: Role.MINISTRY_LEADER,
            State.FOLLOW_UP: Role.DEPARTMENT_HEAD,
        }
        return [Owing(deciders.get(self.follow("state"), Role.COORDINATOR))]

    def extra_expectations(self) -> Iterable[ExtraExpectation]:
        if isinstance(until := self.follow("resume_by"), date):
            yield ExtraExpectation(Action.RESUME, Role.DEPARTMENT_HEAD, "resume", until)
        if self.contract_due is not None:
            yield ExtraExpectation(Action.CONCLUDE_CONTRACT, Role.COORDINATOR, "contract", self.contract_due)

    state = FSMField(_("state"), max_length=30, choices=State.choices, default=State.PLANNED, protected=True)

    class Meta:
        abstract = True

    @transition(
        State.PLANNED,
        State.PREPARATION,
        permission=by(Role.COORDINATOR),
        conditions=[assigned, must.runs, must.has_basis, must.is_planned, must.has_scope, must.has_dates],
        meaning=_("The preparation begins. What it has to deliver is asked for, and appears on this page."),
        then="ask_for_deliverables",
    )
    def start(self) -> None:
        """Begin the preparation (REG-11.1)."""
        self.keep_stage(State.PREPARATION)

    @verb(
        by(Role.COORDINATOR),
        [State.PREPARATION],
        conditions=[assigned, must.runs, *must.CONTRACT_IS_DUE, *must.CONTRACT_IS_SOUND],
        meaning=_(
            "The contractor gets access to this monitoring, and is asked for all that needs a contract. The contract"
            " cannot be replaced afterwards."
        ),
        internal=True,
        then="ask_for_deliverables",
    )
    def conclude_contract(  # noqa: PLR0913 - what a contract consists of
        self,
        number: str,
        signed_on: date,
        contractor_id: int,
        amount: Decimal,
        starts: date,
        ends: date,
        terms: str = "",
    ) -> None:
        """Keep the contract that was concluded after the decision (REG-13.4, REG-16); `amount` in som."""
        facts = {"number": number, "signed_on": signed_on, "contractor_id": contractor_id, "amount": amount}
        self.keep_contract({**facts, "starts": starts, "ends": ends, "terms": terms})

    @transition(
        State.PREPARATION,
        State.COLLECTION,
        permission=by(Role.COORDINATOR),
        conditions=[assigned, must.runs, must.has_contract, *must.stage_is_done, *must.PILOT_IS_DONE],
        meaning=_("The collection begins. The institutions named in it see the monitoring from now on."),
        then="ask_for_deliverables",
    )
    def begin_collection(self) -> None:
        """Begin the collection (REG-11.2)."""
        self.keep_stage(State.COLLECTION)

    @transition(
        State.COLLECTION,
        State.ANALYSIS,
        permission=by(Role.COORDINATOR),
        conditions=[assigned, must.runs, *must.stage_is_done],
        meaning=_("The collection ends, and the analysis begins."),
        then="ask_for_deliverables",
    )
    def begin_analysis(self) -> None:
        """Begin the analysis (REG-11.3)."""
        self.keep_stage(State.ANALYSIS)

    @transition(
        State.ANALYSIS,
        State.CONCLUSIONS,
        permission=by(Role.COORDINATOR),
        conditions=[assigned, must.runs, *must.stage_is_done],
        meaning=_("The analysis ends. The experts are asked for their conclusions, one for each direction."),
        then="ask_for_deliverables",
    )
    def begin_conclusions(self) -> None:
        """Begin the conclusions (REG-11.4)."""
        self.keep_stage(State.CONCLUSIONS)

    @transition(
        State.CONCLUSIONS,
        State.REPORTING,
        permission=by(Role.COORDINATOR),
        conditions=[assigned, must.runs, *must.stage_is_done],
        meaning=_("The conclusions are complete, and the reporting begins."),
        then="ask_for_deliverables",
    )
    def begin_reporting(self) -> None:
        """Begin the reporting (REG-11.5)."""
        self.keep_stage(State.REPORTING)

    @transition(
        State.REPORTING,
        State.FOLLOW_UP,
        permission=by(Role.MINISTRY_LEADER),
        conditions=[must.runs, *must.stage_is_done, must.is_checked],
        meaning=_("The report is published. From now on it is followed how the recommendations are carried out."),
        then="ask_for_deliverables",
    )
    def publish(self, is_checked: bool) -> None:
        """Publish the report, and begin the follow-up (REG-11.5, REG-11.6a, REG-7.10)."""
        self.keep_stage(State.FOLLOW_UP)

    @transition(
        State.FOLLOW_UP,
        State.CLOSED,
        permission=by(Role.DEPARTMENT_HEAD),
        conditions=[must.runs, *must.stage_is_done, must.nothing_is_open],
        meaning=_("The monitoring is closed, and can only be read. Late documents can still be added."),
    )
    def close(self) -> None:
        """Close it (REG-11.6)."""
        self.keep_stage("")

    @transition(
        BEFORE,
        dict(BEFORE),
        permission=by(Role.DEPARTMENT_HEAD, Role.MINISTRY_LEADER),
        conditions=[must.runs, has_reason, must.names_some],
        meaning=_("The work goes back to the stage before. The deliverables that you name have to be corrected."),
        danger=True,
        then="reopen_named",
    )
    def send_back(self, reason: str, deliverables: Sequence[str]) -> str:
        """Return it to the stage before, naming what has to be corrected."""
        stage = str(BEFORE[str(self.follow("state"))])
        self.keep_return(stage)
        return stage

    @verb(
        by(Role.DEPARTMENT_HEAD),
        SUSPENDABLE,
        conditions=[must.runs, has_reason, must.resumes_later],
        meaning=_(
            "Nothing is owed while the monitoring is suspended. When it goes on, dates and terms move by the working"
            " days in between."
        ),
        danger=True,
        then="let_deliverables_follow",
    )
    def suspend(self, reason: str, until: date) -> None:
        """Let it rest."""
        self.keep_suspension(reason, until)

    @verb(
        by(Role.DEPARTMENT_HEAD),
        SUSPENDABLE,
        conditions=[must.is_suspended],
        meaning=_("The monitoring goes on. Dates move by the working days for which it was suspended."),
        then="let_deliverables_follow",
    )
    def resume(self) -> None:
        """Let it go on."""
        self.keep_resumption()

    @transition(
        OPEN,
        State.CANCELLED,
        permission=by(Role.MINISTRY_LEADER),
        conditions=[has_reason, must.has_cancelling_act],
        meaning=_("The monitoring ends for good. Nothing is delivered any more; what was approved stays readable."),
        danger=True,
        then="drop_deliverables",
    )
    def cancel(self, reason: str, cancelling_act_id: int) -> None:
        """End it by a legal act."""
        self.keep_cancelled(cancelling_act_id)
