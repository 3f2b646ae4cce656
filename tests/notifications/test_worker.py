"""E-mails go out once, also when workers die, or find no mail server."""

from datetime import timedelta
from smtplib import (
    SMTPAuthenticationError,
    SMTPDataError,
    SMTPRecipientsRefused,
    SMTPSenderRefused,
    SMTPServerDisconnected,
)
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cases.followup.models import Recommendation
from cases.registry.models import User
from notifications.models import Message, Status
from notifications.worker import ATTEMPTS, LEASE, PAUSES, claim, is_final, send_due_messages
from tests.cast import Cast
from tests.notifications.mailboxes import DEADLY, REFUSING, SILENT, UNREACHABLE, WORKING, Refusing
from tests.notifications.outbox import email_to, emails, issue, pass_time, sent_to


@pytest.fixture
def issued(cast: Cast) -> Recommendation:
    """Rector and officer are to hear of it."""
    return issue(cast)


def test_due_messages_are_sent_once(cast: Cast, issued: Recommendation) -> None:
    before = timezone.now()
    assert send_due_messages() == 2
    assert send_due_messages() == 0
    assert sent_to() == [cast.officer.email, cast.rector.email]
    message = email_to(cast.rector)
    assert (message.status, message.attempt, message.last_error) == (Status.SENT, 1, "")
    assert message.sent_at
    assert message.sending_since
    assert before <= message.sending_since <= message.sent_at <= timezone.now()
    assert message.sending_by


def test_what_is_due_longest_goes_out_first(cast: Cast, issued: Recommendation) -> None:
    late = email_to(cast.officer)
    emails().filter(pk=late.pk).update(due_at=late.due_at - timedelta(hours=1))
    assert send_due_messages(limit=1) == 1
    assert sent_to() == [cast.officer.email]


def test_no_more_are_sent_than_asked_for(cast: Cast, issued: Recommendation) -> None:
    assert [send_due_messages(limit=1) for _ in range(3)] == [1, 1, 0]


def test_nothing_is_sent_before_its_time(cast: Cast, issued: Recommendation) -> None:
    pass_time(-timedelta(minutes=1))
    assert send_due_messages() == 0
    pass_time(timedelta(minutes=1))
    assert send_due_messages() == 2


def test_what_is_shown_in_the_app_is_not_mailed_again(cast: Cast, issued: Recommendation) -> None:
    assert send_due_messages() == 2
    assert Message.objects.in_app().filter(status=Status.SENT, attempt=0).count() == 2
    assert len(mail.outbox) == 2


def test_a_message_whose_worker_died_is_sent_after_the_lease(cast: Cast, issued: Recommendation, settings: Any) -> None:
    settings.EMAIL_BACKEND = DEADLY
    with pytest.raises(SystemExit):
        send_due_messages()
    lost = emails().get(status=Status.SENDING)
    settings.EMAIL_BACKEND = WORKING
    assert send_due_messages() == 1, "the other one"
    pass_time(LEASE - timedelta(seconds=30))
    assert send_due_messages() == 0
    pass_time(timedelta(seconds=30))
    assert send_due_messages() == 1
    assert sent_to() == [cast.officer.email, cast.rector.email]
    lost.refresh_from_db()
    assert (lost.status, lost.attempt) == (Status.SENT, 2)


def test_a_message_that_kills_its_worker_each_time_fails_in_the_end(cast: Cast, issued: Recommendation) -> None:
    for _attempt in range(ATTEMPTS):
        assert claim()
        assert claim()
        pass_time(LEASE)
    assert send_due_messages() == 0
    assert mail.outbox == []
    for message in emails():
        assert (message.status, message.attempt) == (Status.FAILED, ATTEMPTS + 1)
        assert "the worker ended each time" in message.last_error
    pass_time(timedelta(days=30))
    assert claim() is None


def test_a_refused_recipient_is_tried_again_ever_later_and_fails_in_the_end(
    cast: Cast, issued: Recommendation, settings: Any
) -> None:
    settings.EMAIL_BACKEND = REFUSING
    for attempt, pause in enumerate(PAUSES, start=1):
        before = timezone.now()
        send_due_messages()
        message = email_to(cast.rector)
        assert (message.status, message.attempt) == (Status.DUE, attempt)
        assert before + pause <= message.due_at <= timezone.now() + pause
        assert send_due_messages() == 0, "not before the pause is over"
        assert email_to(cast.rector).attempt == attempt
        pass_time(pause)
    send_due_messages()
    message = email_to(cast.rector)
    assert (message.status, message.attempt) == (Status.FAILED, ATTEMPTS)
    assert "no such user" in message.last_error
    assert message.sent_at is None
    assert sent_to() == [cast.officer.email]
    pass_time(timedelta(days=30))
    assert claim() is None, "nobody tries again"


def test_letters_are_read_together_and_claimed_one_by_one(cast: Cast) -> None:
    for _number in range(6):
        issue(cast)
    assert emails().count() == 12
    with CaptureQueriesContext(connection) as queries:
        assert send_due_messages() == 12
    assert len(queries) <= 13 + 12 + 2 * 5 + 12, "claims, notes, what is read for two times ten, and who sees each"
    assert len({message.to[0] for message in mail.outbox}) == 2
    assert len({message.body for message in mail.outbox}) == 12, "each names its own case"


def test_the_pauses_grow_and_last_most_of_a_day() -> None:
    assert sorted(set(PAUSES)) == PAUSES
    assert len(PAUSES) == ATTEMPTS - 1 == 7
    assert timedelta(hours=20) < sum(PAUSES, timedelta()) < timedelta(days=1)


