"""The lifecycle of a plan-schedule: drafted by a Department, agreed in a round, approved by the Ministry.

REG-9: monitoring runs by a plan-schedule approved by the Ministry. REG-10: each organisation and programme area at
least once every three years. REG-13.1, REG-14.1: the Department drafts and submits, the Ministry approves.
"""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField

from workflow.conditions import Condition, required
from workflow.declarations import Expect, Verb, transition
from workflow.lifecycles.plan_schedule_effects import PlanScheduleEffects
from workflow.must import assigned, assigned_or_head, has_reason, listed
from workflow.parties import Column, Parties, Through
from workflow.roles import DEPARTMENT, INSTITUTION, MINISTRY, NOBODY, Role, by
from workflow.rounds.decided import (
    APPROVED,
    DECIDING,
    RETURNED,
    is_as_approved,
    is_asked,
    is_not_the_submitter,
    is_unchanged,
)
from workflow.rounds.routes import Answer


class State(TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Being agreed")
    AGREED = "agreed", _("Agreed, awaiting approval")
    APPROVED = "approved", _("Approved")
    IN_FORCE = "in_force", _("In force")
    SUPERSEDED = "superseded", _("Superseded")


class Action(TextChoices):
    SUBMIT = "submit", _("Submit for agreement")
    AGREE = "agree", _("Agree")
    APPROVE = "approve", _("Approve")
    SEND_BACK = "send_back", _("Return for correction")
    DECLINE = "decline", _("Do not approve")
    RECALL = "recall", _("Recall")
    TAKE = "take", _("Take it on")
    GIVE_BACK = "give_back", _("Give it back")
    HAND_OVER = "hand_over", _("Hand it over")
    PUT_IN_FORCE = "put_in_force", _("Put in force")
    SUPERSEDE = "supersede", _("Supersede")
    CREATE = "create", _("Draft a plan-schedule")
    EDIT = "edit", _("Edit the plan-schedule")
    ASSIGN = "assign", _("Assign a coordinator")
    BEGIN_ITEM = "begin_item", _("Plan the monitoring")
    DRAFT_NEXT = "draft_next", _("Draft the next plan-schedule")
    FALL_DUE = "fall_due", _("Planned work becomes due")
    WEIGH = "weigh", _("Decide on a proposal")
    COMMENT_INTERNAL = "comment_internal", _("Internal comment")
    DOCUMENT = "document", _("Add a document")


HELD = tuple(state for state in State if state != State.SUPERSEDED)
"""States in which somebody is in charge: from its draft until the next one holds."""
AFTER_ANSWER = {RETURNED: State.DRAFT, DECIDING: State.AGREED, APPROVED: State.APPROVED}
"""Where the round is -> the state of the plan; while others still agree it stays submitted."""

has_act = required("approval_act_id", _("Name the legal act by which the plan-schedule is approved."))
has_items = Condition(_("Add at least one monitoring first."), lambda case: bool(case.items_now()))
items_lie_inside = Condition(
    lambda case: _("Outside of the period of the plan-schedule: %(items)s.") % {"items": listed(case.items_outside())},
    lambda case: not case.items_outside(),
)
mains_follow_pilots = Condition(
    lambda case: _("Begins before its pilot ends: %(items)s.") % {"items": listed(case.items_before_their_pilot())},
    lambda case: not case.items_before_their_pilot(),
)
is_due_now = Condition(
    lambda case: (
        _("Its period begins on %(date)s; the plan-schedule in force holds until then.")
        % {"date": f"{case.begins:%d.%m.%Y}"}
    ),
    lambda case: case.has_begun(),
)
overdue_is_planned = Condition(
    lambda case: (
        _("Overdue by the three years' rule and not planned: %(names)s. Plan it, or explain why not.")
        % {"names": listed(case.overdue_not_planned())}
    ),
    lambda case: bool(case.explanation.strip()) or not case.overdue_not_planned(),
)
proposals_are_weighed = Condition(
    lambda case: (
        _("Proposals of monitorings wait for a decision: %(names)s. Take each of them, or say why not.")
        % {"names": listed(case.unweighed())}
    ),
    lambda case: not case.unweighed(),
)
something_falls_due = Condition(_("Nothing of it becomes due now."), lambda case: case.has_work_ahead())


class PlanScheduleLifecycle(PlanScheduleEffects):
    CASE_TYPE = "plan_schedule"
    STATES = State
    INITIAL = State.DRAFT
    ACTIONS = Action
    RESTING = frozenset({State.IN_FORCE})
    PARTIES = Parties("department_id", assignees={Role.COORDINATOR: "coordinator_id"})
    RELATIONS = {
        **dict.fromkeys(MINISTRY, Column("ministry_id")),
        **dict.fromkeys(DEPARTMENT, Column("department_id")),
        **dict.fromkeys(INSTITUTION, Through("items__institutions")),
    }
    ACCESS = {
        **{state: by(*MINISTRY, *DEPARTMENT) for state in State},
        State.IN_FORCE: by(*MINISTRY, *DEPARTMENT, *INSTITUTION),
        State.SUPERSEDED: by(*MINISTRY, *DEPARTMENT, *INSTITUTION),
    }
    EXPECTS = {
        State.DRAFT: Expect("submit", Role.COORDINATOR, days=20, until="submit_by"),
        State.SUBMITTED: Expect("agree", "seats_asked", days=5),
        State.AGREED: Expect("approve", "seats_asked", days=10),
        State.APPROVED: Expect("put_in_force", Role.DEPARTMENT_HEAD, days=5, until="begins"),
    }
    EXTRA = {Action.BEGIN_ITEM: Role.COORDINATOR, Action.DRAFT_NEXT: Role.COORDINATOR}
    CREATE = Verb(by(Role.COORDINATOR), [State.DRAFT])
    VERBS = {
        Action.EDIT: Verb(by(Role.COORDINATOR), [State.DRAFT], [assigned]),
        Action.ASSIGN: Verb(by(*DEPARTMENT), HELD, [assigned_or_head]),
        Action.WEIGH: Verb(by(Role.COORDINATOR), [State.DRAFT], [assigned]),
        Action.BEGIN_ITEM: Verb(by(Role.COORDINATOR), [State.IN_FORCE], internal=True),
        Action.DRAFT_NEXT: Verb(by(Role.COORDINATOR), [State.IN_FORCE], internal=True),
        Action.FALL_DUE: Verb(by(), [State.IN_FORCE], [something_falls_due], internal=True),
        Action.COMMENT_INTERNAL: Verb(by(Role.MINISTRY_LEADER, *DEPARTMENT), State, internal=True),
        Action.DOCUMENT: Verb(by(*DEPARTMENT), State),
    }

    state = FSMField(_("state"), max_length=30, choices=State.choices, default=State.DRAFT, protected=True)

    class Meta:
        abstract = True

    @transition(
        State.DRAFT,
        {State.DRAFT: (State.SUBMITTED, State.AGREED)},
        permission=by(Role.COORDINATOR),
        conditions=[
            assigned,
            has_items,
            items_lie_inside,
            mains_follow_pilots,
            overdue_is_planned,
            proposals_are_weighed,
        ],
        meaning=_(
            "The plan-schedule goes to those who agree it, and then to the Ministry. What is submitted is kept as a"
            " version that nobody can change; to correct it, recall it."
        ),
    )
    def submit(self) -> str:
        """Ask for agreement."""
        self.keep_submitted()
        return str(AFTER_ANSWER.get(self.begin_round(), State.SUBMITTED))

    @transition(
        State.SUBMITTED,
        {State.SUBMITTED: (State.SUBMITTED, State.AGREED)},
        permission=by(Role.DEPARTMENT_HEAD, Role.MINISTRY_LEADER),
        conditions=[is_asked, is_unchanged, is_not_the_submitter],
        meaning=_("You agree to this version of the plan-schedule, on behalf of your office."),
        rests_on="submissions",
    )
    def agree(self, remarks: str = "") -> str:
        """Agree, with remarks or without."""
        return str(AFTER_ANSWER.get(self.take_agreement(remarks), State.SUBMITTED))

    @transition(
        State.AGREED,
        {State.AGREED: (State.APPROVED, State.AGREED)},
        permission=by(Role.MINISTRY_LEADER),
        conditions=[is_asked, is_unchanged, is_not_the_submitter, has_act],
        meaning=_("The Ministry approves the plan-schedule by the legal act that you name."),
        rests_on="submissions",
    )
    def approve(self, approval_act_id: int, remarks: str = "") -> str:
        """Approve by a legal act (REG-9)."""
        self.keep_approval(approval_act_id)
        return str(AFTER_ANSWER.get(self.take_agreement(remarks), State.AGREED))

    @transition(
        State.SUBMITTED,
        State.DRAFT,
        permission=by(Role.DEPARTMENT_HEAD, Role.MINISTRY_LEADER),
        conditions=[is_asked, is_not_the_submitter, has_reason],
        meaning=_("The plan-schedule goes back to the coordinator to be corrected. Nobody else is asked any more."),
        rests_on="submissions",
        danger=True,
    )
    def send_back(self, reason: str) -> None:
        """Return it with a reason."""
        self.take_answer(Answer.RETURNED, reason)

    @transition(
        State.AGREED,
        State.DRAFT,
        permission=by(Role.MINISTRY_LEADER),
        conditions=[is_asked, is_not_the_submitter, has_reason],
        meaning=_("The Ministry does not approve it. It goes back to the coordinator to be corrected."),
        rests_on="submissions",
        danger=True,
    )
    def decline(self, reason: str) -> None:
        """Return it with a reason instead of approving it."""
        self.take_answer(Answer.RETURNED, reason)

    @transition(
        [State.SUBMITTED, State.AGREED],
        State.DRAFT,
        permission=by(Role.COORDINATOR),
        conditions=[assigned],
        meaning=_(
            "You take the plan-schedule back to correct it. Answers given so far stay readable, and do not count."
        ),
        danger=True,
    )
    def recall(self) -> None:
        """Take it back."""
        self.recall_round()

    @transition(
        State.APPROVED,
        State.IN_FORCE,
        permission=by(Role.DEPARTMENT_HEAD),
        conditions=[is_due_now, is_as_approved],
        meaning=_(
            "The plan-schedule holds from today on. The one before is superseded; institutions named in it get a"
            " message."
        ),
        then="supersede_earlier",
    )
    def put_in_force(self) -> None:
        """Let it hold."""
        self.keep_in_force(self.acting.on)

    @transition(
        State.IN_FORCE,
        State.SUPERSEDED,
        permission=NOBODY,
        meaning=_("Another plan-schedule holds in its place."),
    )
    def supersede(self) -> None:
        """A consequence of putting the next one in force; no act of a person."""
        self.keep_superseded(self.acting.on)
