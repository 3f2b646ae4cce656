"""What the acts on a monitoring write that lead it from stage to stage."""

from cases.planning import verbs
from cases.planning.models import Deliverable, Engagement
from cases.planning.stages import load_stages
from tests.cast import Cast
from tests.factories import CONTENT, SHA256
from tests.kinds.engagements import CONTRACT, SMALL, approve, deliver, facts, make_engagement
from tests.kinds.planning import ACT, legal_act
from tests.workflow.effects import IN_10, IN_20, TODAY, Clock, Effects, Owed, Row, Scene
from tests.workflow.effects.engagement_verbs import VERBS
from tests.workflow.effects.monitoring import (
    AUGUST,
    COORDINATOR,
    ENDS,
    EXPERT,
    EXPERTS_OF,
    HEADS,
    LEAD,
    NEXT,
    NUMBER,
    PARTNERS,
    ROLES,
    TO_ALL,
    asked,
    began,
    dropped,
    goes_on,
    goes_on_again,
    reopened,
    rests,
    stage_of,
)
from tests.workflow.effects.places import WHY
from workflow.door import perform
from workflow.lifecycles.engagement import STAGES, State
from workflow.roles import Role


def engagement_at(cast: Cast, clock: Clock, place: str) -> Scene:
    """`place` is a state; “:ready” when all that its stage asks for is approved, “:decided” before the contract."""
    if not place:
        load_stages(SMALL)
        legal_act()
        return Scene(cast, Engagement(department=cast.department))
    state, _, more = place.partition(":")
    if more == "decided":
        return Scene(cast, _decided(cast))
    engagement = make_engagement(cast, state)
    if more == "ready":
        deliver(cast, engagement)
    elif more == "alone":
        verbs.withdraw_access(engagement, cast.expert, by=cast.lead)
    elif more == "suspended":
        perform(engagement, "suspend", by=cast.head, reason=WHY, until=AUGUST)
    return Scene(cast, engagement)


def _decided(cast: Cast) -> Engagement:
    """In preparation, where the decision on the contractor is approved and the contract not entered yet."""
    engagement = make_engagement(cast)
    perform(engagement, "start", by=cast.coordinator)
    approve(cast, Deliverable.objects.get(row__kind="contractor_decision"))
    return engagement


def _create(scene: Scene) -> None:
    scene.case = verbs.plan_engagement(scene.cast.department, facts(scene.cast), by=scene.cast.coordinator)


def _conclude(scene: Scene) -> None:
    inputs = {**CONTRACT, "contractor_id": scene.cast.contractor.pk}
    perform(scene.case, "conclude_contract", by=scene.cast.coordinator, **inputs)


def _cancel(scene: Scene) -> None:
    perform(scene.case, "cancel", by=scene.cast.leader, reason=WHY, cancelling_act_id=ACT)


OPEN = (State.PLANNED, *STAGES)
OF_CONTRACT = {**{name: str(value) for name, value in CONTRACT.items()}, "contractor": "CON"}
PAPER = {"sha256": SHA256, "size": len(CONTENT)}
GRANT = {"user": "expert", "content_object": "the case"}
ATTACHED = {"subject_type": "engagement", "subject": "the case"}

