"""Leads a recommendation to any state by real acts, as the factories make it at once."""

from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from cases.followup.models import Recommendation
from cases.followup.verbs import (
    Draft,
    MeasureDraft,
    attach,
    draft_recommendation,
    review_evidence,
    write_plan,
)
from tests.cast import Cast
from tests.factories import CONTENT, EVIDENCE, PATHS, TEXTS, make_source
from tests.workflow.effects import Clock
from workflow.door import perform
from workflow.terms import legal_date

INPUTS: dict[str, tuple[str, dict[str, str]]] = {
    "issue": ("coordinator", {}),
    "dispute": ("rector", {"reason": "The library is small.", "asked": "Take it back."}),
    "respond": ("rector", {"response": "accepted"}),
    "agree_plan": ("coordinator", {}),
    "claim": ("rector", {}),
    "confirm": ("coordinator", {"degree": "full"}),
    "close": ("head", {"closing_reason": "implemented"}),
}
AGO = {"claim": 5, "confirm": 0, "close": 0}
"""act -> how many days ago the factories have it done; all others were done thirty days ago."""


def walk(cast: Cast, clock: Clock, state: str) -> Recommendation:
    """A recommendation that real acts led to `state`, as the factories have it."""
    today = clock.day
    clock.day = today - timedelta(days=30)
    due = today + timedelta(days=180)
    draft = Draft(
        cast.university, cast.department, make_source(cast.department), texts=TEXTS,
        cause="Criterion 5.2: resources for learning", due=due, coordinator=cast.coordinator,
    )  # fmt: skip
    case = draft_recommendation(draft, by=cast.coordinator)
    for act in PATHS[state][1:]:
        clock.day = today - timedelta(days=AGO.get(act, 30))
        who, inputs = INPUTS[act]
        perform(case, act, by=getattr(cast, who), **inputs)
        _prepare(cast, case, act, due - timedelta(days=30))
    clock.day = today
    return Recommendation.objects.get(pk=case.pk)


def _prepare(cast: Cast, case: Recommendation, act: str, due: Any) -> None:
    """What the next act asks for."""
    if act == "issue":
        measures = [MeasureDraft(f"Measure {place}", "Head of the library", due) for place in (1, 2)]
        write_plan(case, measures, by=cast.officer, version=case.version)
    elif act == "agree_plan":
        for measure in case.measures_now():
            attach(case, SimpleUploadedFile(EVIDENCE, CONTENT), by=cast.officer, measure=measure, own_date=legal_date())
    elif act == "claim":
        for file in case.evidence_now():
            review_evidence(file, "accepted", by=cast.coordinator)
    case.refresh_from_db()
