"""While the database is away people see a page in three languages; afterwards everything goes on without a restart."""

import logging
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import Error, OperationalError, connection, transaction
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from cases.desk.models import Comment
from cases.followup.models import Recommendation
from config.database_trouble import DatabaseTrouble, OneLine, trouble_of
from config.outage import OutageMiddleware
from tests.cast import Cast
from tests.config.outages import database_away
from tests.factories import make_recommendation
from tests.look.test_unsent import hidden
from workflow.lifecycles.recommendation import State

pytestmark = pytest.mark.django_db(transaction=True)
TYPED = "Биз баштадык, «колледж» & <ок>"
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
    with pytest.raises(Error) as failed, connection.cursor() as cursor:
        cursor.execute(sql)
    return failed.value


def test_what_is_lost_and_what_is_busy_is_told_apart_from_mistakes() -> None:
    assert trouble_of(failure("SET statement_timeout = 1; SELECT pg_sleep(1)")) is DatabaseTrouble.BUSY
    assert trouble_of(failure("RESET statement_timeout; SELECT 1 / 0")) is None
    assert trouble_of(failure("SELECT pg_terminate_backend(pg_backend_pid())")) is DatabaseTrouble.LOST
    assert trouble_of(failure("SELECT 1")) is DatabaseTrouble.LOST
    connection.close()
    assert trouble_of(ValueError()) is None


def test_a_transaction_that_stood_still_too_long_is_an_outage() -> None:
    with suppress(Error), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 1")
        time.sleep(0.1)
        assert trouble_of(failure("SELECT 1")) is DatabaseTrouble.LOST
    connection.close()


@contextmanager
def held(case: Recommendation) -> Iterator[None]:
    """Somebody else holds the lock on the case; we wait no longer than a moment."""
    other = connection.copy()
    with other.cursor() as cursor, connection.cursor() as ours:
        cursor.execute("BEGIN")
        cursor.execute("SELECT 1 FROM followup_recommendation WHERE id = %s FOR UPDATE", [case.pk])
        ours.execute("SET lock_timeout = 50")
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")
            ours.execute("RESET lock_timeout")
            other.close()


def test_who_waits_for_a_lock_in_vain_gets_what_was_typed_back(cast: Cast) -> None:
    case = make_recommendation(cast, State.IN_PROGRESS)
    browser = Client(raise_request_exception=False, enforce_csrf_checks=True)
    browser.force_login(cast.rector)
    address = f"/recommendations/{case.number}/comment/"
    token = hidden(browser.get(address))["csrfmiddlewaretoken"]
    with held(case):
        answer = browser.post(address, {"audience": "institution", "text": TYPED, "csrfmiddlewaretoken": token})
    assert (answer.status_code, bool(answer["Retry-After"])) == (503, True)
    page = answer.content.decode()
    assert "Baikoo is busy" in page
    assert "cannot be reached" not in page
    again = hidden(answer)
    assert (again["text"], again["audience"]) == (TYPED, "institution")
    assert not Comment.objects.exists()
    assert browser.post(address, again).status_code == 302
    assert Comment.objects.get().text == TYPED


def test_what_was_typed_survives_a_database_that_is_away(cast: Cast, tmp_path: Path) -> None:
    case = make_recommendation(cast, State.IN_PROGRESS)
    browser = Client(raise_request_exception=False)
    browser.force_login(cast.rector)
    address = f"/recommendations/{case.number}/evidence/"
    with database_away(tmp_path):
        file = SimpleUploadedFile("report.pdf", b"%PDF-1.4")
        answer = browser.post(address, {"note": TYPED, "file": file})
        signing_in = browser.post(reverse("login"), {"username": "a@b.example", "password": "my secret word"})
    assert answer.status_code == 503
    assert hidden(answer)["note"] == TYPED
    assert 'type="file" id="file-1" name="file"' in answer.content.decode()
    assert "my secret word" not in signing_in.content.decode()


def test_a_form_put_together_elsewhere_is_not_handed_back_with_a_token_of_ours(cast: Cast, tmp_path: Path) -> None:
    request = RequestFactory().post("/recommendations/R-1/close/", {"text": TYPED})
    request.database_trouble = DatabaseTrouble.LOST  # type: ignore[attr-defined]  # It came before the token was looked at.
    answer = OutageMiddleware(lambda request: HttpResponse(status=500))(request)
    assert answer.status_code == 503
    assert "csrfmiddlewaretoken" not in answer.content.decode()


def test_the_log_has_one_line_for_each_request(
    cast: Cast, tmp_path: Path, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    browser = Client(raise_request_exception=False)
    browser.force_login(cast.coordinator)
    with database_away(tmp_path):
        assert browser.get("/recommendations/").status_code == 503
    [record] = [record for record in caplog.records if record.name == "django.request"]
    line = record.getMessage()
    assert line.startswith("503, the database is away: /recommendations/ (connection to server")
    assert "\n" not in line
    assert record.exc_info is None


def test_the_line_is_written_too_where_logging_was_configured_twice() -> None:
    request = RequestFactory().get("/recommendations/")
    try:
        raise OperationalError("connection refused\nIs the server running?")
    except OperationalError:
        trouble = sys.exc_info()
    details = ("django.request", logging.ERROR, __file__, 1, "%s: %s", ("Internal Server Error", "/recommendations/"))
    record, from_the_next_middleware = (logging.LogRecord(*details, trouble) for _ in range(2))
    record.request = from_the_next_middleware.request = request
    assert [OneLine().filter(record) for _ in range(2)] == [True, True]
    assert record.getMessage() == "503, the database is away: /recommendations/ (connection refused)"
    assert not OneLine().filter(from_the_next_middleware)
