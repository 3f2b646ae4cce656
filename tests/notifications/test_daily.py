"""The daily verification is due by the database's clock, and nobody keeps it away for good."""

import logging
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from notifications.daily import DAY, LATE, LOCK, Verifier, is_due
from tests.trail.tampering import tamper
from workflow.models import TrailCheck
from workflow.trail.recording import Entry, record
from workflow.trail.verification import verify_and_record

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def something() -> None:
    record([Entry("test", 1, "T", "create", by=None)])


@pytest.fixture
def held() -> Iterator[None]:
    """Somebody else holds the lock, as anybody may who can connect."""
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        yield
    finally:
        other.close()


def age(time: timedelta) -> None:
    tamper("UPDATE workflow_trailcheck SET at = at - %s", time)


def checks() -> int:
    return TrailCheck.objects.count()


def test_it_is_done_once_a_day() -> None:
    verifier = Verifier()
    verifier.verify_when_due()
    verifier.verify_when_due()
    assert (checks(), is_due()) == (1, False)
    age(DAY + timedelta(minutes=1))
    assert is_due()
    verifier.verify_when_due()
    assert checks() == 2


def test_a_verification_that_is_dated_in_the_future_does_not_count() -> None:
    verify_and_record()
    age(-timedelta(days=36500))
    assert is_due()
    Verifier().verify_when_due()
    assert (checks(), is_due()) == (2, False)
    assert TrailCheck.objects.first().pk == 2  # type: ignore[union-attr]  # The latest is so by its place.


def test_of_several_workers_one_verifies(held: None) -> None:
    verify_and_record()
    age(DAY + timedelta(minutes=1))
    Verifier().verify_when_due()
    assert checks() == 1


def test_a_lock_that_is_held_keeps_it_away_for_two_hours_and_no_longer(
    held: None, caplog: pytest.LogCaptureFixture
) -> None:
    verify_and_record()
    age(LATE + timedelta(minutes=1))
    with caplog.at_level(logging.WARNING):
        Verifier().verify_when_due()
    assert checks() == 2
    assert "Another process holds the lock of the verification, which is overdue" in caplog.text


@pytest.mark.parametrize("lock", ["free", "held"])
def test_a_worker_that_has_run_for_a_day_believes_no_record_but_its_own(lock: str, request: Any) -> None:
    """Whoever holds the role of web and worker may write records through the function, and take the lock."""
    if lock == "held":
        request.getfixturevalue("held")
    verifier = Verifier()
    verify_and_record()
    verifier.verify_when_due()
    assert checks() == 1
    verifier.own -= (LATE + timedelta(minutes=1)).total_seconds()
    verifier.start_when_due()
    assert verifier.apart.thread
    verifier.apart.thread.join(30)
    assert checks() == 2
    verifier.verify_when_due()
    assert checks() == 2


def test_a_failure_is_logged_and_the_next_turn_tries_again(caplog: pytest.LogCaptureFixture) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER FUNCTION public.trail_write_check RENAME TO trail_write_nothing")
    verifier = Verifier()
    try:
        verifier.start_when_due()
        assert verifier.apart.thread
        verifier.apart.thread.join(30)
        assert "The verification of the trail failed." in caplog.text
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER FUNCTION public.trail_write_nothing RENAME TO trail_write_check")
    verifier.start_when_due()
    verifier.apart.thread.join(30)
    assert checks() == 1
    assert not is_due()
