"""The lifecycle of a recommendation: what may happen to it, by whom, on which conditions, and what is expected next.

The institution answers, plans and proves; the department issues, reviews and verifies; the Ministry decides disputes
and accepts risks. Nobody verifies their own claim, or closes what they verified (REG-11.6a, REG-18, REG-20 to 23).
"""

from datetime import date

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_fsm import FSMField

from workflow.conditions import required
from workflow.declarations import Expect, Verb, transition
from workflow.lifecycles import follow_up as must
from workflow.lifecycles.follow_up import ClosingReason, Degree, Response
from workflow.lifecycles.recommendation_effects import RecommendationEffects
from workflow.parties import Column, Parties, Watching
from workflow.roles import DEPARTMENT, INSTITUTION, MINISTRY, NOBODY, Role, by


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
    EXPIRE = "expire", _("Accepted risk expired")
    REVIEW_EFFECT = "review_effect", _("Effect to be reviewed")
    FALL_LATE = "fall_late", _("A date has passed")
    FINDING_WITHDRAWN = "finding_withdrawn", _("A finding that it rests on was withdrawn")


SIDE = (*INSTITUTION, Role.INSTITUTION_CONTROLLER)
OPEN = tuple(state for state in State if state != State.CLOSED)
ISSUED_AND_OPEN = tuple(state for state in OPEN if state != State.DRAFT)


