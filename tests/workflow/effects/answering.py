"""What the institution writes to answer, and what the department writes of its evidence."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from cases.followup.models import InterimDeadline
from cases.followup.verbs import attach, explain, request_extension, review_evidence, write_plan
from tests.factories import CONTENT, SHA256
from tests.workflow.effects import CALENDAR, IN_10, NOW, TODAY, Row, Scene, messages
from tests.workflow.effects.places import DUE, INTERIM, MEASURES, UNTIL, WHY
from tests.workflow.effects.recommendations import COORDINATOR, NUMBER, OFFICER

PAPER = {"content_type": "application/pdf", "size": len(CONTENT), "sha256": SHA256}


def _paper(scene: Scene, **described: Any) -> None:
    attach(scene.case, SimpleUploadedFile("new.pdf", CONTENT), by=scene.cast.officer, note=" Seen. ", **described)


def _review(scene: Scene, decision: str, reason: str = "") -> None:
    review_evidence(scene.case.evidence_now()[0], decision, reason, by=scene.cast.coordinator)


def _explain(scene: Scene) -> None:
    explain(scene.case.measures_now()[1], WHY, by=scene.cast.officer, recommendation=scene.case)


def _explain_interim(scene: Scene) -> None:
    explain(InterimDeadline.objects.get(), WHY, by=scene.cast.officer, recommendation=scene.case)


def _file(**values: Any) -> tuple[str, str, dict[str, Any]]:
    kept = {"recommendation": "the case", "name": "new.pdf", "version": 1, "note": "Seen.", "path": "a name of its own"}
    kept |= {"received_from": "officer", "received_at": NOW, "decision": "received"}
    return "new", "followup_evidence", {**kept, **PAPER, **values}


EVENT = {"subject_type": "extension", "subject": f"{NUMBER}-E1", "number": f"{NUMBER}-E1"}
ON_THIS_PAGE = {"about_type": "recommendation", "about": "the case", "ministry": "MIN"}
ASKED = [
    ("new", "followup_extension", {
        "number": f"{NUMBER}-E1", "version": 1, "state": "requested", "recommendation": "the case",
        "until": str(UNTIL), "due_before": str(DUE), "reason": WHY, "level": COORDINATOR, "requested_by": "officer",
        "requested_at": NOW,
    }),
    ("new", "workflow_event", {
        **EVENT, **ON_THIS_PAGE, "action": "create", "source": "requested", "target": "requested", "version": 1,
        "actor": "officer", "role": OFFICER, "organisation": "UNI", "membership": f"officer as {OFFICER}", "at": NOW,
    }),
    ("new", "workflow_eventdetails", {"event": "create", "text": {"until": str(UNTIL), "reason": WHY}}),
    ("new", "workflow_expectation", {
        **EVENT, **ON_THIS_PAGE, "state": "requested", "action": "grant", "role": COORDINATOR, "organisation": "DEP",
        "lead": "DEP", "addressed": "UNI", "assignee": "coordinator", "in_charge": "coordinator",
        "start": str(TODAY), "days": 10, "due": IN_10, "calendar": CALENDAR, "opened_at": NOW, "opened_by": "create",
    }),
    *messages("create", "extension_requested", "coordinator"),
]  # fmt: skip
ANSWERING = (
    Row(
        "plan", ["issued"], by="officer",
        details={"plan": {"": [
            "1. Order the books, Head of the library, 30.09.2027"
            "\n2. Enter them in the catalogue, Cataloguer, 29.10.2027",
            "1. Order the books, Head of the library, 30.09.2027",
        ]}},
        others=[
            ("gone", "followup_measure", {
                "plan": "plan 1", "position": place, "text": one.text, "responsible": one.responsible,
                "due": str(one.due),
            })
            for place, one in enumerate(MEASURES, 1)
        ] + [
            ("new", "followup_measure", {
                "plan": "plan 1", "position": 1, "text": "Order the books", "responsible": "Head of the library",
                "due": "2027-09-30",
            }),
        ],
        do=lambda scene: write_plan(scene.case, MEASURES[:1], by=scene.cast.officer, version=scene.version),
    ),
    Row(
        "evidence", ["in_progress:bare"], by="officer", variant="of a measure",
        closed=["evidence measure:plan 1.1"],
        details={"file": "new.pdf", "sha256": SHA256, "size": len(CONTENT)},
        others=[_file(measure="plan 1.1", own_date="2027-06-01")],
        do=lambda scene: _paper(scene, measure=scene.case.measures_now()[0], own_date=TODAY.replace(day=1)),
    ),
    Row(
        "evidence", ["in_progress:bare"], by="officer", variant="of an interim deadline",
        closed=[f"evidence interim:{INTERIM}"],
        details={"file": "new.pdf", "sha256": SHA256, "size": len(CONTENT), "interim": f"16.08.2027 {INTERIM}"},
        others=[_file(interim=INTERIM)],
        do=lambda scene: _paper(scene, interim=InterimDeadline.objects.get()),
    ),
    Row(
        "evidence", ["in_progress:bare"], by="officer", variant="why a measure has none",
        closed=["evidence measure:plan 1.2"],
        details={"measure": MEASURES[1].text, "reason": WHY},
        others=[("changed", "followup_measure", {"": "plan 1.2", "unproved_reason": WHY})],
        do=_explain,
    ),
    Row(
        "evidence", ["in_progress:bare"], by="officer", variant="why an interim deadline has none",
        closed=[f"evidence interim:{INTERIM}"],
        details={"interim": f"16.08.2027 {INTERIM}", "reason": WHY},
        others=[("changed", "followup_interimdeadline", {"": INTERIM, "unproved_reason": WHY})],
        do=_explain_interim,
    ),
    Row(
        "evidence", ["in_progress"], by="officer", variant="a newer version",
        details={"file": "new.pdf", "sha256": SHA256, "size": len(CONTENT)},
        others=[_file(measure="plan 1.1", replaces="1.pdf", version=2)],
        do=lambda scene: _paper(scene, replaces=scene.case.evidence_now()[0]),
    ),
    Row(
        "review_evidence", ["claimed:unread"], by="coordinator", variant="accepted",
        details={"file": "1.pdf", "decision": "accepted"},
        others=[("changed", "followup_evidence", {
            "": "1.pdf", "decision": "accepted", "decided_by": "coordinator", "decided_at": NOW,
        })],
        do=lambda scene: _review(scene, "accepted"),
    ),
    Row(
        "review_evidence", ["claimed:unread"], by="coordinator", variant="rejected",
        details={"file": "1.pdf", "decision": "rejected", "reason": WHY},
        others=[("changed", "followup_evidence", {
            "": "1.pdf", "decision": "rejected", "decision_reason": WHY, "decided_by": "coordinator",
            "decided_at": NOW,
        })],
        do=lambda scene: _review(scene, "rejected", f" {WHY} "),
    ),
    Row(
        "extend", ["in_progress"], by="officer",
        details={"extension": f"{NUMBER}-E1"},
        others=ASKED,
        do=lambda scene: request_extension(scene.case, until=UNTIL, reason=WHY, by=scene.cast.officer),
    ),
)  # fmt: skip
