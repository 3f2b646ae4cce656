"""What an act reads of the locked case it reads once, and never longer than it is so."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.followup.models import Recommendation
from tests.cast import Cast
from tests.factories import make_recommendation
from workflow.door import perform
from workflow.lifecycles.recommendation import State

pytestmark = pytest.mark.django_db


def asked(found: CaptureQueriesContext, table: str) -> int:
    return sum(query["sql"].startswith("SELECT") and f'FROM "{table}"' in query["sql"] for query in found)


def test_conditions_effect_and_what_is_expected_next_share_what_was_read(cast: Cast) -> None:
    case = make_recommendation(cast, State.UNDER_REVIEW)
    with CaptureQueriesContext(connection) as found:
        perform(case, "agree_plan", by=cast.coordinator)
    assert asked(found, "followup_plan") == 1
    assert asked(found, "followup_evidence") == 1
    claimed = make_recommendation(cast, State.CLAIMED)
    with CaptureQueriesContext(connection) as found:
        perform(claimed, "not_confirmed", by=cast.coordinator, reason="Not yet")
    assert asked(found, "followup_evidence") == 1


def test_after_the_act_everything_is_read_anew(cast: Cast) -> None:
    case = make_recommendation(cast, State.UNDER_REVIEW)
    perform(case, "agree_plan", by=cast.coordinator)
    case.plan_now().measures.update(text="Another one")
    assert {one.text for one in case.measures_now()} == {"Another one"}


def test_an_effect_that_makes_another_plan_is_seen_by_what_comes_after_it(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []

    def look(self: Recommendation) -> list[object]:
        seen.append(self.plan_now().version)
        return []

    monkeypatch.setattr(Recommendation, "extra_expectations", look)
    case = make_recommendation(cast, State.UNDER_REVIEW)
    perform(case, "return_plan", by=cast.coordinator, reason="More")
    assert seen[-1] == 2
