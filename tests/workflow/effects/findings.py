"""What the acts on a finding write."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from cases.analysis.models import Finding
from cases.analysis.verbs import edit_finding, write_finding
from cases.desk.talking import add_document, comment
from cases.planning.models import Engagement
from tests.cast import Cast
from tests.factories import CONTENT, SHA256
from tests.kinds.engagements import make_engagement
from tests.kinds.findings import make_confirmed
from tests.kinds.written import finding_facts, make_finding
from tests.workflow.effects import IN_5, IN_10, NOW, TODAY, Clock, Effects, Owed, Row, Scene, because_of_its_beginning
from tests.workflow.effects.places import WHY
from workflow.door import consequence, follow, perform
from workflow.roles import Role

STATES = ("draft", "proposed", "confirmed", "withdrawn")
ENGAGEMENT = "E-2027-00001"
SAID = {
    "kind": "deficiency", "direction": 1, "severity": "high", "standard": "REG-8.1 (test)",
    "statement_ky": "Программалар жаңыртылган эмес (test)", "statement_en": "The programmes are out of date (test)",
    "source": "Curricula of 2019 (test)", "extent": "3 of 4 programmes (test)",
    "root_cause": "Nobody reviews them (test)",
}  # fmt: skip
ATTACHED = {"subject_type": "finding", "subject": "the case"}
PAPER = {"sha256": SHA256, "size": len(CONTENT)}


def finding_at(cast: Cast, clock: Clock, place: str) -> Scene:
    """`place` is a state; in “draft:suspended” the monitoring is suspended."""
    state, _, more = place.partition(":")
    if state in ("confirmed", "withdrawn"):
        finding = make_confirmed(cast)
        if state == "withdrawn":
            perform(finding, "withdraw", by=cast.head, reason=WHY)
        return Scene(cast, finding)
    engagement = make_engagement(cast, "analysis")
    if not state:
        return Scene(cast, Finding(engagement=engagement))
    finding = make_finding(cast, engagement, state)
    if more:
        Engagement.objects.update(suspended_on=TODAY, resume_by=TODAY)
    return Scene(cast, finding)


def _create(scene: Scene) -> None:
    scene.case = write_finding(scene.case.engagement, finding_facts(scene.cast), by=scene.cast.expert)


def _edit(scene: Scene) -> None:
    facts = finding_facts(scene.cast, extent=" All (test) ", institutions=[])
    edit_finding(scene.case, facts, by=scene.cast.lead, version=scene.version)


def _confirm(scene: Scene) -> None:
    act = because_of_its_beginning(scene.case, scene.cast.head, Role.DEPARTMENT_HEAD)
    follow(scene.case, "confirm", of=act)


def _rest(scene: Scene) -> None:
    act = because_of_its_beginning(scene.case, scene.cast.head, Role.DEPARTMENT_HEAD)
    with consequence(scene.case, "follow", of=act):
        pass


def _propose(due: str, days: int) -> Owed:
    return Owed("propose", Role.CONTRACTOR_EXPERT, "CON", due, days, assignee="expert")


def _comment(state: str) -> Row:
    return Row(
        "comment_internal", [state], by="lead", counts=False,
        told={"happened": ["expert", "coordinator"]},
        details={"text": "Well."},
        others=[("new", "desk_comment", {
            **ATTACHED, "text": "Well.", "is_internal": True, "written_by": "lead", "written_at": NOW,
        })],
        do=lambda scene: comment(scene.case, "Well.", by=scene.cast.lead, is_internal=True),
    )  # fmt: skip


def _new() -> dict[str, Any]:
    return {
        **SAID, "number": "F-2027-00001", "version": 1, "state": "draft", "engagement": ENGAGEMENT,
        "drafter_role": Role.CONTRACTOR_EXPERT, "author": "expert", "institution": "UNI",
    }  # fmt: skip


REASON = {"reason": WHY}
FINDINGS = Effects(
    Finding,
    finding_at,
    owed=lambda case: {"lead": "DEP", "in_charge": "coordinator"},
    role_of={
        "coordinator": (Role.COORDINATOR, "DEP"),
        "head": (Role.DEPARTMENT_HEAD, "DEP"),
        "lead": (Role.CONTRACTOR_LEAD, "CON"),
        "expert": (Role.CONTRACTOR_EXPERT, "CON"),
    },
    rows=(
        Row(
            "create", [""], by="expert", to="draft",
            opened=[_propose(IN_10, 10)],
            details={**SAID, "engagement": ENGAGEMENT, "institutions": "UNI"},
            others=[
                ("new", "analysis_finding", _new()),
                ("new", "analysis_finding_institutions", {"finding": "the case", "organisation": "UNI"}),
                ("new", "desk_numberseries", {"prefix": "F", "year": 2027, "last": 1}),
            ],
            do=_create,
        ),
        Row(
            "edit", ["draft"], by="lead",
            changes={"extent": "All (test)", "institution": None},
            details={"changes": {"extent": "All (test)"}, "institutions": {"": [["UNI"], []]}},
            others=[("gone", "analysis_finding_institutions", {"finding": "the case", "organisation": "UNI"})],
            do=_edit,
        ),
        Row(
            "propose", ["draft"], by="expert", to="proposed",
            closed=["propose"],
            told={"happened": ["lead", "coordinator"]},
        ),
        Row(
            "send_back", ["proposed"], by="coordinator", to="draft",
            inputs=REASON,
            opened=[_propose(IN_5, 5)],
            told={"happened": ["expert", "lead"]},
        ),
        Row(
            "drop", ["draft"], by="expert", to="withdrawn",
            inputs=REASON, closed=["propose"], told={"happened": ["lead"]},
        ),
        Row("drop", ["proposed"], by="lead", to="withdrawn", inputs=REASON, told={"happened": ["expert"]}),
        Row("confirm", ["proposed"], by="head", to="confirmed", details={"because_of": "create"}, do=_confirm),
        Row(
            "withdraw", ["confirmed"], by="head", to="withdrawn",
            inputs=REASON, told={"happened": ["lead", "coordinator"]},
        ),
        Row(
            "follow", ["draft:suspended"], by="head",
            closed=["propose"],
            details={"because_of": "create"},
            do=_rest,
        ),
        *(_comment(state) for state in STATES),
        Row(
            "document", ["draft"], by="expert",
            details={"file": "seen.pdf", **PAPER},
            others=[("new", "desk_document", {
                **ATTACHED, "name": "seen.pdf", "version": 1, "note": "What.", "content_type": "application/pdf",
                "path": "a name of its own", "received_from": "expert", "received_at": NOW, **PAPER,
            })],
            do=lambda scene: add_document(
                scene.case, SimpleUploadedFile("seen.pdf", CONTENT), by=scene.cast.expert, note=" What. "
            ),
        ),
    ),
)  # fmt: skip
