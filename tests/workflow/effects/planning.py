"""What the acts on a plan-schedule write, on its rounds as well."""

import json
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from cases.desk.talking import add_document, comment
from cases.planning import verbs
from cases.planning.models import PlanItem, PlanSchedule
from cases.planning.verbs import PlanFacts
from cases.registry.models import User
from tests.cast import Cast, person
from tests.factories import CONTENT, SHA256
from tests.kinds.planning import ACT, make_plan
from tests.kinds.proposals import approved_proposal
from tests.workflow.effects import IN_5, IN_15, NOW, TODAY, Clock, Effects, Owed, Row, Scene
from tests.workflow.effects.leading import PLANS_ASSIGNED
from tests.workflow.effects.places import WHY
from tests.workflow.effects.plan_work import BEGIN, HEADS, IN_FORCE_TELLS, NEXT, OF_WORK, the_next_one
from tests.workflow.effects.rounds import answer, ended, owed_by
from workflow.door import perform
from workflow.roles import Role

STATES = ("draft", "submitted", "agreed", "approved", "in_force", "superseded")
SUBMIT = Owed("submit", Role.COORDINATOR, "DEP", "2025-12-01", assignee="coordinator")
"""On 1 December of the year before its period."""
CONTENTS = json.dumps(
    {
        "title": "Plan-schedule (test)",
        "years": "2026",
        "explanation": "The rest follows later (test).",
        "items": [
            {
                "place": 1, "kind": "main", "title": "Engineering (test)", "levels": ["university"],
                "directions": [1, 4], "areas": [], "institutions": ["COL", "UNI"], "starts": "2026-03-01",
                "ends": "2026-06-30", "legal_basis": f"A-{ACT}, № 1-7, 20.12.2025", "budget": "",
                "source_of_finance": "", "pilot": "",
            }
        ],
    },
    ensure_ascii=False,
    sort_keys=True,
)  # fmt: skip
HASH = sha256(CONTENTS.encode()).hexdigest()


def plan_at(cast: Cast, clock: Clock, place: str) -> Scene:
    """`place` is a state; “:next” where the next one is approved as well, “:proposal” where a proposal waits."""
    if not place:
        return Scene(cast, PlanSchedule(department=cast.department))
    state, _, more = place.partition(":")
    plan = make_plan(cast, state)
    if more == "next":
        make_plan(cast, "approved")
    if more == "proposal":
        approved_proposal(cast)
    if more == "more":
        PlanItem.objects.create(plan=plan, place=2, title="More (test)", starts=IN_15, ends=IN_15)
    if more == "laura":
        person("Laura", (cast.ministry, Role.MINISTRY_LEADER))
    if more == "taken":
        perform(plan, "take", by=cast.head if state == "submitted" else cast.leader)
    return Scene(cast, plan)


def _draft(scene: Scene) -> None:
    cast = scene.cast
    scene.case = verbs.draft_plan(cast.department, " Plan (test) ", (2026, 2027), by=cast.coordinator)


def _edit(scene: Scene) -> None:
    facts = PlanFacts("Other (test)", (2026, 2026), "Because (test).", [scene.cast.leader])
    verbs.edit_plan(scene.case, facts, by=scene.cast.coordinator, version=scene.version)


def _approve(scene: Scene) -> None:
    perform(scene.case, "approve", by=scene.cast.leader, approval_act_id=ACT)


def _next_in_force(scene: Scene) -> None:
    perform(PlanSchedule.objects.get(state="approved"), "put_in_force", by=scene.cast.head)


