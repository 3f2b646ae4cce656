"""The lifecycle of a deliverable: what a stage of a monitoring has to produce, submitted, agreed in a round, approved.

REG-11, REG-16.1: who drafts, agrees and approves which deliverable is data (cases/planning/data/stages.csv). Approval
is bound to the SHA-256 of the texts and files that were submitted.
"""

from collections.abc import Iterable

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField

from workflow.conditions import ActorCondition, Condition, CostlyCondition
from workflow.declarations import Expect, Owing, Verb, transition
from workflow.lifecycles.deliverable_effects import DeliverableEffects
from workflow.lifecycles.resting import is_not_over, is_under_way
from workflow.must import assigned, assigned_or_head, has_reason, listed
from workflow.parties import Column, Parties
from workflow.roles import CONTRACTOR, DEPARTMENT, MINISTRY, NOBODY, Actor, Role, by
from workflow.rounds.decided import (
    APPROVED,
    DECIDING,
    RETURNED,
    is_asked,
    is_not_the_submitter,
    is_unchanged,
)
from workflow.rounds.routes import Answer


class State(TextChoices):
    DRAFT = "draft", _("Being prepared")
    SUBMITTED = "submitted", _("Being agreed")
    AGREED = "agreed", _("Agreed, awaiting approval")
    APPROVED = "approved", _("Approved")
    LEFT_OUT = "left_out", _("Left out")


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
    LEAVE_OUT = "leave_out", _("Leave out")
    REOPEN = "reopen", _("Reopen")
    CREATE = "create", _("Ask for the deliverable")
    WRITE = "write", _("Write the text")
    ATTACH = "attach", _("Attach a file")
    DETACH = "detach", _("Remove a file")
    ATTACH_SCAN = "attach_scan", _("Attach the signed scan")
    ITEMISE = "itemise", _("Change the lines")
    NAME_EXPERT = "name_expert", _("Name the expert who prepares it")
    NAME_REVIEWERS = "name_reviewers", _("Name the experts who give their conclusion")
    MOVE_DUE = "move_due", _("Move the due date")
    FOLLOW = "follow", _("Changed with the monitoring")
    COMMENT = "comment", _("Comment")


AFTER_ANSWER = {RETURNED: State.DRAFT, DECIDING: State.AGREED, APPROVED: State.APPROVED}
"""Where the round is -> the state of the deliverable; while others still agree it stays submitted."""
DRAFTERS = (Role.COORDINATOR, *CONTRACTOR)
DECIDERS = (Role.CONTRACTOR_LEAD, Role.COORDINATOR, Role.DEPARTMENT_HEAD, Role.MINISTRY_LEADER)
REVIEWER = Role.CONTRACTOR_EXPERT
"""Two experts give their conclusion at once, each asked by name (REG-11.1c)."""
ANSWERING = (*DECIDERS, REVIEWER)
"""Who may be asked to agree; to approve, only those who decide."""


def _drafts(case: "DeliverableLifecycle", user: Actor) -> bool:
    role = str(case.follow("drafter_role"))
    return case.standing(user, [role]) is not None and case.is_carried_by(user, role)


