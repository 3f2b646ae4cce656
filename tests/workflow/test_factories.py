"""The factories make what the engine makes: each state is walked to by real acts, and the rows are compared."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.forms import model_to_dict

from cases.followup.models import Delivery, Evidence, Measure, Plan, Recommendation, ResponseVersion
from cases.followup.verbs import (
    Draft,
    MeasureDraft,
    attach,
    draft_recommendation,
    request_extension,
    review_evidence,
    write_plan,
)
from tests.cast import Cast
from tests.factories import CONTENT, EVIDENCE, PATHS, TEXTS, make_extension, make_recommendation, make_source
from tests.workflow.effects import Clock
from workflow.door import perform
from workflow.lifecycles.recommendation import State
from workflow.models import Event, Expectation
from workflow.terms import legal_date

OWN = {"id", "number", "draft_number", "search", "created_at", "version"}
"""Columns in which two cases differ; the version counts plans and files as well, which the factories add at once."""
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


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    clock.day = legal_date()
    monkeypatch.setattr("django.utils.timezone.now", clock.now)
    return clock


def _walk(cast: Cast, clock: Clock, state: str) -> Recommendation:
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


def _rows(case: Recommendation) -> dict[str, list[Any]]:
    """All that belongs to a case, without keys, numbers and moments."""
    measures = Measure.objects.filter(plan__recommendation=case)
    files, owed = Evidence.objects.filter(recommendation=case), Expectation.objects.of("recommendation", case.pk)
    return {
        "texts": list(case.texts.values_list("language", "version", "text")),
        "plans": list(Plan.objects.filter(recommendation=case).values_list("version", "agreed_on", "sha256")),
        "measures": list(measures.values_list("position", "text", "responsible", "due", "unproved_reason")),
        "files": list(files.values_list("measure__position", "name", "size", "sha256", "version", "decision")),
        "answers": list(
            ResponseVersion.objects.filter(recommendation=case).values_list("version", "response", "plan__version")
        ),
        "deliveries": list(Delivery.objects.filter(recommendation=case).values_list("sha256", "text")),
        "owed": sorted(owed.open().values_list("action", "topic", "role", "helper_role", "days", "assignee", "state")),
        "trail": [
            (one.action, one.source, one.target, one.actor_id, one.role, one.organisation_id, one.membership_id)
            for one in Event.objects.of("recommendation", case.pk)
            if one.action in (*INPUTS, "create")
        ],
    }


def _columns(case: Recommendation) -> dict[str, Any]:
    attnames = (field.attname for field in case._meta.concrete_fields if not field.generated)
    return {name: getattr(case, name) for name in attnames if name not in OWN}


@pytest.mark.parametrize("state", State.values)
def test_a_recommendation_of_the_factories_is_as_real_acts_leave_it(cast: Cast, clock: Clock, state: str) -> None:
    made, walked = make_recommendation(cast, state), _walk(cast, clock, state)
    assert _columns(Recommendation.objects.get(pk=made.pk)) == _columns(walked)
    assert _rows(made) == _rows(walked)


def test_a_request_for_more_time_of_the_factories_is_as_real_acts_leave_it(cast: Cast) -> None:
    one, other = (make_recommendation(cast, State.IN_PROGRESS) for _time in range(2))
    made = make_extension(cast, one)
    asked = request_extension(other, until=made.until, reason=made.reason, by=cast.officer)
    same = [model_to_dict(row, exclude=["id", "number", "recommendation"]) for row in (made, asked)]
    assert same[0] == same[1]
    owed = [Expectation.objects.open().of("extension", row.pk).values("action", "role", "due") for row in (made, asked)]
    assert list(owed[0]) == list(owed[1])


@pytest.mark.parametrize("state", ["granted", "refused", "returned"])
def test_a_request_is_decided_by_a_real_act(cast: Cast, state: str) -> None:
    made = make_extension(cast, state=state)
    assert made.state == state
    assert Event.objects.of("extension", made.pk).latest("position").actor_id == made.decided_by_id
    assert (made.recommendation.slips == 1) == (state == "granted")


def test_a_recommendation_of_the_college_is_answered_by_its_director(cast: Cast) -> None:
    made = make_recommendation(cast, State.CLAIMED, institution=cast.college)
    assert made.claimed_by == cast.director
