"""The lifecycle of a visit (toy): planned by a department, done by a contractor's expert, at several institutions."""

from django.db.models import TextChoices
from django_fsm import FSMField

from workflow.case import Case
from workflow.conditions import Condition, InputCondition, required
from workflow.declarations import Expect, Verb, transition, verb
from workflow.parties import Column, Parties, Through
from workflow.roles import CONTRACTOR, DEPARTMENT, INSTITUTION, MINISTRY, Role, by


class State(TextChoices):
    PLANNED = "planned", "Planned"
    RUNNING = "running", "Running"
    CLOSED = "closed", "Closed"


class Action(TextChoices):
    CREATE = "create", "Plan"
    START = "start", "Start the visit"
    CLOSE = "close", "Close the visit"
    NAME_TEAM = "name_team", "Name the team"
    COMMENT = "comment", "Comment"
    COMMENT_INTERNAL = "comment_internal", "Internal comment"
    DOCUMENT = "document", "Add a document"


has_contractor = Condition("Choose the contractor first.", lambda case: case.contractor_id is not None)
team_is_small = InputCondition("At most nine people.", lambda inputs: (inputs.get("size") or 0) <= 9, about="size")


class VisitLifecycle(Case):
    CASE_TYPE = "visit"
    STATES = State
    INITIAL = State.PLANNED
    ACTIONS = Action
    PARTIES = Parties(
        "department_id",
        "contractor_id",
        assignees={Role.COORDINATOR: "coordinator_id", Role.CONTRACTOR_EXPERT: "expert_id"},
    )
    RELATIONS = {
        **dict.fromkeys(MINISTRY, Column("department__parent_id")),
        **dict.fromkeys(DEPARTMENT, Column("department_id")),
        **dict.fromkeys(CONTRACTOR, Column("contractor_id")),
        **dict.fromkeys(INSTITUTION, Through("sampled")),
    }
    ACCESS = {
        State.PLANNED: by(*MINISTRY, *DEPARTMENT),
        State.RUNNING: by(*MINISTRY, *DEPARTMENT, *CONTRACTOR, *INSTITUTION),
        State.CLOSED: by(*MINISTRY, *DEPARTMENT, *CONTRACTOR, *INSTITUTION),
    }
    EXPECTS = {
        State.PLANNED: Expect("start", Role.COORDINATOR, days=5),
        State.RUNNING: Expect("close", Role.CONTRACTOR_EXPERT, days=30, helper=Role.CONTRACTOR_LEAD),
    }
    CREATE = Verb(by(Role.COORDINATOR), [State.PLANNED])
    VERBS = {
        Action.COMMENT: Verb(by(*DEPARTMENT, *CONTRACTOR), [State.RUNNING]),
        Action.COMMENT_INTERNAL: Verb(by(*DEPARTMENT), State, internal=True),
        Action.DOCUMENT: Verb(by(*CONTRACTOR), [State.RUNNING]),
    }
    state = FSMField(max_length=30, choices=State.choices, default=State.PLANNED, protected=True)

    class Meta:
        abstract = True

    @transition(
        State.PLANNED,
        State.RUNNING,
        permission=by(Role.COORDINATOR),
        conditions=[has_contractor],
        meaning="The contractor's expert visits the institutions.",
    )
    def start(self) -> None:
        """The visit begins."""

    @transition(
        State.RUNNING,
        State.CLOSED,
        permission=by(Role.CONTRACTOR_EXPERT),
        conditions=[required("summary", "Say what was seen.")],
        meaning="The visit is over; nothing is added any more.",
        danger=True,
    )
    def close(self, summary: str) -> None:
        """The visit is over."""
        self.summary = summary

    @verb(
        by(Role.CONTRACTOR_LEAD),
        [State.RUNNING],
        conditions=[required("leader", "Name the leader."), team_is_small],
        meaning="The institutions learn who comes.",
    )
    def name_team(self, leader: str, size: int = 1) -> None:
        """Say who comes."""
        self.leader, self.size = leader, size
