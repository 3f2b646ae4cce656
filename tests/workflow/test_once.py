"""What an act or a page reads of a case it reads once, and never longer than it is so."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.followup.models import Recommendation
from tests.cast import Cast
from tests.factories import make_recommendation
from workflow.door import amend, perform
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


def test_a_page_reads_once_until_the_case_is_read_again(cast: Cast) -> None:
    shown = Recommendation.objects.get(pk=make_recommendation(cast, State.ISSUED, measures=1).pk)
    with CaptureQueriesContext(connection) as found:
        first, again = shown.measures_now(), shown.measures_now()
    assert (asked(found, "followup_plan"), asked(found, "followup_measure")) == (1, 1)
    assert first is again
    first[0].delete()
    assert len(shown.measures_now()) == 1
    shown.refresh_from_db()
    assert shown.measures_now() == []


def test_what_was_read_before_an_act_is_not_kept_after_it(cast: Cast) -> None:
    shown = Recommendation.objects.get(pk=make_recommendation(cast, State.UNDER_REVIEW).pk)
    assert shown.plan_now().version == 1
    perform(shown, "return_plan", by=cast.coordinator, reason="More")
    assert shown.plan_now().version == 2


def test_of_a_case_that_is_being_changed_nothing_is_kept(cast: Cast) -> None:
    shown = Recommendation.objects.get(pk=make_recommendation(cast, State.ISSUED, measures=2).pk)
    assert len(shown.measures_now()) == 2
    with amend(shown, "plan", by=cast.officer) as amendment:
        locked: Recommendation = amendment.case
        assert len(locked.measures_now()) == 2
        locked.measures_now()[0].delete()
        assert len(locked.measures_now()) == 1
    assert len(shown.measures_now()) == 1