def test_a_refused_recipient_does_not_keep_the_others_waiting(
    cast: Cast, issued: Recommendation, settings: Any
) -> None:
    settings.EMAIL_BACKEND = REFUSING
    first = email_to(cast.rector)
    emails().filter(pk=first.pk).update(due_at=first.due_at - timedelta(hours=1))
    assert send_due_messages() == 1
    assert sent_to() == [cast.officer.email]


def test_after_a_success_the_error_is_forgotten(cast: Cast, issued: Recommendation, settings: Any) -> None:
    settings.EMAIL_BACKEND = REFUSING
    assert send_due_messages() == 1
    assert "no such user" in email_to(cast.rector).last_error
    settings.EMAIL_BACKEND = WORKING
    pass_time(PAUSES[0])
    assert send_due_messages() == 1
    message = email_to(cast.rector)
    assert (message.status, message.attempt, message.last_error) == (Status.SENT, 2, "")


def test_a_refusal_for_good_is_believed_at_once_and_is_the_registrar_s_to_mend(
    cast: Cast, issued: Recommendation, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.EMAIL_BACKEND = REFUSING
    monkeypatch.setattr(Refusing, "code", 550)
    assert send_due_messages() == 1
    message = email_to(cast.rector)
    assert (message.status, message.attempt) == (Status.FAILED, 1)
    assert message in Message.objects.undelivered(cast.registrar)


@pytest.mark.parametrize(
    ("error", "final"),
    [
        (SMTPRecipientsRefused({"a@b.example": (550, b"no such user")}), True),
        (SMTPRecipientsRefused({"a@b.example": (451, b"greylisted")}), False),
        (SMTPDataError(554, b"looks like spam"), True),
        (SMTPDataError(452, b"no room"), False),
        (SMTPSenderRefused(550, b"relaying denied", "baikoo@localhost"), False),
        (SMTPAuthenticationError(535, b"wrong password"), False),
        (SMTPServerDisconnected("timed out"), False),
        (ValueError(), False),
    ],
)
def test_what_is_about_all_letters_is_no_reason_to_give_up_one(error: Exception, final: bool) -> None:
    assert is_final(error) is final


@pytest.mark.parametrize(("backend", "said"), [(UNREACHABLE, "Connection refused"), (SILENT, "timed out")])
def test_a_mail_server_that_is_away_is_asked_once_a_round(
    cast: Cast, issued: Recommendation, settings: Any, backend: str, said: str
) -> None:
    """Each question may take as long as EMAIL_TIMEOUT, and meanwhile the worker shows no sign of life."""
    settings.EMAIL_BACKEND = backend
    assert send_due_messages() == 0
    tried, other = emails().order_by("-attempt")
    assert (tried.status, tried.attempt, other.attempt) == (Status.DUE, 1, 0)
    assert said in tried.last_error
    assert send_due_messages() == 0
    assert sorted(emails().values_list("attempt", flat=True)) == [1, 1]
    settings.EMAIL_BACKEND = WORKING
    assert send_due_messages() == 0
    pass_time(PAUSES[0])
    assert send_due_messages() == 2
    assert sent_to() == [cast.officer.email, cast.rector.email]


def test_a_mail_server_that_stays_away_is_given_up(cast: Cast, issued: Recommendation, settings: Any) -> None:
    settings.EMAIL_BACKEND = UNREACHABLE
    for _attempt in range(2 * ATTEMPTS):
        send_due_messages()
        if not emails().filter(due_at__lte=timezone.now()).exists():
            pass_time(max(PAUSES))
    assert set(emails().values_list("status", "attempt")) == {(Status.FAILED, ATTEMPTS)}
    assert mail.outbox == []


def test_who_has_lost_the_account_meanwhile_gets_nothing(cast: Cast, issued: Recommendation) -> None:
    User.objects.filter(pk=cast.officer.pk).update(is_active=False)
    assert send_due_messages() == 1
    assert sent_to() == [cast.rector.email]
    message = email_to(cast.officer)
    assert (message.status, message.attempt) == (Status.FAILED, 1)
    assert "no active account" in message.last_error


def test_the_message_id_stays_the_same_when_a_message_goes_out_twice(cast: Cast, issued: Recommendation) -> None:
    assert send_due_messages() == 2
    emails().update(status=Status.SENDING)  # They went out, then the worker died.
    pass_time(LEASE)
    assert send_due_messages() == 2
    ids = [(message.to[0], message.extra_headers["Message-ID"]) for message in mail.outbox]
    assert len(ids) == 4
    assert len(set(ids)) == len({one for _to, one in ids}) == 2


@pytest.mark.parametrize("hours", [-5, 5])
def test_leases_and_pauses_go_by_the_clock_of_the_database_whatever_the_worker_s_says(
    cast: Cast, issued: Recommendation, settings: Any, monkeypatch: pytest.MonkeyPatch, hours: int
) -> None:
    right = timezone.now
    monkeypatch.setattr("django.utils.timezone.now", lambda: right() + timedelta(hours=hours))
    settings.EMAIL_BACKEND = REFUSING
    assert send_due_messages() == 1
    claimed = email_to(cast.rector)
    assert right() < claimed.due_at < right() + PAUSES[0]
    pass_time(PAUSES[0])
    claimed = claim()
    assert claimed
    assert right() < claimed.due_at <= right() + LEASE
    assert claim() is None
