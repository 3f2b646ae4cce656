"""What putting in charge and commenting write, and the whole table of recommendations."""

from collections.abc import Iterator
from typing import Any

from cases.desk.leading import assign
from cases.desk.talking import comment
from cases.followup.models import Recommendation
from tests.workflow.effects import NOW, Effects, Row, Scene, because_of_its_beginning
from tests.workflow.effects.answering import ANSWERING
from tests.workflow.effects.clock import BY_CLOCK
from tests.workflow.effects.drafting import DRAFTING
from tests.workflow.effects.places import recommendation_at
from tests.workflow.effects.recommendations import HEADS, INSTITUTION, OPEN_TASK, STEPS
from workflow.door import consequence
from workflow.roles import Role

STATES = [*OPEN_TASK, "closed"]
ISSUED = STATES[1:-1]


def _assigned(state: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    if state == "closed":
        return
    is_theirs = state in ("draft", "under_review", "claimed")
    follows = {"assignee": "second_coordinator"} if is_theirs else {}
    yield "changed", "workflow_expectation", {"": OPEN_TASK[state], "in_charge": "second_coordinator", **follows}


def _assign(place: str, *others: tuple[str, str, dict[str, Any]]) -> Row:
    return Row(
        "assign", [place], by="head",
        changes={"coordinator": "second_coordinator"},
        told={"assigned": ["second_coordinator"]},
        others=[*_assigned(place.partition(":")[0]), *others],
        do=lambda scene: assign(scene.case, scene.cast.second_coordinator, by=scene.cast.head),
    )  # fmt: skip


def _remark(state: str, by: str, told: list[str], *, is_internal: bool = False) -> Row:
    name = "comment_internal" if is_internal else "comment"
    written = {"subject_type": "recommendation", "subject": "the case", "text": "Well.", "written_by": by}
    return Row(
        name, [state], by=by, variant=by, counts=False,
        told={name: told},
        details={"text": "Well."},
        others=[("new", "desk_comment", {
            **written, "written_at": NOW, **({"is_internal": True} if is_internal else {}),
        })],
        do=lambda scene: comment(scene.case, " Well. ", by=getattr(scene.cast, by), is_internal=is_internal),
    )  # fmt: skip


def _note_withdrawal(scene: Scene) -> None:
    act = because_of_its_beginning(scene.case, scene.cast.head, Role.DEPARTMENT_HEAD)
    with consequence(scene.case, "finding_withdrawn", of=act) as noted:
        noted.details["finding"] = "F-2027-00001"


LEADING = (
    *(
        Row(
            "finding_withdrawn", [state], by="head",
            told={"happened": ["coordinator"]},
            details={"finding": "F-2027-00001", "because_of": "create"},
            do=_note_withdrawal,
        )
        for state in STATES
    ),
    *(_assign(state) for state in STATES),
    _assign("in_progress:asked", ("changed", "workflow_expectation", {
        "": "grant", "assignee": "second_coordinator", "in_charge": "second_coordinator",
    })),
    *(_remark(state, "coordinator", [*INSTITUTION]) for state in ISSUED),
    *(_remark(state, "rector", ["coordinator"]) for state in ISSUED),
    *(_remark(state, "coordinator", [*HEADS], is_internal=True) for state in STATES),
)  # fmt: skip


def _owed(case: Any) -> dict[str, Any]:
    """A draft is kept from the institution."""
    return {"lead": "DEP", "in_charge": "coordinator", **({} if case.state == "draft" else {"addressed": "UNI"})}


RECOMMENDATIONS = Effects(
    Recommendation,
    recommendation_at,
    owed=_owed,
    role_of={
        "leader": (Role.MINISTRY_LEADER, "MIN"),
        "head": (Role.DEPARTMENT_HEAD, "DEP"),
        "coordinator": (Role.COORDINATOR, "DEP"),
        "rector": (Role.INSTITUTION_HEAD, "UNI"),
        "officer": (Role.INSTITUTION_OFFICER, "UNI"),
    },
    rows=(*STEPS, *DRAFTING, *ANSWERING, *LEADING, *BY_CLOCK),
)
