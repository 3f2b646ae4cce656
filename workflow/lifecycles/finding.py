"""The lifecycle of a finding: a problem, deficiency or risk that the analysis of a monitoring has brought to light.

REG-11.3d: the contractor writes and proposes findings; they are confirmed when the deliverable that lists them is
approved, and never one by one. Only confirmed findings lead to recommendations (REG-7.9, REG-11.4d).
"""

from collections.abc import Iterable

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField

from workflow.conditions import ActorCondition, Condition
from workflow.declarations import Expect, Owing, Verb, transition
from workflow.lifecycles.engagement import State as Stage
from workflow.lifecycles.resting import RestsWithEngagement, is_not_over, is_under_way
from workflow.must import decider_is_not_addressed, has_reason, in_charge_sentence, is_in_charge
from workflow.parties import Column, Parties, Through, While
from workflow.roles import CONTRACTOR, DEPARTMENT, INSTITUTION, MINISTRY, NOBODY, Actor, Role, by


class State(TextChoices):
    DRAFT = "draft", _("Draft")
    PROPOSED = "proposed", _("Proposed")
    CONFIRMED = "confirmed", _("Confirmed")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Action(TextChoices):
    PROPOSE = "propose", _("Propose")
    SEND_BACK = "send_back", _("Return for correction")
    CONFIRM = "confirm", _("Confirm")
    DROP = "drop", _("Give up")
    WITHDRAW = "withdraw", _("Withdraw")
    CREATE = "create", _("Write a finding")
    EDIT = "edit", _("Edit the finding")
    DOCUMENT = "document", _("Add a document")
    COMMENT_INTERNAL = "comment_internal", _("Internal comment")
    FOLLOW = "follow", _("Rest or go on with the monitoring")


STAGES = (Stage.ANALYSIS, Stage.CONCLUSIONS)
"""Stages of the monitoring in which findings are written and proposed."""
REPORTED = (Stage.REPORTING, Stage.FOLLOW_UP, Stage.CLOSED)
"""Stages in which an institution sees the confirmed findings that name it."""


def _writes(case: "FindingLifecycle", user: Actor) -> bool:
    if case.standing(user, [Role.CONTRACTOR_LEAD]) is not None:
        return True
    return case.is_carried_by(user, Role.CONTRACTOR_EXPERT)


def _in_charge_or_lead(case: "FindingLifecycle", user: Actor) -> bool:
    if case.standing(user, [Role.CONTRACTOR_LEAD]) is not None:
        return True
    return is_in_charge(case, user)


is_writer = ActorCondition(lambda case: _("It is written by %(name)s.") % {"name": case.follow("author")}, _writes)
in_charge_or_lead = ActorCondition(in_charge_sentence, _in_charge_or_lead)
is_stated = Condition(_("Write the statement in at least one language."), lambda case: case.has_statement())
is_measured = Condition(_("Name the criterion, or the standard, that is not met."), lambda case: case.has_criterion())
is_proved = Condition(_("Say what it rests on, or add a document."), lambda case: case.has_evidence())