is_drafter = ActorCondition(
    lambda case: _("It is prepared by: %(who)s.") % {"who": case.who_drafts()}, _drafts, hides=True
)
drafts_or_coordinates = ActorCondition(
    lambda case: (
        _("This is for who prepares it, and for the coordinator: %(who)s.") % {"who": case.follow("coordinator")}
    ),
    lambda case, user: (
        _drafts(case, user)
        or (case.standing(user, [Role.COORDINATOR]) is not None and case.is_carried_by(user, Role.COORDINATOR))
    ),
)
is_written = Condition(_("Write the text or attach a file first."), lambda case: case.has_contents())
is_complete = Condition(lambda case: " ".join(case.lacks()), lambda case: not case.lacks())
is_itemised = Condition(_("This deliverable does not consist of lines."), lambda case: case.is_itemised())
lines_fit = Condition(
    lambda case: _("The lines do not fit: %(names)s.") % {"names": listed(case.misfits())},
    lambda case: not case.misfits(),
)
instruments_may_follow = Condition(
    lambda case: (
        _("The experts' conclusions of the pilot %(pilot)s are not approved yet (REG-11.4c).")
        % {"pilot": case.follow("engagement__pilot")}
    ),
    lambda case: not case.waits_for_pilot(),
)
files_are_whole = CostlyCondition(
    _("A file on the server's disk is not the one that was submitted. Tell the administrator."),
    lambda case: case.files_are_whole(),
)
UNALTERED = (is_unchanged, files_are_whole)
is_dispensable = Condition(
    _("There is no contract without this decision, so it cannot be left out."), lambda case: case.can_be_spared()
)
is_optional = ActorCondition(
    _("It is required: only the head of the department may leave it out."),
    lambda case, user: not case.is_required or case.standing(user, [Role.DEPARTMENT_HEAD]) is not None,
)


