"""Two people who draft at once, one by hand and one by importing, never wait for each other for ever."""

from collections.abc import Callable
from threading import Event as Flag
from typing import Any

import pytest

from cases.desk.models import NumberSeries
from cases.followup.models import Recommendation, SourceDocument
from cases.followup.verbs import Draft, draft_recommendation
from cases.followup.verbs.importing import DocumentFacts, import_items
from cases.registry.models import User
from tests.cast import Cast, make_cast
from tests.workflow.test_racing import race

FACTS = DocumentFacts(kind="audit", title="Audit (test)")


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    """Committed, so that other connections see it."""
    return make_cast()


def meeting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever holds the number series, or the document, waits a moment for the other to hold the other."""
    take, lock = NumberSeries.take, SourceDocument.objects.select_for_update
    numbered, locked = Flag(), Flag()

    def slow_take(*args: Any) -> list[str]:
        numbers = take(*args)
        numbered.set()
        locked.wait(1)
        return numbers

    def slow_lock(**options: Any) -> Any:
        rows = lock(**options)
        get: Callable[..., Any] = rows.get

        def slow_get(**key: Any) -> Any:
            row = get(**key)
            locked.set()
            numbered.wait(1)
            return row

        rows.get = slow_get
        return rows

    monkeypatch.setattr(NumberSeries, "take", slow_take)
    monkeypatch.setattr(SourceDocument.objects, "select_for_update", slow_lock)


@pytest.mark.parametrize("is_known", [True, False])
def test_a_draft_and_an_import_of_the_same_document(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, *, is_known: bool
) -> None:
    source = SourceDocument(department=cast.department, kind=FACTS.kind, title=FACTS.title)
    if is_known:
        source.save()
    me, other = (User.objects.get(pk=one.pk) for one in (cast.coordinator, cast.second_coordinator))
    draft = Draft(cast.university, cast.department, texts={"ky": "Text"})
    by_hand = Draft(cast.university, cast.department, source=source, item="by hand", texts={"ky": "Text"})
    meeting(monkeypatch)
    results = race(
        lambda: import_items(FACTS, [(draft, [cast.university, cast.college])], by=me),
        lambda: draft_recommendation(by_hand, by=other),
    )
    assert [type(result).__name__ for result in results] == ["list", "Recommendation"]
    assert Recommendation.objects.values("number").distinct().count() == 3
    assert SourceDocument.objects.count() == 1