def _round() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """The version that is kept, and the seats that are asked: both of the first step at once."""
    yield "new", "planning_planversion", {
        "plan": "the case", "number": 1, "contents": CONTENTS, "sha256": HASH, "submitted_by": "coordinator",
        "submitted_at": NOW,
    }  # fmt: skip
    yield "new", "rounds_round", {
        "flow_class": "rounds/flows.ApprovalFlow", "status": "NEW", "created": NOW, "subject_type": "plan_schedule",
        "subject": "the case", "place": 1, "sha256": HASH,
    }  # fmt: skip
    same = {"round": "round 1", "mode": "all"}
    yield "new", "rounds_seat", {
        **same, "step": 1, "place": 1, "role": Role.DEPARTMENT_HEAD, "organisation": "DEP", "days": 5,
    }  # fmt: skip
    yield "new", "rounds_seat", {
        **same, "step": 1, "place": 2, "role": Role.MINISTRY_LEADER, "organisation": "MIN", "days": 5,
        "named": "leader",
    }  # fmt: skip
    yield "new", "rounds_seat", {
        **same, "step": 2, "place": 1, "role": Role.MINISTRY_LEADER, "organisation": "MIN", "days": 10,
        "approves": True,
    }  # fmt: skip


PAPER = {"sha256": SHA256, "size": len(CONTENT)}
ATTACHED = {"subject_type": "plan_schedule", "subject": "the case"}
BOTH_AGREE = ["agree seat:seat 1.1", "agree seat:seat 1.2"]

LAURA = "laura@test.example"
"""A second leader of the ministry, at the places of that name alone: she would be told of every other act as well."""
SEATS = (("submitted", "1.1", "head", "second_head", ""), ("agreed", "2.1", "leader", LAURA, ":laura"))
"""state, the seat that all who hold its role may take, who takes it, to whom and where it is handed over"""


def _of_seats(state: str, seat: str, by: str, to: str, more: str) -> Iterator[Row]:
    """Only who is asked by name changes: neither the term nor whom the case waits for."""
    owed = f"{'agree' if state == 'submitted' else 'approve'} seat:seat {seat}"
    yield Row("take", [state], by=by, others=[owed_by(owed, by)])
    yield Row("give_back", [f"{state}:taken"], by=by, others=[owed_by(owed, None)])
    yield Row(
        "hand_over", [f"{state}{more}"], by=by,
        told={"seat_handed_over": [to]},
        details={"inputs": {"receiver": to, "reason": WHY}},
        others=[owed_by(owed, to)],
        do=lambda scene: _hand_over(scene, by, to),
    )  # fmt: skip


def _hand_over(scene: Scene, by: str, to: str) -> None:
    receiver = User.objects.get(full_name="Laura (test)") if to == LAURA else getattr(scene.cast, to)
    perform(scene.case, "hand_over", by=getattr(scene.cast, by), receiver_id=receiver.pk, reason=WHY)


