"""Rows written together are what rows written one by one are, and what does not fit is refused."""

from datetime import UTC, date, datetime

import pytest
from django.db import DataError, transaction

from cases.followup.models import Recommendation
from tests.cast import Cast
from tests.factories import make_recommendation
from workflow import bulk
from workflow.models import Event
from workflow.trail.recording import Entry, record

pytestmark = pytest.mark.django_db


def test_new_rows_know_all_that_the_database_gave_them() -> None:
    events = record([Entry("recommendation", number, f"R-{number}", "issue", None) for number in range(1, 30)])
    for event in events:
        stored = Event.objects.get(pk=event.pk)
        assert (event.number, event.at) == (stored.number, stored.at)
        assert not event._state.adding
    assert [event.pk for event in events] == sorted(event.pk for event in events)


@pytest.mark.parametrize(("number", "action"), [("N" * 41, "issue"), ("R-1", "x" * 41)])
def test_a_text_that_is_too_long_is_refused_and_never_cut(number: str, action: str) -> None:
    with pytest.raises(DataError), transaction.atomic():
        record([Entry("recommendation", 1, number, action, None)])
    assert not Event.objects.exists()


def test_a_change_that_is_too_long_is_refused_too(cast: Cast) -> None:
    case = make_recommendation(cast)
    case.controller = "x" * 201
    with pytest.raises(DataError), transaction.atomic():
        bulk.update([case], ["controller"])


def test_of_nothing_nothing_is_written() -> None:
    assert bulk.insert(Event, []) == []
    assert record([]) == []


@pytest.mark.parametrize("text", ["", "null", "Китеп «А», \\ \"B\" {c} %(d)s 'e'\n\t\u2028 😀", "[1, 2]"])
def test_a_text_arrives_as_it_was_whatever_stands_in_it(cast: Cast, text: str) -> None:
    cases = [make_recommendation(cast), make_recommendation(cast)]
    for case in cases:
        case.cause, case.is_priority, case.risk_expires_on, case.verified_on = text, True, date(2026, 2, 28), None
    bulk.update(cases, ["cause", "is_priority", "risk_expires_on", "verified_on"])
    kept = Recommendation.objects.values_list("cause", "is_priority", "risk_expires_on", "verified_on")
    assert list(kept) == [(text, True, date(2026, 2, 28), None)] * 2


def test_a_moment_keeps_its_microseconds(cast: Cast) -> None:
    case = make_recommendation(cast)
    case.created_at = datetime(2026, 2, 28, 23, 59, 59, 123457, tzinfo=UTC)
    bulk.update([case], ["created_at"])
    assert Recommendation.objects.get().created_at == case.created_at
