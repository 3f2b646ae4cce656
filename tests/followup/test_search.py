"""A search finds the same rows whether few or many are found; a single letter is a whole word."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bench.data import add_recommendations, make_world
from cases.followup.models import Recommendation
from cases.ground import search
from cases.ground.search import ids_of_few, prefix_query
from tests.cast import Cast
from tests.factories import make_recommendation

pytestmark = pytest.mark.slow
QUERIES = ["мониторинг", "мониторинг рейтинг", "лицензиялык мониторинг", "орт коопс", "demo 7", "nothing", "ө", "7"]


@pytest.mark.django_db
@pytest.mark.parametrize("few", [0, 30, 1000])
def test_few_and_many_are_the_same_rows(few: int, monkeypatch: pytest.MonkeyPatch) -> None:
    add_recommendations(make_world(), 1, 300)
    monkeypatch.setattr(search, "FEW", few)
    for text in QUERIES:
        rows = Recommendation.objects.filter(search_vector=prefix_query(text))
        assert set(Recommendation.objects.matching(text)) == set(rows), text
        ids = ids_of_few(Recommendation, text)
        assert ids is None or (set(ids) == set(rows.values_list("pk", flat=True)) and len(ids) <= few), text
    assert ids_of_few(Recommendation, "мониторинг рейтинг") == []
    assert ids_of_few(Recommendation, "мониторинг") is None, "found often among the newest"


@pytest.mark.django_db
def test_a_single_letter_is_a_whole_word(cast: Cast) -> None:
    case: Any = make_recommendation(cast, "issued", texts={"ky": "И. Арабаев атындагы университет"})
    case.fill_search(["И. Арабаев атындагы университет"])
    case.save()
    assert list(Recommendation.objects.matching("и араб")) == [case]
    assert list(Recommendation.objects.matching("у араб")) == []
    assert list(Recommendation.objects.matching("ун араб")) == [case]


@pytest.mark.django_db
def test_what_cannot_be_searched_asks_nothing() -> None:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert ids_of_few(Recommendation, " . , ") is None
        assert len(Recommendation.objects.matching(" . , ")) == 0
    assert len(queries) == 1
