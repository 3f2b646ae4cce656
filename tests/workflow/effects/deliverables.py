"""What the acts on a deliverable write, on its rounds as well."""

import json
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from cases.desk.talking import comment
from cases.planning import verbs
from cases.planning.models import Deliverable, Engagement
from tests.cast import Cast
from tests.factories import CONTENT, SHA256
from tests.kinds.engagements import make_deliverable, make_engagement, new_deliverable
from tests.workflow.effects import CALENDAR, IN_5, NOW, TODAY, Clock, Effects, Owed, Row, Scene, messages
from tests.workflow.effects.leading import DUE_MOVED
from tests.workflow.effects.monitoring import AUGUST, HEADS, NUMBER, TO_ALL, rests
from tests.workflow.effects.places import WHY
from tests.workflow.effects.reviewing import EXPERT_NAMED, REVIEWERS_NAMED, reviewed
from tests.workflow.effects.rounds import answer, ended, owed_by
from workflow.door import perform
from workflow.roles import Role

DECIDERS = (
    (Role.CONTRACTOR_LEAD, "CON", "lead"),
    (Role.COORDINATOR, "DEP", "coordinator"),
    (Role.DEPARTMENT_HEAD, "DEP", "head"),
    (Role.MINISTRY_LEADER, "MIN", "leader"),
)
TEXT = "Баары (test)"
MEMBER = {"full_name": "A. Asanova (test)", "organisation": "Academy (test)", "duty": "analysis", "direction": 4}
EMPTY = {"text_ky": TEXT, "text_ru": "", "text_en": "", "files": [], "lines": []}
CONTENTS = json.dumps(EMPTY, ensure_ascii=False, sort_keys=True)
HASH = sha256(CONTENTS.encode()).hexdigest()
OPEN = ("draft", "submitted", "agreed")
ALL_AGREE = [f"agree seat:seat 1.{place}" for place in range(1, 5)]
ALL_APPROVE = [f"approve seat:seat 2.{place}" for place in range(1, 5)]
Lines = Iterator[tuple[str, str, dict[str, Any]]]


def deliverable_at(cast: Cast, clock: Clock, place: str) -> Scene:
    """`place` is a state; “:file” with a file, “:taken” with a seat that a head took, “:reviewed” for two experts."""
    if not place:
        make_engagement(cast, "preparation")
        return Scene(cast, new_deliverable(cast, cast.coordinator))
    state, _, more = place.partition(":")
    if more == "reviewed":
        return Scene(cast, reviewed(cast))
    deliverable = make_deliverable(cast, state)
    if more == "file":
        verbs.attach_file(deliverable, SimpleUploadedFile("seen.pdf", CONTENT), by=cast.expert)
    elif more == "taken":
        perform(deliverable, "take", by=cast.head)
    return Scene(cast, deliverable)


def _write(scene: Scene) -> None:
    texts = {"text_ky": TEXT, "text_ru": " Всё (test) "}
    verbs.write_texts(scene.case, texts, by=scene.cast.expert, version=scene.version)


def _attach(scene: Scene) -> None:
    verbs.attach_file(scene.case, SimpleUploadedFile("seen.pdf", CONTENT), by=scene.cast.expert, kind="annex")


def _attach_scan(scene: Scene) -> None:
    verbs.attach_scan(scene.case, SimpleUploadedFile("signed.pdf", CONTENT), by=scene.cast.coordinator)


def _itemise(scene: Scene) -> None:
    verbs.add_line(scene.case, MEMBER, by=scene.cast.expert, version=scene.version)


def _suspend(scene: Scene) -> None:
    perform(Engagement.objects.get(), "suspend", by=scene.cast.head, reason=WHY, until=AUGUST)


def _others_not_needed(step: int, but: int = 0) -> Lines:
    return (answer(f"{step}.{place}", "not_needed") for place in range(1, 5) if place != but)


def _round() -> Lines:
    """The version that is kept, and the seats: those of the first step are asked at once."""
    yield "new", "planning_deliverableversion", {
        "deliverable": "the case", "number": 1, "contents": CONTENTS, "sha256": HASH, "submitted_by": "expert",
        "submitted_at": NOW,
    }  # fmt: skip
    yield "new", "rounds_round", {
        "flow_class": "rounds/flows.ApprovalFlow", "status": "NEW", "created": NOW, "subject_type": "deliverable",
        "subject": "the case", "place": 1, "sha256": HASH,
    }  # fmt: skip
    for step, mode in ((1, "all"), (2, "any")):
        for place, (role, organisation, _name) in enumerate(DECIDERS, 1):
            yield "new", "rounds_seat", {
                "round": "round 1", "step": step, "place": place, "mode": mode, "role": role,
                "organisation": organisation, "days": 5, **({"approves": True} if step == 2 else {}),
            }  # fmt: skip