class DeliverableLifecycle(DeliverableEffects):
    CASE_TYPE = "deliverable"
    STATES = State
    INITIAL = State.DRAFT
    ACTIONS = Action
    RESTING = frozenset({State.APPROVED})
    UNBOUND = frozenset({State.LEFT_OUT})
    BY_NAME = frozenset({REVIEWER})
    PARTIES = Parties(
        "engagement__department_id",
        addressed="engagement__contractor_id",
        assignees={Role.COORDINATOR: "engagement__coordinator_id", Role.CONTRACTOR_EXPERT: "expert_id"},
    )
    RELATIONS = {
        **dict.fromkeys(MINISTRY, Column("engagement__ministry_id")),
        **dict.fromkeys(DEPARTMENT, Column("engagement__department_id")),
        **dict.fromkeys(CONTRACTOR, Column("engagement__contractor_id")),
    }
    GRANTED = {Role.CONTRACTOR_EXPERT: "view_engagement"}
    GRANTED_ON = "engagement"
    ACCESS = dict.fromkeys(State, by(*MINISTRY, *DEPARTMENT, *CONTRACTOR))
    EXPECTS = {
        State.DRAFT: Expect("submit", "who_submits", days=5, until="submit_by"),
        State.SUBMITTED: Expect("agree", "seats_asked", days=5),
        State.AGREED: Expect("approve", "seats_asked", days=10),
    }  # fmt: skip
    CREATE = Verb(by(Role.COORDINATOR), [State.DRAFT])
    VERBS = {
        Action.WRITE: Verb(by(*DRAFTERS), [State.DRAFT], [is_drafter, is_under_way]),
        Action.ATTACH: Verb(by(*DRAFTERS), [State.DRAFT], [is_drafter, is_under_way]),
        Action.DETACH: Verb(by(*DRAFTERS), [State.DRAFT], [is_drafter, is_under_way]),
        Action.ATTACH_SCAN: Verb(by(*DRAFTERS), [State.AGREED, State.APPROVED], [drafts_or_coordinates]),
        Action.ITEMISE: Verb(by(*DRAFTERS), [State.DRAFT], [is_drafter, is_under_way, is_itemised]),
        Action.NAME_EXPERT: Verb(by(Role.CONTRACTOR_LEAD), [State.DRAFT], [is_under_way]),
        Action.NAME_REVIEWERS: Verb(by(Role.COORDINATOR), [State.DRAFT], [assigned, is_under_way]),
        Action.MOVE_DUE: Verb(
            by(Role.COORDINATOR), [State.DRAFT, State.SUBMITTED, State.AGREED], [assigned, is_under_way, has_reason]
        ),
        Action.FOLLOW: Verb(NOBODY, [State.DRAFT, State.SUBMITTED, State.AGREED]),
        Action.COMMENT: Verb(by(Role.MINISTRY_LEADER, *DEPARTMENT, *CONTRACTOR), State, [is_not_over]),
    }

    @property
    def who_submits(self) -> Iterable[Owing]:
        """The role that prepares it; nobody while it rests."""
        return [] if self.why_it_rests() else [Owing(str(self.follow("drafter_role")))]

    @property
    def seats_asked(self) -> Iterable[Owing]:
        """Nobody is asked while it rests."""
        return [] if self.why_it_rests() else super().seats_asked

    state = FSMField(_("state"), max_length=30, choices=State.choices, default=State.DRAFT, protected=True)

    class Meta:
        abstract = True

    @transition(
        State.DRAFT,
        {State.DRAFT: (State.SUBMITTED, State.AGREED)},
        permission=by(*DRAFTERS),
        conditions=[is_drafter, is_under_way, is_complete, is_written, lines_fit, instruments_may_follow],
        meaning=_(
            "Those who have to agree and approve are asked, one step after the other. What is submitted is kept as a"
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
        permission=by(*ANSWERING),
        conditions=[is_asked, is_under_way, is_not_the_submitter, *UNALTERED],
        meaning=_("You agree to this version, on behalf of your office."),
        rests_on="submissions",
    )
    def agree(self, remarks: str = "") -> str:
        """Agree, with remarks or without."""
        return str(AFTER_ANSWER.get(self.take_agreement(remarks), State.SUBMITTED))

    @transition(
        State.AGREED,
        {State.AGREED: (State.APPROVED, State.AGREED)},
        permission=by(*DECIDERS),
        conditions=[is_asked, is_under_way, is_not_the_submitter, lines_fit, *UNALTERED, instruments_may_follow],
        meaning=_("You approve this version. It cannot be changed any more."),
        rests_on="submissions",
        then="sequel_of_approval",
    )
    def approve(self, remarks: str = "") -> str:
        """Approve the version that was agreed."""
        return str(AFTER_ANSWER.get(self.take_agreement(remarks), State.AGREED))

    @transition(
        State.SUBMITTED,
        State.DRAFT,
        permission=by(*ANSWERING),
        conditions=[is_asked, is_under_way, is_not_the_submitter, has_reason],
        meaning=_("It goes back to be corrected. Nobody else is asked any more."),
        rests_on="submissions",
        danger=True,
    )
    def send_back(self, reason: str) -> None:
        """Return it with a reason."""
        self.take_answer(Answer.RETURNED, reason)

    @transition(
        State.AGREED,
        State.DRAFT,
        permission=by(*DECIDERS),
        conditions=[is_asked, is_under_way, is_not_the_submitter, has_reason],
        meaning=_("You do not approve it. It goes back to be corrected."),
        rests_on="submissions",
        danger=True,
    )
    def decline(self, reason: str) -> None:
        """Return it with a reason instead of approving it."""
        self.take_answer(Answer.RETURNED, reason)

    @transition(
        [State.SUBMITTED, State.AGREED],
        State.DRAFT,
        permission=by(*DRAFTERS),
        conditions=[is_drafter],
        meaning=_("You take it back to correct it. Answers given so far stay readable, and do not count."),
        danger=True,
    )
    def recall(self) -> None:
        """Take it back."""
        self.recall_round()

    @transition(
        [State.DRAFT, State.SUBMITTED, State.AGREED],
        State.LEFT_OUT,
        permission=by(Role.COORDINATOR, Role.DEPARTMENT_HEAD),
        conditions=[assigned_or_head, is_dispensable, is_optional, has_reason],
        meaning=_("This monitoring does without it. The reason is recorded, and stays on the page."),
        danger=True,
    )
    def leave_out(self, reason: str) -> None:
        """Do without it, for a recorded reason."""
        self.recall_round()
        self.keep_left_out(reason)

    @transition(
        State.APPROVED,
        State.DRAFT,
        permission=by(Role.DEPARTMENT_HEAD),
        conditions=[is_under_way, has_reason],
        meaning=_("The approval is withdrawn. A new version has to be prepared, submitted and approved."),
        danger=True,
        then="sequel_of_approval",
    )
    def reopen(self, reason: str) -> None:
        """Ask for a new version of what was approved."""
