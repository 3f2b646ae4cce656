"""Two measures of the same words are two: evidence on one leaves the other expected."""

from datetime import timedelta

import pytest

from cases.followup.models import Evidence, Measure
from cases.followup.verbs import explain
from tests.cast import Cast
from tests.factories import make_recommendation
from workflow import expectations
from workflow.lifecycles.recommendation import State
from workflow.models import Event, Expectation
from workflow.terms import legal_date


@pytest.mark.parametrize("days_apart", [0, 30])
def test_evidence_on_one_of_two_like_measures_leaves_the_other_expected(cast: Cast, days_apart: int) -> None:
    case = make_recommendation(cast, State.IN_PROGRESS, measures=2)
    first, second = case.measures_now()
    Measure.objects.filter(pk=second.pk).update(text=first.text, due=first.due - timedelta(days=days_apart))
    Evidence.objects.filter(recommendation=case).delete()
    case.refresh_from_db()
    expectations.begin([(case, Event.objects.of("recommendation", case.pk).latest("id"))], legal_date())
    before = dict(Expectation.objects.open().of("recommendation", case.pk).values_list("key", "pk"))
    explain(first, "No need", by=cast.officer, recommendation=case)
    assert [one.pk for one in case.measures_unproved()] == [second.pk]
    left = dict(Expectation.objects.open().of("recommendation", case.pk).values_list("key", "pk"))
    assert left == {key: pk for key, pk in before.items() if key != f"measure:{first.pk}"}
    assert f"measure:{second.pk}" in left