PLAN_SCHEDULES = Effects(
    PlanSchedule,
    plan_at,
    owed=lambda case: {"lead": "DEP", "in_charge": "coordinator"},
    role_of={
        "coordinator": (Role.COORDINATOR, "DEP"),
        "head": (Role.DEPARTMENT_HEAD, "DEP"),
        "leader": (Role.MINISTRY_LEADER, "MIN"),
    },
    rows=(
        Row(
            "create", [""], by="coordinator", to="draft",
            opened=[SUBMIT],
            details={"title": "Plan (test)", "first_year": 2026, "last_year": 2027},
            others=[
                ("new", "planning_planschedule", {
                    "number": "P-2027-00001", "version": 1, "state": "draft", "ministry": "MIN", "department": "DEP",
                    "coordinator": "coordinator", "title": "Plan (test)", "first_year": 2026, "last_year": 2027,
                }),
                ("new", "desk_numberseries", {"prefix": "P", "year": 2027, "last": 1}),
            ],
            do=_draft,
        ),
        Row(
            "edit", ["draft"], by="coordinator",
            changes={"title": "Other (test)", "explanation": "Because (test)."},
            do=_edit,
        ),
        Row(
            "submit", ["draft"], by="coordinator", to="submitted",
            changes={"submissions": 1, "submitted_by": "coordinator", "sha256": HASH},
            opened=[
                Owed("agree", Role.DEPARTMENT_HEAD, "DEP", IN_5, 5, key="seat:seat 1.1"),
                Owed("agree", Role.MINISTRY_LEADER, "MIN", IN_5, 5, key="seat:seat 1.2", assignee="leader"),
            ],
            closed=["submit"],
            told={"happened": [*HEADS, "leader"]},
            others=list(_round()),
        ),
        Row(
            "agree", ["submitted"], by="head",
            closed=["agree seat:seat 1.1"],
            told={"happened": ["coordinator"]},
            others=[answer("1.1", "agreed", "head")],
        ),
        Row(
            "agree", ["submitted"], by="leader", variant="with remarks",
            inputs={"remarks": "Mind the dates."},
            closed=["agree seat:seat 1.2"],
            told={"happened": ["coordinator"]},
            others=[answer("1.2", "with_remarks", "leader", "Mind the dates.")],
        ),
        Row(
            "send_back", ["submitted"], by="head", to="draft",
            inputs={"reason": WHY},
            opened=[SUBMIT],
            closed=BOTH_AGREE,
            told={"happened": ["coordinator", "second_head"]},
            others=[answer("1.1", "returned", "head", WHY), answer("1.2", "not_needed"), ended("DONE", "returned")],
        ),
        Row(
            "recall", ["submitted"], by="coordinator", to="draft",
            opened=[SUBMIT],
            closed=BOTH_AGREE,
            told={"happened": HEADS},
            others=[answer("1.1", "not_needed"), answer("1.2", "not_needed"), ended("CANCELED", "recalled")],
        ),
        Row(
            "recall", ["agreed"], by="coordinator", to="draft",
            opened=[SUBMIT],
            closed=["approve seat:seat 2.1"],
            told={"happened": HEADS},
            others=[answer("2.1", "not_needed"), ended("CANCELED", "recalled")],
        ),
        *OF_WORK,
        *(row for seat in SEATS for row in _of_seats(*seat)),
        Row(
            "approve", ["agreed"], by="leader", to="approved",
            changes={"approval_act": "1-7", "approved_on": str(TODAY)},
            opened=[Owed("put_in_force", Role.DEPARTMENT_HEAD, "DEP", "2026-01-01")],
            closed=["approve seat:seat 2.1"],
            told={"happened": ["coordinator", *HEADS]},
            details={"inputs": {"approval_act": "1-7"}},
            others=[answer("2.1", "agreed", "leader"), ended("DONE", "approved")],
            do=_approve,
        ),
        Row(
            "decline", ["agreed"], by="leader", to="draft",
            inputs={"reason": WHY},
            opened=[SUBMIT],
            closed=["approve seat:seat 2.1"],
            told={"happened": ["coordinator", *HEADS]},
            others=[answer("2.1", "returned", "leader", WHY), ended("DONE", "returned")],
        ),
        Row(
            "put_in_force", ["approved"], by="head", to="in_force",
            changes={"in_force_on": str(TODAY)},
            opened=[BEGIN, NEXT],
            closed=["put_in_force"],
            told={"happened": [one for one in IN_FORCE_TELLS if one != "head"]},
        ),
        Row(
            "supersede", ["in_force:next"], by="head", to="superseded",
            changes={"superseded_on": str(TODAY)},
            closed=["begin_item item:Engineering (test)", "draft_next next"],
            details={"because_of": "put_in_force"},
            others=list(the_next_one()),
            do=_next_in_force,
        ),
        *PLANS_ASSIGNED,
        *(
            Row(
                "comment_internal", [state], by="head", counts=False,
                told={"happened": ["coordinator"]},
                details={"text": "Well."},
                others=[("new", "desk_comment", {
                    **ATTACHED, "text": "Well.", "is_internal": True, "written_by": "head", "written_at": NOW,
                })],
                do=lambda scene: comment(scene.case, "Well.", by=scene.cast.head, is_internal=True),
            )
            for state in STATES
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
            for state in STATES
        ),
    ),
)  # fmt: skip
