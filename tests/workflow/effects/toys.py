"""What the acts on the kinds of the tests write."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from cases.desk.talking import add_document, comment
from tests.cast import Cast
from tests.factories import CONTENT, SHA256
from tests.kinds.toys import make_note, make_visit, new_visit
from tests.toys.models import Note, Visit
from tests.workflow.effects import IN_3, IN_5, IN_30, NOW, Clock, Effects, Owed, Row, Scene
from workflow.door import begin
from workflow.roles import Role

ROLES = {
    "coordinator": (Role.COORDINATOR, "DEP"),
    "expert": (Role.CONTRACTOR_EXPERT, "CON"),
    "lead": (Role.CONTRACTOR_LEAD, "CON"),
}
TEXT = {"text": "Well."}


def visit_at(cast: Cast, clock: Clock, place: str) -> Scene:
    return Scene(cast, make_visit(cast, place) if place else new_visit(cast, number="V-1", title="A visit"))


def note_at(cast: Cast, clock: Clock, place: str) -> Scene:
    visit = make_visit(cast, "running", number="V-1")
    return Scene(cast, make_note(cast, place, visit) if place else Note(number="N-1", visit=visit, text="A door."))


def _plan(scene: Scene) -> None:
    begin(scene.case, by=scene.cast.coordinator)


def _remark(state: str, told: list[str], *, is_internal: bool) -> Row:
    name = "comment_internal" if is_internal else "comment"
    written: dict[str, Any] = {"subject_type": "visit", "subject": "the case", "written_at": NOW, **TEXT}
    return Row(
        name, [state], by="coordinator", counts=False,
        told={"happened": told} if told else {},
        details=TEXT,
        others=[("new", "desk_comment", {
            **written, "written_by": "coordinator", **({"is_internal": True} if is_internal else {}),
        })],
        do=lambda scene: comment(scene.case, "Well.", by=scene.cast.coordinator, is_internal=is_internal),
    )  # fmt: skip


def _file(scene: Scene) -> None:
    add_document(scene.case, SimpleUploadedFile("seen.pdf", CONTENT), by=scene.cast.expert, note=" What. ")


PAPER = {"sha256": SHA256, "size": len(CONTENT)}

VISITS = Effects(
    Visit,
    visit_at,
    owed=lambda case: {
        "lead": "DEP", "in_charge": "coordinator", **({} if case.state == "planned" else {"addressed": "CON"}),
    },
    role_of=ROLES,
    rows=(
        Row(
            "create", [""], by="coordinator", to="planned",
            opened=[Owed("start", Role.COORDINATOR, "DEP", IN_5, 5, assignee="coordinator")],
            others=[("new", "toys_visit", {
                "number": "V-1", "title": "A visit", "version": 1, "state": "planned", "department": "DEP",
                "contractor": "CON", "coordinator": "coordinator", "expert": "expert",
            })],
        ),
        Row(
            "start", ["planned"], by="coordinator", to="running",
            opened=[Owed(
                "close", Role.CONTRACTOR_EXPERT, "CON", IN_30, 30, helper=Role.CONTRACTOR_LEAD, assignee="expert",
            )],
            closed=["start"],
            told={"happened": ["lead", "expert", "rector"]},
        ),
        Row(
            "close", ["running"], by="expert", to="closed",
            inputs={"summary": "Seen."}, changes={"summary": "Seen."},
            closed=["close"],
            told={"happened": ["coordinator"]},
        ),
        Row(
            "name_team", ["running"], by="lead",
            inputs={"leader": "Kunduz", "size": 3}, changes={"leader": "Kunduz", "size": 3},
        ),
        _remark("running", ["lead", "expert"], is_internal=False),
        *(_remark(state, [], is_internal=True) for state in ("planned", "running", "closed")),
        Row(
            "document", ["running"], by="expert",
            details={"file": "seen.pdf", **PAPER},
            others=[("new", "desk_document", {
                "subject_type": "visit", "subject": "the case", "name": "seen.pdf", "version": 1, "note": "What.",
                "content_type": "application/pdf", "path": "a name of its own", "received_from": "expert",
                "received_at": NOW, **PAPER,
            })],
            do=_file,
        ),
    ),
)  # fmt: skip
NOTES = Effects(
    Note,
    note_at,
    owed=lambda case: {"about_type": "visit", "about": "V-1", "lead": "DEP", "in_charge": "coordinator"},
    role_of=ROLES,
    places={"about_type": "visit", "about": "V-1"},
    rows=(
        Row(
            "create", [""], by="expert", to="open",
            opened=[Owed("settle", Role.COORDINATOR, "DEP", IN_3, 3, assignee="coordinator")],
            told={"happened": ["coordinator"]},
            others=[("new", "toys_note", {
                "number": "N-1", "version": 1, "state": "open", "visit": "V-1", "text": "A door.",
            })],
        ),
        Row("settle", ["open"], by="coordinator", to="settled", closed=["settle"], told={"happened": ["expert"]}),
    ),
)  # fmt: skip
