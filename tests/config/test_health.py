"""/healthz says whether database and worker are alive, and which is not."""

import socket
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from config.embedded.place import SOCKET_NAME
from notifications.models import Heartbeat
from tests.config.outages import database_away
from tests.config.places import open_folder

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def beat(*, seconds_ago: int = 0) -> None:
    at = timezone.now() - timedelta(seconds=seconds_ago)
    Heartbeat.objects.update_or_create(name="worker", defaults={"at": at})


def test_it_is_well_while_the_worker_beats(client: Client) -> None:
    beat(seconds_ago=20)
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"database": "ok", "worker": "ok", "trail": "ok"})
    assert not answer.cookies
    beat(seconds_ago=40)
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (503, {"database": "ok", "worker": "no sign of life", "trail": "ok"})


@pytest.mark.parametrize("hours", [-5, 5])
def test_a_wrong_clock_of_the_web_server_tells_no_lies(
    client: Client, monkeypatch: pytest.MonkeyPatch, hours: int
) -> None:
    right = timezone.now
    beat(seconds_ago=20)
    monkeypatch.setattr("django.utils.timezone.now", lambda: right() + timedelta(hours=hours))
    assert client.get("/healthz").status_code == 200
    monkeypatch.undo()
    beat(seconds_ago=40)
    monkeypatch.setattr("django.utils.timezone.now", lambda: right() - timedelta(hours=hours))
    assert client.get("/healthz").status_code == 503


def test_a_worker_that_never_lived_is_missed(client: Client) -> None:
    assert client.get("/healthz").status_code == 503


def test_it_is_not_sent_to_https(client: Client, settings: object) -> None:
    settings.SECURE_SSL_REDIRECT = True  # type: ignore[attr-defined]
    beat()
    assert client.get("/healthz").status_code == 200
    assert client.get("/login/").status_code == 301


def test_it_answers_while_the_database_is_away_and_when_it_is_back(client: Client, tmp_path: Path) -> None:
    beat()
    with database_away(tmp_path):
        answer = client.get("/healthz")
        assert (answer.status_code, answer.json()["database"]) == (503, "does not answer")
    assert client.get("/healthz").status_code == 200


def test_it_answers_in_time_when_the_database_hangs(client: Client) -> None:
    with open_folder() as folder, socket.socket(socket.AF_UNIX) as silent, database_away(folder):
        silent.bind(str(folder / SOCKET_NAME))
        silent.listen()
        start = time.monotonic()
        assert client.get("/healthz").status_code == 503
        assert time.monotonic() - start < 3


def test_it_is_only_read(client: Client) -> None:
    assert client.post("/healthz").status_code == 404


def test_neither_a_cookie_nor_a_strange_host_name_changes_the_answer(client: Client, tmp_path: Path) -> None:
    beat()
    client.cookies["sessionid"] = "a" * 32
    assert client.get("/healthz", headers={"host": "10.0.0.7"}).status_code == 200
    with database_away(tmp_path):
        assert client.get("/healthz").json()["database"] == "does not answer"
