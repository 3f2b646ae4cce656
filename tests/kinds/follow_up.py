"""Recommendations and requests for more time, as the tests try them."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from cases.followup.models import EffectReview, Extension, Recommendation
from cases.followup.verbs.clock import ask_for_effect
from cases.registry.models import User
from tests.cast import Cast
from tests.factories import make_extension, make_recommendation, make_source, new_extension
from tests.kinds import Trial
from workflow.case import Case
from workflow.door import perform
from workflow.terms import legal_date

EFFECT = {"effect": "kept", "text": "More books are lent."}
REASON = {"reason": "It has to be so."}


def _recommendation(cast: Cast, state: str) -> Case:
    return make_recommendation(cast, state, classification="improvement", watcher=cast.controller)


def _new_recommendation(cast: Cast, by: User) -> Case:
    return Recommendation(
        number="D-1",
        draft_number="D-1",
        ministry=cast.ministry,
        department=cast.department,
        institution=cast.university,
        source=make_source(cast.department),
    )


def make_effect_review(cast: Cast, state: str = "asked", **fields: Any) -> EffectReview:
    """Of a recommendation that was closed as done a year ago; real acts lead to the state."""
    due = {"closed_on": legal_date() - timedelta(days=365), "effect_review_on": legal_date()}
    ask_for_effect(make_recommendation(cast, "closed", **due, **fields), timezone.now())
    review = EffectReview.objects.latest("id")
    if state != "asked":
        perform(review, "report", by=cast.officer, **EFFECT)
    if state == "assessed":
        perform(review, "assess", by=cast.coordinator, **EFFECT)
    return review


def _effect_review(cast: Cast, state: str) -> Case:
    return make_effect_review(cast, state, watcher=cast.controller)


def _new_effect_review(cast: Cast, by: User) -> Case:
    case = Recommendation.objects.filter(state="closed").first() or make_recommendation(cast, "closed")
    return EffectReview(number=f"{case.number}-R1", recommendation=case, asked_on=legal_date())


def _extension(cast: Cast, state: str) -> Case:
    case = make_recommendation(cast, "in_progress", risk="low", watcher=cast.controller)
    return make_extension(cast, case, state)


def _new_extension(cast: Cast, by: User) -> Case:
    case = Recommendation.objects.filter(state="in_progress").first() or make_recommendation(cast, "in_progress")
    return new_extension(cast, case, requested_by=by)


RECOMMENDATION = Trial(
    Recommendation,
    _recommendation,
    _new_recommendation,
    {
        "respond": {"response": "accepted"},
        "dispute": {**REASON, "asked": "Take it back."},
        "uphold": REASON,
        "return_plan": REASON,
        "confirm": {"degree": "full"},
        "not_confirmed": REASON,
        "close": {"closing_reason": "implemented"},
        "close_unimplemented": {
            **REASON,
            "risk_owner": "The rector",
            "risk_expires_on": legal_date() + timedelta(days=365),
        },
        "withdraw": {**REASON, "closing_reason": "superseded"},
    },
)
EFFECT_REVIEW = Trial(EffectReview, _effect_review, _new_effect_review, {"report": EFFECT, "assess": EFFECT})
EXTENSION = Trial(Extension, _extension, _new_extension, {"refuse": REASON, "return_request": REASON})
