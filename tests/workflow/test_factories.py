"""The factories make what the engine would have made."""

import pytest

from tests.cast import Cast
from tests.factories import make_extension, make_recommendation
from workflow.lifecycles.recommendation import State
from workflow.models import Event, Expectation


@pytest.mark.parametrize("state", State.values)
def test_a_recommendation_is_made_in_every_state_with_its_trail_and_expectation(cast: Cast, state: str) -> None:
    made = make_recommendation(cast, state)
    events = list(Event.objects.of("recommendation", made.pk))
    expected = Expectation.objects.open().of("recommendation", made.pk)
    assert made.state == state
    assert events[-1].target == state
    assert events[-1].version == made.version
    assert all(event.membership_id for event in events)
    assert expected.exists() == (state != State.CLOSED)


@pytest.mark.parametrize("state", ["requested", "granted", "refused", "returned"])
def test_an_extension_is_made_in_every_state(cast: Cast, state: str) -> None:
    made = make_extension(cast, state=state)
    assert made.state == state
    assert (made.decided_by is None) == (state == "requested")
    assert (made.recommendation.slips == 1) == (state == "granted")


def test_a_recommendation_of_the_college_is_answered_by_its_director(cast: Cast) -> None:
    made = make_recommendation(cast, State.CLAIMED, institution=cast.college)
    assert made.claimed_by == cast.director
