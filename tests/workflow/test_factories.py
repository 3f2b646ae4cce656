"""The factories make what the engine makes: each state is walked to by real acts, and the rows are compared."""

from typing import Any

import pytest
from django.forms import model_to_dict

from cases.followup.models import Delivery, Evidence, Measure, Plan, Recommendation, ResponseVersion
from cases.followup.verbs import (
    request_extension,
)
from tests.cast import Cast
from tests.factories import make_extension, make_recommendation
from tests.followup.walking import INPUTS, walk
from tests.workflow.effects import Clock
from workflow.lifecycles.recommendation import State
from workflow.models import Event, Expectation
from workflow.terms import legal_date

OWN = {"id", "number", "draft_number", "search", "created_at", "version"}
"""Columns in which two cases differ; the version counts plans and files as well, which the factories add at once."""


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    clock.day = legal_date()
    clock.set_by(monkeypatch)
    return clock


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
            (
                event.action,
                event.source,
                event.target,
                event.actor_id,
                event.role,
                event.organisation_id,
                event.membership_id,
            )
            for event in Event.objects.of("recommendation", case.pk)
            if event.action in (*INPUTS, "create")
        ],
    }


def _columns(case: Recommendation) -> dict[str, Any]:
    attnames = (field.attname for field in case._meta.concrete_fields if not field.generated)
    return {name: getattr(case, name) for name in attnames if name not in OWN}


@pytest.mark.parametrize("state", State.values)
def test_a_recommendation_of_the_factories_is_as_real_acts_leave_it(cast: Cast, clock: Clock, state: str) -> None:
    made, walked = make_recommendation(cast, state), walk(cast, clock, state)
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