def _suspended() -> Lines:
    """What suspending the monitoring writes, of which this is a consequence, as it is on its other deliverable."""
    dates = {"suspended_on": str(TODAY), "resume_by": str(AUGUST)}
    monitoring = {"subject_type": "engagement", "subject": NUMBER, "number": NUMBER}
    yield "changed", "planning_engagement", {"": NUMBER, **dates, "version": 6}
    yield "new", "planning_suspension", {"engagement": NUMBER, **dates, "reason": WHY, "by": "head"}
    yield "new", "workflow_event", {
        **monitoring, "action": "suspend", "source": "preparation", "target": "preparation", "version": 6,
        "actor": "head", "role": Role.DEPARTMENT_HEAD, "organisation": "DEP", "membership": "head as department_head",
        "ministry": "MIN", "at": NOW,
    }  # fmt: skip
    inputs = {"reason": WHY, "until": str(AUGUST)}
    yield "new", "workflow_eventdetails", {"event": "suspend", "text": {"inputs": inputs, "changes": dates}}
    yield "changed", "workflow_expectation", {"": "begin_collection", "closed_at": NOW, "closed_by": "suspend"}
    yield "new", "workflow_expectation", {
        **monitoring, "about_type": "engagement", "about": NUMBER, "state": "preparation", "action": "resume",
        "key": "resume", "role": Role.DEPARTMENT_HEAD, "organisation": "DEP", "lead": "DEP", "addressed": "CON",
        "in_charge": "coordinator", "ministry": "MIN", "start": str(TODAY), "due": str(AUGUST), "calendar": CALENDAR,
        "opened_at": NOW, "opened_by": "suspend",
    }  # fmt: skip
    for name in (*TO_ALL, "expert"):
        yield from messages("suspend", "happened", name)
    yield from rests("preparation")


def _of_seats(state: str, owed: str) -> Iterator[Row]:
    """Only who is asked by name changes: neither the term nor whom the case waits for."""
    yield Row("take", [state], by="head", others=[owed_by(owed, "head")])
    yield Row("give_back", [f"{state}:taken"], by="head", others=[owed_by(owed, None)])
    yield Row(
        "hand_over", [state], by="head",
        told={"seat_handed_over": ["second_head"]},
        details={"inputs": {"receiver": "second_head", "reason": WHY}},
        others=[owed_by(owed, "second_head")],
        do=lambda scene: perform(
            scene.case, "hand_over", by=scene.cast.head, receiver_id=scene.cast.second_head.pk, reason=WHY
        ),
    )  # fmt: skip


SUBMIT = Owed("submit", Role.CONTRACTOR_EXPERT, "CON", IN_5, 5)