class FindingLifecycle(RestsWithEngagement):
    CASE_TYPE = "finding"
    STATES = State
    INITIAL = State.DRAFT
    ACTIONS = Action
    RESTING = frozenset({State.CONFIRMED})
    PARTIES = Parties(
        "engagement__department_id",
        addressed="institution_id",
        assignees={Role.COORDINATOR: "engagement__coordinator_id", Role.CONTRACTOR_EXPERT: "author_id"},
        all_addressed=Through("institutions"),
    )
    RELATIONS = {
        **dict.fromkeys(MINISTRY, Column("engagement__ministry_id")),
        **dict.fromkeys(DEPARTMENT, Column("engagement__department_id")),
        **dict.fromkeys(CONTRACTOR, Column("engagement__contractor_id")),
        **dict.fromkeys(INSTITUTION, While(Through("institutions"), "engagement__state", REPORTED)),
    }
    GRANTED = {Role.CONTRACTOR_EXPERT: "view_engagement"}
    GRANTED_ON = "engagement"
    ACCESS = {
        **{state: by(*MINISTRY, *DEPARTMENT, *CONTRACTOR) for state in State},
        State.CONFIRMED: by(*MINISTRY, *DEPARTMENT, *CONTRACTOR, *INSTITUTION),
    }
    EXPECTS = {
        State.DRAFT: Expect("propose", "who_proposes", days=10, after={"send_back": 5}),
        State.PROPOSED: Expect("confirm", "nobody", days=0),
    }
    CREATE = Verb(by(*CONTRACTOR), [State.DRAFT], [is_under_way])
    VERBS = {
        Action.EDIT: Verb(by(*CONTRACTOR), [State.DRAFT], [is_writer, is_under_way]),
        Action.DOCUMENT: Verb(by(*CONTRACTOR), [State.DRAFT], [is_writer, is_under_way]),
        Action.COMMENT_INTERNAL: Verb(
            by(Role.MINISTRY_LEADER, *DEPARTMENT, *CONTRACTOR), State, [is_not_over], internal=True
        ),
        Action.FOLLOW: Verb(NOBODY, [State.DRAFT]),
    }

    # What the record keeps, see cases/analysis/models.py.
    def has_statement(self) -> bool:
        """Whether it says something, in any language."""
        raise NotImplementedError

    def has_criterion(self) -> bool:
        """Whether it names what is not met."""
        raise NotImplementedError

    def has_evidence(self) -> bool:
        """Whether it names a source, or a document is with it."""
        raise NotImplementedError

    def is_left_behind(self) -> bool:
        """Whether the expert who wrote it sees the monitoring no more."""
        raise NotImplementedError

    def sequel_of_withdrawal(self) -> None:
        """What follows for the recommendations that rest on it."""
        raise NotImplementedError

    @property
    def who_proposes(self) -> Iterable[Owing]:
        """The role that wrote it, or the lead in place of an expert who was locked out; nobody while it rests."""
        if self.why_it_rests():
            return []
        return [Owing(Role.CONTRACTOR_LEAD if self.is_left_behind() else str(self.follow("drafter_role")))]

    @property
    def nobody(self) -> Iterable[Owing]:
        """It waits for the deliverable that lists it, which somebody owes."""
        return []

    state = FSMField(_("state"), max_length=30, choices=State.choices, default=State.DRAFT, protected=True)

    class Meta:
        abstract = True

    @transition(
        State.DRAFT,
        State.PROPOSED,
        permission=by(*CONTRACTOR),
        conditions=[is_writer, is_under_way, is_stated, is_measured, is_proved],
        meaning=_(
            "The finding becomes part of the deliverable that lists the findings. It is confirmed together with it; to"
            " correct it before that, it has to be returned."
        ),
    )
    def propose(self) -> None:
        """Make it part of the list of findings."""

    @transition(
        State.PROPOSED,
        State.DRAFT,
        permission=by(Role.CONTRACTOR_LEAD, Role.COORDINATOR),
        conditions=[in_charge_or_lead, decider_is_not_addressed, has_reason],
        meaning=_(
            "It goes back to be corrected, and is no part of the list of findings. If that was submitted already, it"
            " has to be recalled and submitted again."
        ),
        danger=True,
    )
    def send_back(self, reason: str) -> None:
        """Return it with a reason."""

    @transition(
        State.PROPOSED,
        State.CONFIRMED,
        permission=NOBODY,
        meaning=_("The list of findings was approved, and this finding with it."),
    )
    def confirm(self) -> None:
        """Follows from the approval of the deliverable."""

    @transition(
        [State.DRAFT, State.PROPOSED],
        State.WITHDRAWN,
        permission=by(*CONTRACTOR),
        conditions=[is_writer, has_reason],
        meaning=_("It is given up before it was confirmed. It stays readable, and no list of findings names it."),
        danger=True,
    )
    def drop(self, reason: str) -> None:
        """Give up what was not confirmed."""

    @transition(
        State.CONFIRMED,
        State.WITHDRAWN,
        permission=by(Role.DEPARTMENT_HEAD),
        conditions=[is_not_over, decider_is_not_addressed, has_reason],
        meaning=_(
            "The finding does not hold any more. The coordinators of the recommendations that rest on it get a message;"
            " the recommendations themselves stay."
        ),
        danger=True,
        then="sequel_of_withdrawal",
    )
    def withdraw(self, reason: str) -> None:
        """Take back what was confirmed, for a recorded reason, until the monitoring is closed.

        After that no recommendation is under way that could rest on it (it is an obstacle to closing), and what was
        reported stays as it was reported: that it did not hold is said by a late document of the monitoring.
        """
