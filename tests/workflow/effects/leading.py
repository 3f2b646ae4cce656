"""What a coordinator in charge changes: who is in charge of a plan-schedule, and when one deliverable is due."""

from datetime import date

from cases.desk.leading import assign
from cases.planning import verbs
from tests.workflow.effects import Owed, Row, Scene
from tests.workflow.effects.places import WHY
from workflow.roles import Role

OWED_BY_PLANS = {
    "draft": ["submit"],
    "submitted": ["agree seat:seat 1.1", "agree seat:seat 1.2"],
    "agreed": ["approve seat:seat 2.1"],
    "approved": ["put_in_force"],
    "in_force": ["begin_item item:Engineering (test)", "draft_next next"],
}
"""state -> what is expected then."""
OF_COORDINATORS = {"submit", *OWED_BY_PLANS["in_force"]}
LATER = "2099-01-20"


def _assign(scene: Scene) -> None:
    assign(scene.case, scene.cast.second_coordinator, by=scene.cast.coordinator)


def _move_due(scene: Scene) -> None:
    day = date.fromisoformat(LATER)
    verbs.move_due(scene.case, day, WHY, by=scene.cast.coordinator, version=scene.version)


PLANS_ASSIGNED = tuple(
    Row(
        "assign", [state], by="coordinator",
        changes={"coordinator": "second_coordinator"},
        told={"assigned": ["second_coordinator"]},
        others=[
            ("changed", "workflow_expectation", {
                "": label, "in_charge": "second_coordinator",
                **({"assignee": "second_coordinator"} if label in OF_COORDINATORS else {}),
            })
            for label in owed
        ],
        do=_assign,
    )
    for state, owed in OWED_BY_PLANS.items()
)  # fmt: skip
DUE_MOVED = tuple(
    Row(
        "move_due", [state], by="coordinator", changes={"due": LATER},
        opened=[Owed("submit", Role.CONTRACTOR_EXPERT, "CON", LATER)] if state == "draft" else [],
        closed=["submit"] if state == "draft" else [],
        told={"happened": ["expert"]},
        details={"reason": WHY},
        do=_move_due,
    )
    for state in ("draft", "submitted", "agreed")
)  # fmt: skip