DELIVERABLES = Effects(
    Deliverable,
    deliverable_at,
    owed=lambda case: {"lead": "DEP", "in_charge": "coordinator", "addressed": "CON"},
    role_of={
        "coordinator": (Role.COORDINATOR, "DEP"),
        "head": (Role.DEPARTMENT_HEAD, "DEP"),
        "leader": (Role.MINISTRY_LEADER, "MIN"),
        "lead": (Role.CONTRACTOR_LEAD, "CON"),
        "expert": (Role.CONTRACTOR_EXPERT, "CON"),
    },
    rows=(
        Row(
            "create", [""], by="coordinator", to="draft",
            others=[("new", "planning_deliverable", {
                "number": f"{NUMBER}-99", "version": 1, "state": "draft", "engagement": NUMBER, "stage": "collection",
                "row": "proposals", "direction": 13, "drafter_role": Role.COORDINATOR, "is_required": True,
                "asked_on": "2099-01-20", "due": "2099-01-20",
            })],
        ),
        Row("write", ["draft"], by="expert", changes={"text_ru": "Всё (test)"}, do=_write),
        Row(
            "attach", ["draft"], by="expert",
            details={"file": "seen.pdf", "sha256": SHA256, "size": len(CONTENT)},
            others=[("new", "planning_deliverablefile", {
                "deliverable": "the case", "kind": "annex", "name": "seen.pdf", "path": "a name of its own",
                "content_type": "application/pdf", "size": len(CONTENT), "sha256": SHA256, "received_at": NOW,
                "received_from": "expert",
            })],
            do=_attach,
        ),
        *(
            Row(
                "attach_scan", [state], by="coordinator",
                details={"file": "signed.pdf", "sha256": SHA256, "size": len(CONTENT), "scan_of": 1},
                others=[("new", "planning_deliverablefile", {
                    "deliverable": "the case", "kind": "signed_scan", "name": "signed.pdf", "path": "a name of its own",
                    "content_type": "application/pdf", "size": len(CONTENT), "sha256": SHA256, "received_at": NOW,
                    "received_from": "coordinator", "scan_of": 1,
                })],
                do=_attach_scan,
            )
            for state in ("agreed", "approved")
        ),
        Row(
            "detach", ["draft:file"], by="expert",
            details={"file": "seen.pdf", "sha256": SHA256},
            others=[("changed", "planning_deliverablefile", {"": "seen.pdf", "removed_at": NOW})],
            do=lambda scene: verbs.detach_file(scene.case.files.get(), by=scene.cast.expert),
        ),
        *DUE_MOVED,
        Row(
            "itemise", ["draft"], by="expert",
            details={"line": MEMBER["full_name"], **{name: {"": ["", str(said)]} for name, said in MEMBER.items()}},
            others=[("new", "planning_teammember", {"deliverable": "the case", "place": 1, **MEMBER})],
            do=_itemise,
        ),
        EXPERT_NAMED,
        REVIEWERS_NAMED,
        Row(
            "submit", ["draft"], by="expert", to="submitted",
            changes={"submissions": 1, "submitted_by": "expert", "sha256": HASH},
            opened=[
                Owed("agree", role, organisation, IN_5, 5, key=f"seat:seat 1.{place}",
                     assignee="coordinator" if role == Role.COORDINATOR else "")
                for place, (role, organisation, _name) in enumerate(DECIDERS, 1)
            ],
            closed=["submit"],
            told={"happened": ["lead", "coordinator", *HEADS, "leader"]},
            others=list(_round()),
        ),
        Row(
            "agree", ["submitted"], by="head", inputs={"remarks": "Mind the dates."},
            closed=["agree seat:seat 1.3"],
            told={"happened": ["expert"]},
            others=[answer("1.3", "with_remarks", "head", "Mind the dates.")],
        ),
        Row(
            "send_back", ["submitted"], by="head", to="draft", inputs={"reason": WHY},
            opened=[SUBMIT], closed=ALL_AGREE,
            told={"happened": ["expert", "coordinator"]},
            others=[answer("1.3", "returned", "head", WHY), *_others_not_needed(1, 3), ended("DONE", "returned")],
        ),
        Row(
            "recall", ["submitted"], by="expert", to="draft",
            opened=[SUBMIT], closed=ALL_AGREE,
            told={"happened": ["coordinator", *HEADS]},
            others=[*_others_not_needed(1), ended("CANCELED", "recalled")],
        ),
        Row(
            "recall", ["agreed"], by="expert", to="draft",
            opened=[SUBMIT], closed=ALL_APPROVE,
            told={"happened": ["coordinator", *HEADS]},
            others=[*_others_not_needed(2), ended("CANCELED", "recalled")],
        ),
        Row(
            "approve", ["agreed"], by="leader", to="approved",
            closed=ALL_APPROVE,
            told={"happened": ["expert", "coordinator"]},
            others=[answer("2.4", "agreed", "leader"), *_others_not_needed(2, 4), ended("DONE", "approved")],
        ),
        Row(
            "decline", ["agreed"], by="leader", to="draft", inputs={"reason": WHY},
            opened=[SUBMIT], closed=ALL_APPROVE,
            told={"happened": ["expert", "coordinator"]},
            others=[answer("2.4", "returned", "leader", WHY), *_others_not_needed(2, 4), ended("DONE", "returned")],
        ),
        Row(
            "leave_out", ["draft"], by="coordinator", to="left_out",
            inputs={"reason": WHY}, changes={"left_out_reason": WHY},
            closed=["submit"],
            told={"happened": ["expert"]},
        ),
        Row(
            "leave_out", ["submitted"], by="head", to="left_out",
            inputs={"reason": WHY}, changes={"left_out_reason": WHY},
            closed=ALL_AGREE,
            told={"happened": ["expert", "coordinator"]},
            others=[*_others_not_needed(1), ended("CANCELED", "recalled")],
        ),
        Row(
            "leave_out", ["agreed"], by="head", to="left_out",
            inputs={"reason": WHY}, changes={"left_out_reason": WHY},
            closed=ALL_APPROVE,
            told={"happened": ["expert", "coordinator"]},
            others=[*_others_not_needed(2), ended("CANCELED", "recalled")],
        ),
        Row(
            "reopen", ["approved"], by="head", to="draft", inputs={"reason": WHY},
            opened=[SUBMIT],
            told={"happened": ["expert", "coordinator"]},
        ),
        *(
            Row(
                "follow", [state], by="head", closed=closed, details={"because_of": "suspend"},
                others=list(_suspended()), do=_suspend,
            )
            for state, closed in (("draft", ["submit"]), ("submitted", ALL_AGREE), ("agreed", ALL_APPROVE))
        ),
        *(
            Row(
                "comment", [state], by="head", counts=False,
                told={"happened": ["expert", "coordinator"]},
                details={"text": "Well."},
                others=[("new", "desk_comment", {
                    "subject_type": "deliverable", "subject": "the case", "text": "Well.", "written_by": "head",
                    "written_at": NOW,
                })],
                do=lambda scene: comment(scene.case, "Well.", by=scene.cast.head, is_internal=False),
            )
            for state in (*OPEN, "approved", "left_out")
        ),
        *_of_seats("submitted", ALL_AGREE[2]),
        *_of_seats("agreed", ALL_APPROVE[2]),
    ),
)  # fmt: skip
