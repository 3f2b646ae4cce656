"""Several workers at once: each message is sent by one of them, and none waits for another."""

from collections.abc import Callable
from threading import Barrier, Event, Thread
from typing import Any

import pytest
from django.core import mail
from django.db import connection, transaction

from cases.followup.models import Recommendation
from notifications.models import Message, Status
from notifications.worker import ATTEMPTS, LEASE, claim, send_due_messages
from tests.cast import Cast
from tests.factories import make_recommendation
from tests.notifications.mailboxes import INTERRUPTED, MEETING, WORKING, Interrupted, Meeting
from tests.notifications.outbox import emails, issue, pass_time
from workflow.many import perform_many

pytestmark = pytest.mark.slow

WORKERS = 4
PATIENCE = 10
"""Seconds after which a test that hangs is ended."""


def start(work: Callable[[], Any]) -> Thread:
    """In a thread with a database connection of its own."""

    def run() -> None:
        try:
            work()
        finally:
            connection.close()

    thread = Thread(target=run, daemon=True)
    thread.start()
    return thread


def join(*threads: Thread) -> None:
    for thread in threads:
        thread.join(PATIENCE)
    assert not any(thread.is_alive() for thread in threads)


@pytest.mark.django_db(transaction=True)
def test_workers_that_meet_never_send_a_message_twice(
    cast: Cast, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.EMAIL_BACKEND = MEETING
    monkeypatch.setattr(Meeting, "barrier", Barrier(WORKERS), raising=False)
    for _number in range(15):
        make_recommendation(cast)
    perform_many(Recommendation.objects.all(), "issue", by=cast.coordinator)
    counts: list[int] = []
    join(*(start(lambda: counts.append(send_due_messages())) for _ in range(WORKERS)))
    assert len(counts) == WORKERS
    assert all(counts), "each of them had its share"
    assert sum(counts) == len(mail.outbox) == emails().count() == 30
    assert len({message.extra_headers["Message-ID"] for message in mail.outbox}) == 30
    assert set(emails().values_list("status", "attempt")) == {(Status.SENT, 1)}


@pytest.mark.django_db(transaction=True)
def test_a_worker_neither_waits_for_a_claim_of_another_nor_takes_it(cast: Cast) -> None:
    issue(cast)
    claimed: list[Message | None] = []
    has_claimed, may_commit = Event(), Event()

    def claim_slowly() -> None:
        with transaction.atomic():
            claimed.append(claim())
            has_claimed.set()
            may_commit.wait(PATIENCE)

    other = start(claim_slowly)
    assert has_claimed.wait(PATIENCE)
    try:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '1s'")
        mine, none_left = claim(), claim()
    finally:
        may_commit.set()
        join(other)
        connection.close()
    [theirs] = claimed
    assert mine
    assert theirs
    assert mine.pk != theirs.pk
    assert none_left is None
    assert set(emails().values_list("status", "attempt")) == {(Status.SENDING, 1)}


@pytest.mark.django_db(transaction=True)
def test_a_claim_that_is_broken_off_leaves_the_message_due(cast: Cast) -> None:
    issue(cast)
    with transaction.atomic():
        assert claim()
        transaction.set_rollback(True)
    assert set(emails().values_list("status", "attempt")) == {(Status.DUE, 0)}
    assert send_due_messages() == 2


@pytest.mark.parametrize("attempt", [1, ATTEMPTS - 1])
@pytest.mark.parametrize("fails", [False, True])
def test_a_worker_that_comes_back_after_its_lease_leaves_the_word_to_the_other(
    cast: Cast, settings: Any, monkeypatch: pytest.MonkeyPatch, fails: bool, attempt: int
) -> None:
    """It was taken for dead while it sent; whether it succeeds or fails then is no longer its to say."""
    issue(cast)
    emails().update(attempt=attempt - 1)
    others: list[Message | None] = []

    def be_overtaken() -> None:
        emails().filter(status=Status.DUE).delete()
        pass_time(LEASE)
        others.append(claim())
        if fails:
            raise TimeoutError("timed out")

    settings.EMAIL_BACKEND = INTERRUPTED
    monkeypatch.setattr(Interrupted, "meanwhile", be_overtaken, raising=False)
    send_due_messages()
    [other] = others
    assert other
    message = emails().get()
    assert (message.pk, message.status, message.attempt) == (other.pk, Status.SENDING, attempt + 1)
    assert (message.due_at, message.sent_at, message.last_error) == (other.due_at, None, "")
    settings.EMAIL_BACKEND = WORKING
    pass_time(LEASE)
    assert send_due_messages() == (1 if attempt + 2 <= ATTEMPTS else 0)
