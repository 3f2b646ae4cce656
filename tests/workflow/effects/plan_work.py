"""What acts on a plan-schedule write that go with what it plans: proposals, what is owed, the one that follows."""

from collections.abc import Iterator
from typing import Any

from cases.planning import verbs
from cases.planning.models import Engagement, PlanSchedule, ProposalLine
from cases.planning.verbs import Weighed
from cases.planning.verbs.owed import let_fall_due, note_begun, note_next
from tests.workflow.effects import CALENDAR, IN_15, NOW, TODAY, Clock, Owed, Row, Scene, messages
from tests.workflow.effects.places import WHY
from workflow.roles import Role

HEADS = ("head", "second_head")
BEGIN = Owed(
    "begin_item", Role.COORDINATOR, "DEP", "2026-03-01", key="item:Engineering (test)", topic="Engineering (test)",
    assignee="coordinator",
)  # fmt: skip
NEXT = Owed("draft_next", Role.COORDINATOR, "DEP", "2026-12-01", key="next", assignee="coordinator")
"""What one in force owes whose years are over."""
IN_FORCE_TELLS = ["coordinator", *HEADS, "leader", "rector", "officer", "director"]


def _weigh(scene: Scene) -> None:
    weighed = Weighed("not_taken", reason=f" {WHY} ")
    verbs.weigh(scene.case, ProposalLine.objects.get(), weighed, by=scene.cast.coordinator, version=scene.version)


def _begin(scene: Scene) -> None:
    note_begun(scene.case.items.get(), Engagement(number="E-2027-00009"), by=scene.cast.coordinator)


def _draft_the_next(scene: Scene) -> None:
    years = {"first_year": 2027, "last_year": 2027}
    drafted = PlanSchedule(number="P-2027-00009", department=scene.cast.department, **years)
    note_next(drafted, by=scene.cast.coordinator)


def the_next_one() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """What putting it in force writes, of which this one's own end is a consequence."""
    number = "P-2027-00002"
    yield "changed", "planning_planschedule", {
        "": number, "state": "in_force", "in_force_on": str(TODAY), "version": 8,
    }  # fmt: skip
    yield "new", "workflow_event", {
        "subject_type": "plan_schedule", "subject": number, "number": number, "action": "put_in_force",
        "source": "approved", "target": "in_force", "version": 8, "actor": "head", "role": Role.DEPARTMENT_HEAD,
        "organisation": "DEP", "membership": "head as department_head", "ministry": "MIN", "at": NOW,
    }  # fmt: skip
    yield "new", "workflow_eventdetails", {"event": "put_in_force", "text": {"changes": {"in_force_on": str(TODAY)}}}
    yield "changed", "workflow_expectation", {"": "put_in_force", "closed_at": NOW, "closed_by": "put_in_force"}
    for owed in (BEGIN, NEXT):
        yield "new", "workflow_expectation", {
            "subject_type": "plan_schedule", "subject": number, "number": number, "about_type": "plan_schedule",
            "about": number, "state": "in_force", "action": owed.action, "key": owed.key, "role": owed.role,
            "organisation": "DEP", "lead": "DEP", "in_charge": "coordinator", "assignee": "coordinator",
            "ministry": "MIN", "start": str(TODAY), "due": owed.due, "calendar": CALENDAR, "opened_at": NOW,
            "opened_by": "put_in_force", **({"topic": owed.topic} if owed.topic else {}),
        }  # fmt: skip
    for name in (action for action in IN_FORCE_TELLS if action != "head"):
        yield from messages("put_in_force", "happened", name)


OF_WORK = (
    Row(
        "weigh", ["draft:proposal"], by="coordinator",
        details={
            "proposal": "E-2027-00001-09, 1: Look at the practical training (test)",
            "decision": {"": ["", "not_taken"]},
            "reason": {"": ["", WHY]},
        },
        others=[("new", "planning_weighing", {
            "line": "proposal 1", "plan": "the case", "decision": "not_taken", "reason": WHY,
        })],
        do=_weigh,
    ),
    Row(
        "begin_item", ["in_force"], by="coordinator",
        details={"item": "1. Engineering (test)", "engagement": "E-2027-00009"},
        do=_begin,
    ),
    Row(
        "draft_next", ["in_force"], by="coordinator", details={"plan": "P-2027-00009"}, do=_draft_the_next
    ),
    Row(
        "fall_due", ["in_force:more"], by="",
        opened=[Owed(
            "begin_item", Role.COORDINATOR, "DEP", IN_15, key="item:More (test)", topic="More (test)",
            assignee="coordinator",
        )],
        do=lambda scene: let_fall_due(scene.case, Clock().now()),
    ),
)  # fmt: skip
