"""What the clock writes on recommendations, and what the acts on effect reviews write."""

from typing import Any

from cases.followup.models import EffectReview
from cases.followup.verbs.clock import ask_for_effect, expire_risk, note_late
from tests.workflow.effects import CALENDAR, IN_20, NOW, TODAY, Clock, Effects, Owed, Row, Scene, messages
from tests.workflow.effects.drafting import SECOND, following
from tests.workflow.effects.places import WHY, effect_review_at
from tests.workflow.effects.recommendations import COORDINATOR, HEAD, HEADS, INSTITUTION, OFFICER, of_a_part

DAY = str(TODAY)
NUMBER = "R-2026-00001"
REVIEW = f"{NUMBER}-R1"


def _expire(scene: Scene) -> None:
    expire_risk(scene.case, Clock().now())


def _ask(scene: Scene) -> None:
    ask_for_effect(scene.case, Clock().now())


def _note(scene: Scene) -> None:
    note_late(scene.case, Clock().now())


def _begin(scene: Scene) -> None:
    ask_for_effect(scene.case.recommendation, Clock().now())
    scene.case = EffectReview.objects.get()


REPORT = Owed("report", HEAD, "UNI", IN_20, 20, helper=OFFICER)

NEW = {"number": REVIEW, "version": 1, "state": "asked", "asked_on": DAY}
VERSION = 15
"""Of the recommendation, once its effect is asked for."""
OF_REVIEW = {
    "subject_type": "effect_review", "subject": REVIEW, "number": REVIEW,
    "about_type": "recommendation", "about": "the case", "ministry": "MIN",
}  # fmt: skip
ASKED: list[tuple[str, str, dict[str, Any]]] = [
    ("new", "followup_effectreview", {**NEW, "recommendation": "the case"}),
    ("new", "workflow_event", {
        **OF_REVIEW, "action": "create", "source": "asked", "target": "asked", "version": 1, "at": NOW,
    }),
    ("new", "workflow_eventdetails", {"event": "create", "text": {"because_of": "review_effect"}}),
    ("new", "workflow_expectation", {
        **OF_REVIEW, "state": "asked", "action": "report", "role": HEAD, "helper_role": OFFICER, "organisation": "UNI",
        "lead": "DEP", "addressed": "UNI", "in_charge": "coordinator", "start": DAY, "days": 20, "due": IN_20,
        "calendar": CALENDAR, "opened_at": NOW, "opened_by": "create",
    }),
    *(line for name in (*INSTITUTION, "coordinator") for line in messages("create", "effect_asked", name)),
]  # fmt: skip

BY_CLOCK = (
    Row(
        "expire", ["closed:risk"], by="",
        changes={"risk_expired_on": DAY},
        told={"risk_expired": ["coordinator"]},
        details={"successor": SECOND},
        others=following(by_clock=True),
        do=_expire,
    ),
    *(
        Row(
            "fall_late", [place], by="",
            changes={"late_noted": latest},
            told={"fallen_late": [*INSTITUTION, "coordinator"]},
            do=_note,
        )
        for place, latest in (("issued:late", "2026-06-30"), ("in_progress:late", "2027-06-14"))
    ),
    Row(
        "review_effect", ["closed:year ago"], by="",
        details={"effect_review": REVIEW},
        others=ASKED,
        do=_ask,
    ),
)  # fmt: skip

EFFECT_REVIEWS = Effects(
    EffectReview,
    effect_review_at,
    **of_a_part(NUMBER),
    rows=(
        Row(
            "create", [""], by="", to="asked",
            opened=[REPORT],
            told={"effect_asked": [*INSTITUTION, "coordinator"]},
            details={"because_of": "review_effect"},
            others=[
                ("new", "followup_effectreview", {**NEW, "recommendation": NUMBER}),
                ("changed", "followup_recommendation", {"": NUMBER, "version": VERSION}),
                ("new", "workflow_event", {
                    "subject_type": "recommendation", "subject": NUMBER, "number": NUMBER, "action": "review_effect",
                    "source": "closed", "target": "closed", "version": VERSION, "ministry": "MIN", "at": NOW,
                }),
                ("new", "workflow_eventdetails", {"event": "review_effect", "text": {"effect_review": REVIEW}}),
            ],
            do=_begin,
        ),
        Row(
            "report", ["asked"], by="officer", to="reported",
            inputs={"effect": "kept", "text": WHY},
            changes={"reported": "kept", "report_text": WHY, "reported_by": "officer", "reported_on": DAY},
            opened=[Owed("assess", COORDINATOR, "DEP", IN_20, 20, assignee="coordinator")],
            closed=["report"],
            told={"effect_reported": ["coordinator"]},
        ),
        Row(
            "assess", ["reported"], by="coordinator", to="assessed",
            inputs={"effect": "not", "text": WHY},
            changes={"assessed": "not", "assessment_text": WHY, "assessed_by": "coordinator", "assessed_on": DAY},
            closed=["assess"],
            told={"effect_assessed": [*INSTITUTION, *HEADS]},
        ),
    ),
)  # fmt: skip
