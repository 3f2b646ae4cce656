"""The lifecycle of a plan-schedule: drafted by a Department, agreed in a round, approved by the Ministry.

REG-9: monitoring runs by a plan-schedule approved by the Ministry. REG-10: each organisation and programme area at
least once every three years. REG-13.1, REG-14.1: the Department drafts and submits, the Ministry approves.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django_fsm import FSMField

from workflow.conditions import Condition, required
from workflow.declarations import Expect, Verb, transition
from workflow.must import assigned, has_reason
from workflow.parties import Column, Parties, Through
from workflow.roles import DEPARTMENT, INSTITUTION, MINISTRY, NOBODY, Role, by
from workflow.rounds.decided import (
    APPROVED,
    DECIDING,
    RETURNED,
    DecidedInRounds,
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
    PUT_IN_FORCE = "put_in_force", _("Put in force")
    SUPERSEDE = "supersede", _("Supersede")
    CREATE = "create", _("Draft a plan-schedule")
    EDIT = "edit", _("Edit the plan-schedule")
    COMMENT_INTERNAL = "comment_internal", _("Internal comment")
    DOCUMENT = "document", _("Add a document")


AFTER_ANSWER = {RETURNED: State.DRAFT, DECIDING: State.AGREED, APPROVED: State.APPROVED}
"""Where the round is -> the state of the plan; while others still agree it stays submitted."""

has_act = required("approval_act_id", _("Name the legal act by which the plan-schedule is approved."))
has_items = Condition(_("Add at least one monitoring first."), lambda case: bool(case.items_now()))
items_lie_inside = Condition(
    lambda case: _("Outside of the period of the plan-schedule: %(items)s.") % {"items": _names(case.items_outside())},
    lambda case: not case.items_outside(),
)
mains_follow_pilots = Condition(
    lambda case: _("Begins before its pilot ends: %(items)s.") % {"items": _names(case.items_before_their_pilot())},
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
        % {"names": _names(case.overdue_not_planned())}
    ),
    lambda case: bool(case.explanation.strip()) or not case.overdue_not_planned(),
)


NAMED = 5
"""How many names a sentence holds."""


def _names(items: Sequence[Any]) -> str:
    named = "; ".join(str(item) for item in items[:NAMED])
    left = len(items) - NAMED
    if left <= 0:
        return named
    return ngettext("%(names)s and %(n)d more", "%(names)s and %(n)d more", left) % {"names": named, "n": left}


class PlanScheduleLifecycle(DecidedInRounds):
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
    CREATE = Verb(by(Role.COORDINATOR), [State.DRAFT])
    VERBS = {
        Action.EDIT: Verb(by(Role.COORDINATOR), [State.DRAFT], [assigned]),
        Action.COMMENT_INTERNAL: Verb(by(Role.MINISTRY_LEADER, *DEPARTMENT), State, internal=True),
        Action.DOCUMENT: Verb(by(*DEPARTMENT), State),
    }

    # What the record keeps and does, see cases/planning/models/plans.py.
    def items_now(self) -> Sequence[Any]:
        """The monitorings that are planned."""
        raise NotImplementedError

    def items_outside(self) -> Sequence[Any]:
        """Those whose dates lie outside of the period."""
        raise NotImplementedError

    def items_before_their_pilot(self) -> Sequence[Any]:
        """Main monitorings that begin before their pilot ends."""
        raise NotImplementedError

    def has_begun(self) -> bool:
        """Whether the first day of its period has come."""
        raise NotImplementedError

    def overdue_not_planned(self) -> Sequence[Any]:
        """Institutions and programme areas that were not monitored for three years and are not planned (REG-10)."""
        raise NotImplementedError

    def keep_submitted(self) -> None:
        """Keep the contents as a version that never changes."""
        raise NotImplementedError

    def keep_approval(self, approval_act_id: int) -> None:
        """Keep the act by which it is approved."""
        raise NotImplementedError

    def keep_in_force(self, on: date) -> None:
        """Keep since when it holds."""
        raise NotImplementedError

    def keep_superseded(self, on: date) -> None:
        """Keep until when it held."""
        raise NotImplementedError

    def supersede_earlier(self) -> None:
        """The plan-schedule that was in force is superseded."""
        raise NotImplementedError

    state = FSMField(_("state"), max_length=30, choices=State.choices, default=State.DRAFT, protected=True)

    class Meta:
        abstract = True

    @transition(
        State.DRAFT,
        {State.DRAFT: (State.SUBMITTED, State.AGREED)},
        permission=by(Role.COORDINATOR),
        conditions=[assigned, has_items, items_lie_inside, mains_follow_pilots, overdue_is_planned],
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
        answer = Answer.WITH_REMARKS if remarks.strip() else Answer.AGREED
        return str(AFTER_ANSWER.get(self.take_answer(answer, remarks), State.SUBMITTED))

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
        answer = Answer.WITH_REMARKS if remarks.strip() else Answer.AGREED
        return str(AFTER_ANSWER.get(self.take_answer(answer, remarks), State.AGREED))

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
        conditions=[is_due_now],
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
