"""While the database is away people see a page in three languages; afterwards everything goes on without a restart."""

from pathlib import Path
from typing import Any

import pytest
from django.db import InterfaceError, OperationalError, connection
from django.test import Client
from django.urls import reverse

from config.outage import is_outage
from tests.cast import Cast
from tests.config.outages import database_away

pytestmark = pytest.mark.django_db(transaction=True)
SENTENCES = ("Маалымат базасы", "базой данных", "The database cannot be reached")


@pytest.mark.parametrize("debug", [False, True])
def test_the_page_of_an_outage_and_the_recovery(cast: Cast, settings: Any, tmp_path: Path, debug: bool) -> None:
    settings.DEBUG = debug
    browser = Client(raise_request_exception=False)
    browser.force_login(cast.coordinator)
    start = reverse("inbox")
    assert browser.get(start).status_code == 200
    with database_away(tmp_path):
        answer = browser.get(start)
        assert answer.status_code == 503
        assert answer["Retry-After"]
        assert "default-src 'none'" in answer["Content-Security-Policy"]
        assert all(sentence in answer.content.decode() for sentence in SENTENCES)
        assert browser.post(reverse("set_language"), {"language": "ru"}).status_code == 503
    assert browser.get(start).status_code == 200


def test_signing_in_during_an_outage_shows_the_page(cast: Cast, tmp_path: Path) -> None:
    browser = Client(raise_request_exception=False)
    with database_away(tmp_path):
        answer = browser.post(reverse("login"), {"username": cast.coordinator.email, "password": "x"})
    assert answer.status_code == 503


def failure(sql: str) -> BaseException:
    with pytest.raises((InterfaceError, OperationalError)) as failed, connection.cursor() as cursor:
        cursor.execute(sql)
    return failed.value


def test_only_a_lost_connection_is_an_outage() -> None:
    assert not is_outage(failure("SET statement_timeout = 1; SELECT pg_sleep(1)"))
    assert is_outage(failure("SELECT pg_terminate_backend(pg_backend_pid())"))
    assert is_outage(failure("SELECT 1"))
    connection.close()
    assert not is_outage(ValueError())
