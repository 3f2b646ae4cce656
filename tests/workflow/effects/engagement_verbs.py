"""What the acts on a monitoring write that leave its stage alone."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from django.core.files.uploadedfile import SimpleUploadedFile

from cases.desk.leading import assign
from cases.desk.talking import add_document, comment
from cases.planning import verbs
from tests.factories import CONTENT, SHA256
from tests.kinds.engagements import CONTRACT, facts
from tests.workflow.effects import NOW, Row, Scene
from tests.workflow.effects.monitoring import NEXT, OPEN_AT, Lines, followed, owes, owes_no_more, stage_of, version_of
from workflow.lifecycles.engagement import STAGES, State
from workflow.roles import Role


def _edit(scene: Scene) -> None:
    changed = facts(scene.cast, title="Other (test)", institutions=[scene.cast.college])
    verbs.edit_engagement(scene.case, changed, by=scene.cast.coordinator, version=scene.version)


def _set_dates(scene: Scene) -> None:
    dates = {row.stage: (row.planned_start, row.planned_end) for row in scene.case.stages.all()}
    dates["follow_up"] = (date(2099, 6, 1), date(2099, 6, 30))
    verbs.set_dates(scene.case, dates, by=scene.cast.coordinator, version=scene.version)


def _handed_over(state: str) -> Lines:
    """What is expected of the case and of its deliverables follows the new coordinator."""
    for label, role in [(NEXT[state].action, NEXT[state].role), *_open_at(state)]:
        follows = {"assignee": "second_coordinator"} if role == Role.COORDINATOR else {}
        yield "changed", "workflow_expectation", {"": label, "in_charge": "second_coordinator", **follows}


def _due_later(state: str) -> Lines:
    """What is due at the end of the stage that was moved is due later."""
    for place, drafter, _due in OPEN_AT[state] if state == State.FOLLOW_UP else ():
        moved = {"due": "2099-06-30"}
        yield version_of(place, 2, **moved)
        yield from followed(place, "follow", of="set_dates", by="coordinator", version=2, changes=moved)
        yield owes_no_more(place, "follow")
        yield owes(place, drafter, "2099-06-30", by="follow")


def _open_at(state: str) -> Iterator[tuple[str, str]]:
    for place, (role, _organisation), _due in OPEN_AT.get(state, ()):
        yield f"submit {place:02d}", role


OPEN = (State.PLANNED, *STAGES)
OF_CONTRACT = {**{name: str(value) for name, value in CONTRACT.items()}, "contractor": "CON"}
PAPER = {"sha256": SHA256, "size": len(CONTENT)}
GRANT = {"user": "expert", "content_object": "the case"}
ATTACHED = {"subject_type": "engagement", "subject": "the case"}

VERBS = (
    *(
        Row(
            "assign", [state], by="head",
            changes={"coordinator": "second_coordinator"},
            told={"assigned": ["second_coordinator"]},
            others=list(_handed_over(state)),
            do=lambda scene: assign(scene.case, scene.cast.second_coordinator, by=scene.cast.head),
        )
        for state in OPEN
    ),
    *(
        Row(
            "edit", [state], by="coordinator", changes={"title": "Other (test)"},
            details={"institutions": {"": [["UNI"], ["COL"]]}},
            others=[
                ("new", "planning_engagement_institutions", {"engagement": "the case", "organisation": "COL"}),
                ("gone", "planning_engagement_institutions", {"engagement": "the case", "organisation": "UNI"}),
            ],
            do=_edit,
        )
        for state in ("planned", "preparation")
    ),
    *(
        Row(
            "set_dates", [state], by="coordinator",
            details={"follow_up": {"": ["01.06.2099 – 25.06.2099", "01.06.2099 – 30.06.2099"]}},
            opened=[replace(NEXT[state], due="2099-06-30")] if state == "follow_up" else [],
            closed=["close"] if state == "follow_up" else [],
            others=[stage_of("follow_up", planned_end="2099-06-30"), *_due_later(state)],
            do=_set_dates,
        )
        for state in OPEN
    ),
    *(
        Row(
            "withdraw_access", [stage], by="lead", told={"access_withdrawn": ["expert"]},
            details={"expert": "Kunduz (test)"},
            others=[("gone", "planning_engagementuserobjectpermission", GRANT)],
            do=lambda scene: verbs.withdraw_access(scene.case, scene.cast.expert, by=scene.cast.lead),
        )
        for stage in (*STAGES, State.CLOSED, State.CANCELLED)
    ),
    *(
        Row(
            "give_access", [f"{stage}:alone"], by="lead", told={"access_given": ["expert"]},
            details={"expert": "Kunduz (test)"},
            others=[("new", "planning_engagementuserobjectpermission", GRANT)],
            do=lambda scene: verbs.give_access(scene.case, scene.cast.expert, by=scene.cast.lead),
        )
        for stage in STAGES
    ),
    *(
        Row(
            "comment", [stage], by="head", counts=False,
            told={"happened": ["coordinator", "second_head", "lead"]},
            details={"text": "Well."},
            others=[("new", "desk_comment", {
                **ATTACHED, "text": "Well.", "written_by": "head", "written_at": NOW,
            })],
            do=lambda scene: comment(scene.case, "Well.", by=scene.cast.head, is_internal=False),
        )
        for stage in STAGES
    ),
    *(
        Row(
            "comment_internal", [state], by="head", counts=False,
            told={"happened": ["coordinator", "second_head"]},
            details={"text": "Well."},
            others=[("new", "desk_comment", {
                **ATTACHED, "text": "Well.", "is_internal": True, "written_by": "head", "written_at": NOW,
            })],
            do=lambda scene: comment(scene.case, "Well.", by=scene.cast.head, is_internal=True),
        )
        for state in OPEN
    ),
    *(
        Row(
            "document", [state], by="coordinator",
            details={"file": "seen.pdf", **PAPER},
            others=[("new", "desk_document", {
                **ATTACHED, "name": "seen.pdf", "version": 1, "note": "What.", "content_type": "application/pdf",
                "path": "a name of its own", "received_from": "coordinator", "received_at": NOW, **PAPER,
            })],
            do=lambda scene: add_document(
                scene.case, SimpleUploadedFile("seen.pdf", CONTENT), by=scene.cast.coordinator, note=" What. "
            ),
        )
        for state in State
    ),
)  # fmt: skip
