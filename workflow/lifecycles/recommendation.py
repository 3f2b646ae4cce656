"""The lifecycle of a recommendation: what may happen to it, by whom, on which conditions, and what is expected next.

The institution answers, plans and proves; the department issues, reviews and verifies; the Ministry decides disputes
and accepts risks. Whoever verifies did not claim, and whoever closes did not verify (REG-11.6a, REG-18, REG-20 to 23).
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

from dateutil.relativedelta import relativedelta
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_fsm import FSMField

from workflow.case import Case, Expect, Verb, transition
from workflow.conditions import given
from workflow.lifecycles import follow_up as must
from workflow.lifecycles.follow_up import ClosingReason, Degree, Response
from workflow.roles import Role, by


class State(TextChoices):
    DRAFT = "draft", _("Draft")
    ISSUED = "issued", _("Answer awaited")
    DISPUTED = "disputed", _("Disputed")
    UNDER_REVIEW = "under_review", _("Answer under review")
    IN_PROGRESS = "in_progress", _("In progress")
    CLAIMED = "claimed", _("Reported as done")
    VERIFIED = "verified", _("Verified")
    CLOSED = "closed", _("Closed")


class Action(TextChoices):
    """Every act on a recommendation, as pages and the trail name it; those that move the state first."""

    ISSUE = "issue", _("Issue")
    RESPOND = "respond", pgettext_lazy("action", "Answer")
    DISPUTE = "dispute", _("Dispute")
    UPHOLD = "uphold", _("Uphold")
    AGREE_PLAN = "agree_plan", _("Agree the plan")
    RETURN_PLAN = "return_plan", _("Return the plan")
    CLAIM = "claim", _("Report as done")
    CONFIRM = "confirm", _("Confirm")
    NOT_CONFIRMED = "not_confirmed", _("Do not confirm")
    ACCEPT_CLAIM = "accept_claim", _("Close on the institution's word")
    CLOSE = "close", _("Close")
    CLOSE_UNIMPLEMENTED = "close_unimplemented", _("Close as not implemented")
    WITHDRAW = "withdraw", _("Withdraw")
    CREATE = "create", pgettext_lazy("action", "Draft")
    EDIT = "edit", _("Edit the draft")
    ASSIGN = "assign", _("Assign a coordinator")
    TRANSLATE = "translate", _("Translate")
    PLAN = "plan", _("Edit the plan")
    EVIDENCE = "evidence", _("Add evidence")
    REVIEW_EVIDENCE = "review_evidence", _("Review evidence")
    EXTEND = "extend", _("Ask for more time")
    MOVE_DUE = "move_due", _("Due date moved")
    COMMENT = "comment", _("Comment")
    COMMENT_INTERNAL = "comment_internal", _("Internal comment")
    SUCCEED = "succeed", _("Draft a successor")


MINISTRY = (Role.MINISTRY_LEADER, Role.MINISTRY_OBSERVER)
DEPARTMENT = (Role.DEPARTMENT_HEAD, Role.COORDINATOR)
INSTITUTION = (Role.INSTITUTION_HEAD, Role.INSTITUTION_OFFICER)
OPEN = tuple(state for state in State if state != State.CLOSED)
ISSUED_AND_OPEN = tuple(state for state in OPEN if state != State.DRAFT)
VERIFIED_WHEN = [must.assigned, must.verifier_is_not_claimer, must.decider_is_not_addressed]


class RecommendationLifecycle(Case):
    CASE_TYPE = "recommendation"
    STATES = State
    INITIAL = State.DRAFT
    ACTIONS = Action
    LEAD, ADDRESSED, ASSIGNEE = "department_id", "institution_id", "coordinator_id"
    RELATIONS = {
        Role.MINISTRY_LEADER: "ministry_id",
        Role.MINISTRY_OBSERVER: "ministry_id",
        Role.DEPARTMENT_HEAD: "department_id",
        Role.COORDINATOR: "department_id",
        Role.INSTITUTION_HEAD: "institution_id",
        Role.INSTITUTION_OFFICER: "institution_id",
    }
    ACCESS: ClassVar[Mapping[str, by]] = {
        state: by(*MINISTRY, *DEPARTMENT, *(INSTITUTION if state != State.DRAFT else ())) for state in State
    }
    EXPECTS = {
        State.DRAFT: Expect("issue", Role.COORDINATOR, days=10),
        State.ISSUED: Expect(
            "respond", Role.INSTITUTION_HEAD, days=20, helper=Role.INSTITUTION_OFFICER, after={"return_plan": 10}
        ),
        State.DISPUTED: Expect("uphold", Role.MINISTRY_LEADER, days=15),
        State.UNDER_REVIEW: Expect("agree_plan", Role.COORDINATOR, days=10),
        State.IN_PROGRESS: Expect(  # without a due date it comes up again after about a year
            "claim", Role.INSTITUTION_HEAD, days=250, helper=Role.INSTITUTION_OFFICER, until="current_due"
        ),
        State.CLAIMED: Expect("confirm", Role.COORDINATOR, days=20),
        State.VERIFIED: Expect("close", Role.DEPARTMENT_HEAD, days=10),
    }
    CREATE = Verb(by(Role.COORDINATOR), [State.DRAFT])
    VERBS = {
        Action.EDIT: Verb(by(Role.COORDINATOR), [State.DRAFT], [must.assigned]),
        Action.ASSIGN: Verb(by(*DEPARTMENT), OPEN),
        Action.TRANSLATE: Verb(by(Role.COORDINATOR), OPEN),
        Action.PLAN: Verb(by(*INSTITUTION), [State.ISSUED]),
        Action.EVIDENCE: Verb(by(*INSTITUTION), [State.IN_PROGRESS]),
        Action.EXTEND: Verb(
            by(*INSTITUTION),
            [State.IN_PROGRESS],
            [must.has_due_to_extend, must.none_is_undecided, must.extensions_are_left],
        ),
        Action.REVIEW_EVIDENCE: Verb(by(Role.COORDINATOR), [State.CLAIMED], VERIFIED_WHEN),
        Action.COMMENT: Verb(by(Role.MINISTRY_LEADER, *DEPARTMENT, *INSTITUTION), ISSUED_AND_OPEN),
        Action.COMMENT_INTERNAL: Verb(by(Role.MINISTRY_LEADER, *DEPARTMENT), State),
        Action.SUCCEED: Verb(by(Role.COORDINATOR), [State.CLOSED]),
    }

    # What the record keeps and does, see cases/followup/models/recommendations.py.
    response: Any
    verified_degree: Any
    verified_on: Any
    claimed_on: Any
    closing_reason: Any
    closed_on: Any
    actual_date: Any
    effect_review_on: Any
    risk_reason: Any
    risk_owner: Any
    risk_expires_on: Any
    deliver: Any
    keep_response: Any
    freeze_plan: Any
    reopen_plan: Any

    state = FSMField(_("state"), max_length=30, choices=State.choices, default=State.DRAFT, protected=True)

    class Meta:
        abstract = True

    @transition(
        State.DRAFT,
        State.ISSUED,
        permission=by(Role.COORDINATOR),
        conditions=[must.assigned, must.has_text, must.has_cause, must.has_source, must.has_due_date],
    )
    def issue(self) -> None:
        """Give the number, deliver the text and open the term of the answer."""
        self.deliver()

    @transition(
        State.ISSUED,
        State.UNDER_REVIEW,
        permission=by(Role.INSTITUTION_HEAD),
        conditions=[must.has_measures, must.response_is_given, must.left_out_is_named],
    )
    def respond(self, response: str, text: str = "", left_out: str = "") -> None:
        """Accept in full or in part, with the plan of measures."""
        self.keep_response(Response(response), text, left_out)

    @transition(
        State.ISSUED,
        State.DISPUTED,
        permission=by(Role.INSTITUTION_HEAD),
        conditions=[must.has_reason, given("asked", _("Say what you ask for."))],
    )
    def dispute(self, reason: str, asked: str) -> None:
        """Ask the Ministry to decide, with reasons."""
        self.keep_response(Response.DISPUTED, reason, asked)

    @transition(
        State.DISPUTED,
        State.ISSUED,
        permission=by(Role.MINISTRY_LEADER),
        conditions=[must.decider_is_not_addressed, must.has_reason],
    )
    def uphold(self, reason: str) -> None:
        """Decide that the recommendation stands; the institution answers again."""
        self.response = Response.AWAITING

    @transition(
        State.UNDER_REVIEW,
        State.IN_PROGRESS,
        permission=by(Role.COORDINATOR),
        conditions=[
            must.assigned,
            must.decider_is_not_addressed,
            must.has_measures,
            must.measures_have_owners,
            must.measures_are_in_time,
        ],
    )
    def agree_plan(self) -> None:
        """Freeze the plan; the terms of its measures begin."""
        self.freeze_plan()

    @transition(
        State.UNDER_REVIEW,
        State.ISSUED,
        permission=by(Role.COORDINATOR),
        conditions=[must.assigned, must.has_reason],
    )
    def return_plan(self, reason: str) -> None:
        """Send the answer and its plan back to be mended."""
        self.response = Response.AWAITING
        self.reopen_plan()

    @transition(
        State.IN_PROGRESS,
        State.CLAIMED,
        permission=by(Role.INSTITUTION_HEAD),
        conditions=[must.measures_are_proved],
    )
    def claim(self, text: str = "") -> None:
        """Say that it is done; the department verifies."""
        self.claimed_by_id, self.claimed_on = self.acting.by.pk, self.acting.on
        self.verified_degree = ""  # "Not at all" was said of the claim before.

    @transition(
        State.CLAIMED,
        State.VERIFIED,
        permission=by(Role.COORDINATOR),
        conditions=[*VERIFIED_WHEN, must.has_accepted_evidence, must.degree_is_given],
    )
    def confirm(self, degree: str, text: str = "") -> None:
        """Verify the evidence and say to which degree it is done."""
        self.verified_degree = Degree(degree)
        self.verified_by_id, self.verified_on = self.acting.by.pk, self.acting.on

    @transition(
        State.CLAIMED,
        State.IN_PROGRESS,
        permission=by(Role.COORDINATOR),
        conditions=[*VERIFIED_WHEN, must.has_reason, must.rejections_have_reasons],
    )
    def not_confirmed(self, reason: str) -> None:
        """Say that it is not done; the first due date stays."""
        self.verified_degree = Degree.NONE

    @transition(
        State.CLAIMED,
        State.CLOSED,
        permission=by(Role.COORDINATOR),
        conditions=[*VERIFIED_WHEN, must.is_improvement, must.requests_are_decided],
    )
    def accept_claim(self) -> None:
        """Close advice on the institution's word; it is counted so."""
        self._end(ClosingReason.ON_WORD, done=self.claimed_on)

    @transition(
        State.VERIFIED,
        State.CLOSED,
        permission=by(Role.DEPARTMENT_HEAD),
        conditions=[
            must.closer_is_not_verifier,
            must.decider_is_not_addressed,
            must.requests_are_decided,
            must.closing_reason_is_given,
        ],
    )
    def close(self, closing_reason: str, text: str = "") -> None:
        """Close what is verified; its effect is reviewed after twelve months."""
        self._end(ClosingReason(closing_reason), done=self.claimed_on)
        self.effect_review_on = self.acting.on + relativedelta(months=12)

    @transition(
        [State.IN_PROGRESS, State.CLAIMED],
        State.CLOSED,
        permission=by(Role.MINISTRY_LEADER),
        conditions=[
            must.decider_is_not_addressed,
            must.requests_are_decided,
            must.has_reason,
            given("risk_owner", _("Name who answers for the accepted risk.")),
            must.expiry_is_ahead,
        ],
        danger=True,
    )
    def close_unimplemented(self, reason: str, risk_owner: str, risk_expires_on: date) -> None:
        """Accept the risk that it is not done, until a date."""
        self._end(ClosingReason.NOT_IMPLEMENTED, done=None)
        self.risk_reason, self.risk_owner, self.risk_expires_on = reason, risk_owner, risk_expires_on

    @transition(
        [State.ISSUED, State.DISPUTED, State.UNDER_REVIEW, State.IN_PROGRESS],
        State.CLOSED,
        permission=by(Role.MINISTRY_LEADER),
        conditions=[
            must.decider_is_not_addressed,
            must.requests_are_decided,
            must.has_reason,
            must.withdrawal_reason_is_given,
        ],
        danger=True,
    )
    def withdraw(self, closing_reason: str, reason: str) -> None:
        """Take it back as superseded or issued in error."""
        self._end(ClosingReason(closing_reason), done=None)

    def _end(self, reason: ClosingReason, *, done: date | None) -> None:
        self.closing_reason = reason
        self.closed_by_id, self.closed_on, self.actual_date = self.acting.by.pk, self.acting.on, done
