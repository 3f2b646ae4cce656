"""Two measures of the same words are two: evidence on one leaves the other expected."""

from datetime import timedelta

from cases.followup.models import Evidence, Measure
from cases.followup.verbs import explain
from tests.cast import Cast
from tests.factories import make_recommendation
from workflow import expectations
from workflow.lifecycles.recommendation import State
from workflow.models import Event, Expectation


def test_evidence_on_one_of_two_like_measures_leaves_the_other_expected(cast: Cast) -> None:
    case = make_recommendation(cast, State.IN_PROGRESS, measures=2)
    first, second = case.measures_now()
    Measure.objects.filter(pk=second.pk).update(text=first.text, due=first.due - timedelta(days=30))
    Evidence.objects.filter(recommendation=case).delete()
    case.refresh_from_db()
    expectations.renew([(case, Event.objects.of("recommendation", case.pk).latest("id"))])
    explain(first, "No need", by=cast.officer, recommendation=case)
    left = Expectation.objects.open().of("recommendation", case.pk).filter(action="evidence")
    assert [(one.topic, one.due) for one in left] == [(first.text, first.due - timedelta(days=30))]
