"""The bench measures what exists: each of its operations runs on a few rows."""

from typing import Any

import pytest
from django.db import connection

from bench import bulk, web
from bench.data import World, add_recommendations, make_world
from bench.monitorings import EACH, ROUNDS, make_monitorings, monitoring_bulks, monitoring_operations
from bench.operations import client, operations, pairs
from bench.side import timed
from cases.followup.models import Recommendation
from cases.planning.models import Deliverable, Engagement
from workflow.models import Event, Expectation
from workflow.rounds.models import Round

ROWS = 240


@pytest.fixture
def world(db: None, settings: Any) -> World:
    settings.ALLOWED_HOSTS = ["testserver"]
    client.cache_clear()
    made = make_world()
    add_recommendations(made, 1, ROWS)
    return made


def test_each_operation_runs(world: World) -> None:
    assert Recommendation.objects.count() == Event.objects.count() == ROWS
    found = operations(world)
    for name, operation in found.items():
        if not name.startswith("filters "):
            assert timed(lambda chosen=operation: chosen(1))["queries"] <= 16, name  # type: ignore[misc]
    assert {f"filters {both}" for both in pairs()} <= found.keys()
    assert Recommendation.objects.filter(version=1).count() == ROWS


def test_each_operation_in_bulk_runs_and_is_undone(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LETTERS", "IMPORTED", "ISSUED"):
        monkeypatch.setattr(bulk, name, 12)
    for name, operation in bulk.bulks(world, ROWS).items():
        with operation.undone() as ready:
            spent = timed(lambda do=operation.do, what=ready: do(what))  # type: ignore[misc]
        assert 0 < spent["cpu"] < 60_000, name
    assert Recommendation.objects.count() == ROWS
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('session_replication_role')")
        assert cursor.fetchone() == ("origin",)


def test_monitorings_are_made_and_measured(db: None, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["testserver"]
    client.cache_clear()
    make_monitorings(1, 3 * EACH)
    first, *copies = Engagement.objects.order_by("pk")
    assert [copy.deliverables.count() for copy in copies] == [EACH] * 2 == [first.deliverables.count()] * 2
    assert Round.objects.count() == 3 * ROUNDS
    of_deliverables = Expectation.objects.open().filter(subject_type="deliverable").values_list("subject_id", flat=True)
    assert set(of_deliverables) == set(Deliverable.objects.exclude(state="approved").values_list("pk", flat=True))
    assert len({copy.contractor_id for copy in copies}) == len({copy.coordinator_id for copy in copies}) == 2
    world = World.stored()
    for name, operation in monitoring_operations(world).items():
        most = 12 if name.startswith(("inbox", "list")) else 30
        assert timed(lambda chosen=operation: chosen(1))["queries"] <= most, name  # type: ignore[misc]
    for name, act in monitoring_bulks(world).items():
        with act.undone() as ready:
            spent = timed(lambda do=act.do, what=ready: do(what))  # type: ignore[misc]
        assert 0 < spent["queries"] <= 60, name


def test_what_a_page_brings_along_is_found() -> None:
    page = b'<link rel="stylesheet" href="/static/a.css"><a href="/no/"></a><img alt="" src="/static/b.svg">'
    assert set(web.LINKED.findall(page)) == {b"/static/a.css", b"/static/b.svg"}