class RecommendationLifecycle(RecommendationEffects):
    CASE_TYPE = "recommendation"
    STATES = State
    INITIAL = State.DRAFT
    ACTIONS = Action
    PARTIES = Parties("department_id", "institution_id", assignees={Role.COORDINATOR: "coordinator_id"})
    RELATIONS = {
        **dict.fromkeys(MINISTRY, Column("ministry_id")),
        **dict.fromkeys(DEPARTMENT, Column("department_id")),
        **dict.fromkeys(INSTITUTION, Column("institution_id")),
        Role.INSTITUTION_CONTROLLER: Watching("institution_id", "watcher_id"),
    }
    ACCESS = {state: by(*MINISTRY, *DEPARTMENT, *(() if state == State.DRAFT else SIDE)) for state in State}
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
        Action.ASSIGN: Verb(by(*DEPARTMENT), State, [must.assigned_or_head]),
        Action.TRANSLATE: Verb(by(Role.COORDINATOR), OPEN, [must.assigned]),
        Action.PLAN: Verb(by(*INSTITUTION), [State.ISSUED]),
        Action.EVIDENCE: Verb(by(*INSTITUTION), [State.IN_PROGRESS]),
        Action.EXTEND: Verb(by(*INSTITUTION), [State.IN_PROGRESS], must.EXTENDED_WHEN),
        Action.REVIEW_EVIDENCE: Verb(by(Role.COORDINATOR), [State.CLAIMED], must.VERIFIED_WHEN),
        Action.COMMENT: Verb(by(Role.MINISTRY_LEADER, *DEPARTMENT, *INSTITUTION), ISSUED_AND_OPEN),
        Action.COMMENT_INTERNAL: Verb(by(Role.MINISTRY_LEADER, *DEPARTMENT), State, internal=True),
        Action.SUCCEED: Verb(by(Role.COORDINATOR), [State.CLOSED], [must.assigned], internal=True),
        Action.EXPIRE: Verb(by(), [State.CLOSED], [must.risk_has_expired]),
        Action.REVIEW_EFFECT: Verb(by(), [State.CLOSED], [must.effect_is_due]),
        Action.FALL_LATE: Verb(by(), [State.ISSUED, State.IN_PROGRESS], [must.is_late]),
        Action.FINDING_WITHDRAWN: Verb(NOBODY, State, internal=True),
    }

    state = FSMField(_("state"), max_length=30, choices=State.choices, default=State.DRAFT, protected=True)

    class Meta:
        abstract = True

    @transition(
        State.DRAFT,
        State.ISSUED,
        permission=by(Role.COORDINATOR),
        conditions=[must.assigned, must.has_text, must.has_cause, must.has_source, must.has_due_date],
        meaning=_(
            "The recommendation gets its number and is delivered to the institution. From then on its text, its"
            " first due date and its addressee stay as they are."
        ),
    )
    def issue(self) -> None:
        """Give the number, deliver the text and open the term of the answer."""
        self.deliver()

    @transition(
        State.ISSUED,
        State.UNDER_REVIEW,
        permission=by(Role.INSTITUTION_HEAD),
        conditions=[must.has_measures, must.response_is_given, must.left_out_is_named],
        meaning=_(
            "You accept the recommendation, in full or in part, on behalf of the institution. The plan of"
            " measures goes to the department together with your answer."
        ),
    )
    def respond(self, response: str, text: str = "", left_out: str = "") -> None:
        """Accept in full or in part, with the plan of measures."""
        self.keep_response(Response(response), text, left_out)

    @transition(
        State.ISSUED,
        State.DISPUTED,
        permission=by(Role.INSTITUTION_HEAD),
        conditions=[must.has_reason, required("asked", _("Say what you ask for."))],
        meaning=_("You do not accept the recommendation. The Ministry reads your reasons and decides."),
    )
    def dispute(self, reason: str, asked: str) -> None:
        """Ask the Ministry to decide, with reasons."""
        self.keep_response(Response.DISPUTED, reason, asked)

    @transition(
        State.DISPUTED,
        State.ISSUED,
        permission=by(Role.MINISTRY_LEADER),
        conditions=[must.decider_is_not_addressed, must.has_reason],
        meaning=_("The recommendation remains as it was issued, and the institution has to answer again."),
    )
    def uphold(self, reason: str) -> None:
        """Decide that the recommendation stands; the institution answers again."""
        self.await_response()

    @transition(
        State.UNDER_REVIEW,
        State.IN_PROGRESS,
        permission=by(Role.COORDINATOR),
        conditions=[must.assigned, must.decider_is_not_addressed, *must.PLAN_IS_READY],
        meaning=_(
            "You agree to the answer and to the plan. The plan is frozen as it is, and the terms of its measures begin."
        ),
    )
    def agree_plan(self) -> None:
        """Freeze the plan; the terms of its measures begin."""
        self.freeze_plan()

    @transition(
        State.UNDER_REVIEW,
        State.ISSUED,
        permission=by(Role.COORDINATOR),
        conditions=[must.assigned, must.decider_is_not_addressed, must.has_reason],
        meaning=_("The answer and the plan go back to the institution to be mended. What was sent stays readable."),
    )
    def return_plan(self, reason: str) -> None:
        """Send the answer and its plan back to be mended."""
        self.await_response()
        self.reopen_plan()

    @transition(
        State.IN_PROGRESS,
        State.CLAIMED,
        permission=by(Role.INSTITUTION_HEAD),
        conditions=[must.measures_are_proved, must.interims_are_proved],
        meaning=_(
            "You say on behalf of the institution that all is done. The department looks at the evidence and verifies."
        ),
    )
    def claim(self, text: str = "") -> None:
        """Say that it is done; the department verifies."""
        self.keep_claim()

    @transition(
        State.CLAIMED,
        State.VERIFIED,
        permission=by(Role.COORDINATOR),
        conditions=[*must.VERIFIED_WHEN, must.has_accepted_evidence, must.degree_is_given, must.full_is_decided],
        meaning=_("You have reviewed the evidence and confirm that it is done, and to what degree."),
    )
    def confirm(self, degree: str, text: str = "") -> None:
        """Verify the evidence and say to which degree it is done."""
        self.keep_verification(Degree(degree))

    @transition(
        State.CLAIMED,
        State.IN_PROGRESS,
        permission=by(Role.COORDINATOR),
        conditions=[*must.VERIFIED_WHEN, must.has_reason],
        meaning=_(
            "You have reviewed the evidence, and it is not done. The institution continues; the first due date stays."
        ),
    )
    def not_confirmed(self, reason: str) -> None:
        """Say that it is not done; the first due date stays."""
        self.keep_verification(Degree.NONE)

    @transition(
        State.CLAIMED,
        State.CLOSED,
        permission=by(Role.COORDINATOR),
        conditions=[*must.VERIFIED_WHEN, must.is_improvement, must.requests_are_decided],
        meaning=_("You close this piece of advice on the institution's word, without verifying it. It is counted so."),
    )
    def accept_claim(self) -> None:
        """Close advice on the institution's word; it is counted so."""
        self.end(ClosingReason.ON_WORD, is_done=True)

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
        meaning=_("What is verified is closed. In a year the institution reports the effect, and it is assessed."),
    )
    def close(self, closing_reason: str, text: str = "") -> None:
        """Close what is verified; its effect is asked for after twelve months."""
        self.end(ClosingReason(closing_reason), is_done=True)
        self.plan_effect_review()

    @transition(
        [State.IN_PROGRESS, State.CLAIMED],
        State.CLOSED,
        permission=by(Role.MINISTRY_LEADER),
        conditions=[
            must.decider_is_not_addressed,
            must.requests_are_decided,
            must.has_reason,
            required("risk_owner", _("Name who answers for the accepted risk.")),
            must.expiry_is_ahead,
        ],
        danger=True,
        meaning=_(
            "The recommendation is closed although it is not done. The risk is accepted until the date that you"
            " give, and somebody answers for it. It is counted as not implemented."
        ),
    )
    def close_unimplemented(self, reason: str, risk_owner: str, risk_expires_on: date) -> None:
        """Accept the risk that it is not done, until a date."""
        self.end(ClosingReason.NOT_IMPLEMENTED, is_done=False)
        self.keep_accepted_risk(reason, risk_owner, risk_expires_on)

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
        meaning=_("The recommendation is taken back. The institution owes nothing more on it."),
    )
    def withdraw(self, closing_reason: str, reason: str) -> None:
        """Take it back as superseded or issued in error."""
        self.end(ClosingReason(closing_reason), is_done=False)