ENGAGEMENTS = Effects(
    Engagement,
    engagement_at,
    owed=lambda case: {
        "lead": "DEP", "in_charge": "coordinator", **({"addressed": "CON"} if case.contractor_id else {}),
    },
    role_of=ROLES,
    rows=(
        Row(
            "create", [""], by="coordinator", to="planned",
            opened=[Owed("start", Role.COORDINATOR, "DEP", IN_20, 20, assignee="coordinator")],
            details={"title": "Engineering (test)"},
            others=[
                ("new", "planning_engagement", {
                    "number": NUMBER, "version": 1, "state": "planned", "ministry": "MIN", "department": "DEP",
                    "coordinator": "coordinator", "template": "list 1", "kind": "main", "title": "Engineering (test)",
                    "levels": ["university"], "directions": [1, 4], "legal_basis": "1-7",
                    "off_plan_reason": "The Ministry asks for it (test).",
                }),
                ("new", "planning_engagement_institutions", {"engagement": "the case", "organisation": "UNI"}),
                ("new", "desk_numberseries", {"prefix": "E", "year": 2027, "last": 1}),
            ],
            do=_create,
        ),
        Row(
            "start", ["planned"], by="coordinator", to="preparation",
            opened=[goes_on("begin_collection", "preparation")],
            closed=["start"],
            told={"stage_begun": [*HEADS, "leader"]},
            others=[
                *began("preparation"),
                *asked(1, "contractor_decision", "preparation", COORDINATOR, IN_10, of="start", by="coordinator"),
            ],
        ),
        Row(
            "conclude_contract", ["preparation:decided"], by="coordinator",
            closed=["conclude_contract contract"],
            changes={"contract": "contract 7/26", "contractor": "CON"},
            details={"inputs": OF_CONTRACT},
            told={"stage_begun": [*HEADS, "lead"]},
            others=[
                ("new", "planning_contract", {**OF_CONTRACT, "amount": 1500000.5}),
                ("changed", "workflow_expectation", {"": "begin_collection", "addressed": "CON"}),
                *asked(2, "calendar_plan", "preparation", LEAD, IN_20, of="conclude_contract", by="coordinator"),
            ],
            do=_conclude,
        ),
        Row(
            "begin_collection", ["preparation:ready"], by="coordinator", to="collection",
            opened=[goes_on("begin_analysis", "collection")],
            closed=["begin_collection"],
            told={"stage_begun": [*HEADS, "lead"], "happened": ["rector", "officer"]},
            others=[
                *began("collection", "preparation"),
                *asked(3, "quality_control", "collection", COORDINATOR, ENDS[State.COLLECTION],
                       of="begin_collection", by="coordinator"),
            ],
        ),
        Row(
            "begin_analysis", ["collection:ready"], by="coordinator", to="analysis",
            opened=[goes_on("begin_conclusions", "analysis")],
            closed=["begin_analysis"],
            told={"stage_begun": [*HEADS, "lead"]},
            others=[
                *began("analysis", "collection"),
                *asked(4, "findings", "analysis", LEAD, ENDS[State.ANALYSIS], of="begin_analysis", by="coordinator"),
            ],
        ),
        Row(
            "begin_conclusions", ["analysis:ready"], by="coordinator", to="conclusions",
            opened=[goes_on("begin_reporting", "conclusions")],
            closed=["begin_conclusions"],
            told={"stage_begun": [*HEADS, "lead", "expert"]},
            others=[
                *began("conclusions", "analysis"),
                *(
                    line
                    for place, direction in ((5, 1), (6, 4))
                    for line in asked(
                        place, "expert_conclusion", "conclusions", EXPERT, ENDS[State.CONCLUSIONS],
                        of="begin_conclusions", by="coordinator", direction=direction,
                    )
                ),
                *asked(7, "international_comparison", "conclusions", COORDINATOR, ENDS[State.CONCLUSIONS],
                       of="begin_conclusions", by="coordinator"),
            ],
        ),
        Row(
            "begin_reporting", ["conclusions:ready"], by="coordinator", to="reporting",
            opened=[goes_on("publish", "reporting", Role.MINISTRY_LEADER, "MIN")],
            closed=["begin_reporting"],
            told={"stage_begun": [*HEADS, "lead", "leader"]},
            others=[
                *began("reporting", "conclusions"),
                *asked(8, "public_report", "reporting", COORDINATOR, ENDS[State.REPORTING],
                       of="begin_reporting", by="coordinator"),
            ],
        ),
        Row(
            "publish", ["reporting:ready"], by="leader", to="follow_up",
            inputs={"is_checked": True}, changes={"published_on": str(TODAY)},
            opened=[goes_on("close", "follow_up", Role.DEPARTMENT_HEAD)],
            closed=["publish"],
            told={"stage_begun": PARTNERS, "happened": ["rector", "officer"]},
            others=[
                *began("follow_up", "reporting"),
                *asked(9, "proposals", "follow_up", COORDINATOR, ENDS[State.FOLLOW_UP], of="publish", by="leader"),
            ],
        ),
        Row(
            "close", ["follow_up:ready"], by="head", to="closed",
            changes={"closed_on": str(TODAY)},
            closed=["close"],
            told={"happened": ["coordinator", "second_head", "lead", "leader"]},
            others=list(began("", "follow_up")),
        ),
        *(
            Row(
                "send_back", [f"{stage}:ready"], by="head", to=before,
                inputs={"reason": WHY, "deliverables": [f"{NUMBER}-{place:02d}"]},
                opened=[NEXT[before]],
                closed=[NEXT[stage].action],
                told={"stage_begun": [*TO_ALL, *EXPERTS_OF.get(before, ())]},
                others=[
                    stage_of(before, ended_on=None),
                    *reopened(place, version, drafter),
                ],
            )
            for stage, before, place, version, drafter in (
                ("collection", "preparation", 1, 5, COORDINATOR), ("analysis", "collection", 3, 5, COORDINATOR),
                ("conclusions", "analysis", 4, 6, LEAD), ("reporting", "conclusions", 7, 5, COORDINATOR),
            )
        ),
        *(
            Row(
                "suspend", [stage], by="head",
                inputs={"reason": WHY, "until": AUGUST},
                changes={"suspended_on": str(TODAY), "resume_by": str(AUGUST)},
                opened=[Owed("resume", Role.DEPARTMENT_HEAD, "DEP", str(AUGUST), key="resume")],
                closed=[NEXT[stage].action],
                told={"happened": [*TO_ALL, *EXPERTS_OF.get(stage, ())]},
                others=[
                    ("new", "planning_suspension", {
                        "engagement": "the case", "suspended_on": str(TODAY), "resume_by": str(AUGUST), "reason": WHY,
                        "by": "head",
                    }),
                    *rests(stage),
                ],
            )
            for stage in STAGES[:-1]
        ),
        *(
            Row(
                "resume", [f"{stage}:suspended"], by="head",
                changes={"suspended_on": None, "resume_by": None},
                opened=[NEXT[stage]],
                closed=["resume resume"],
                told={"stage_begun": [*TO_ALL, *EXPERTS_OF.get(stage, ())]},
                others=[
                    ("changed", "planning_suspension", {"": "suspension", "resumed_on": str(TODAY)}),
                    *goes_on_again(stage),
                ],
            )
            for stage in STAGES[:-1]
        ),
        *(
            Row(
                "cancel", [state], by="leader", to="cancelled",
                details={"inputs": {"reason": WHY, "cancelling_act": "1-7"}},
                changes={"cancelling_act": "1-7"},
                closed=[NEXT[state].action],
                told={"happened": [
                    "coordinator", *HEADS, *(["lead"] if state != "planned" else []),
                    *(["rector", "officer"] if state not in ("planned", "preparation") else []),
                ]},
                others=list(dropped(state)),
                do=_cancel,
            )
            for state in OPEN
        ),
        *VERBS,
    ),
)  # fmt: skip
