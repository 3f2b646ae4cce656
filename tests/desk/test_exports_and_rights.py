"""A table that the worker makes holds what its owner may see then, and is handed out only while they still may."""

import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.test import Client

from cases.desk import tables
from cases.desk.models import Export
from cases.followup.models import Recommendation
from cases.planning.models import Engagement
from cases.planning.verbs import give_access, withdraw_access
from notifications.exports import make_all
from tests.cast import Cast
from tests.conftest import Opened
from tests.factories import make_recommendation
from tests.kinds.engagements import make_engagement
from workflow.lifecycles.engagement import State


@pytest.fixture(autouse=True)
def few_are_many(cast: Cast, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.EVIDENCE_DIR = tmp_path
    monkeypatch.setattr(tables, "LONG", 1)


@pytest.fixture
def engagements(cast: Cast) -> list[Engagement]:
    """Two that the expert was let in to."""
    return [make_engagement(cast, State.PREPARATION) for _ in range(2)]


def asked(client: Client, kind: str) -> str:
    client.post(f"/exports/ask/{kind}/", {"query": ""})
    return f"{Export.objects.latest('id').get_absolute_url()}file/"


def numbers(response: Any) -> list[str]:
    sheet: Any = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content))).active
    return sorted(str(row[0].value) for row in sheet.iter_rows(min_row=2))


@pytest.mark.parametrize("kind", ["engagement", "deliverable"])
def test_an_expert_who_was_locked_out_before_the_table_was_made_finds_nothing_of_it(
    cast: Cast, at: Opened, engagements: list[Engagement], kind: str
) -> None:
    kept, lost = engagements
    url = asked(at(cast.expert), kind)
    withdraw_access(lost, cast.expert, by=cast.lead)
    make_all()
    shown = numbers(at(cast.expert).get(url))
    assert shown
    assert all(number.startswith(kept.number) for number in shown)


@pytest.mark.parametrize("kind", ["engagement", "deliverable"])
def test_a_table_that_is_ready_is_not_handed_out_to_an_expert_who_was_locked_out_since(
    cast: Cast, at: Opened, engagements: list[Engagement], kind: str
) -> None:
    lost = engagements[1]
    url = asked(at(cast.expert), kind)
    make_all()
    assert any(number.startswith(lost.number) for number in numbers(at(cast.expert).get(url)))
    withdraw_access(lost, cast.expert, by=cast.lead)
    assert at(cast.expert).get(url).status_code == 302
    give_access(lost, cast.expert, by=cast.lead)
    assert at(cast.expert).get(url).status_code == 200, "they may see all of it again"


def test_a_controller_who_watches_over_another_case_by_now_has_the_table_made_again(cast: Cast, at: Opened) -> None:
    watched = [make_recommendation(cast, "issued", watcher=cast.controller) for _ in range(2)]
    url = asked(at(cast.controller), "recommendation")
    make_all()
    assert len(numbers(at(cast.controller).get(url))) == 2
    Recommendation.objects.filter(pk=watched[0].pk).update(watcher=None)
    assert at(cast.controller).get(url).status_code == 302
