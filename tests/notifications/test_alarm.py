"""A broken trail raises the alarm: in the log, for monitoring, and to those who read the trail; once for each fault."""

import logging
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.utils import timezone

from cases.followup.models import Recommendation
from cases.registry.models import User
from notifications.models import Heartbeat, Message
from notifications.worker import send_due_messages
from tests.cast import Cast, make_told_cast
from tests.factories import make_recommendation
from tests.trail.tampering import settle, tamper
from workflow.models import Event, TrailCheck
from workflow.trail.checking import condition
from workflow.trail.recording import Entry, record
from workflow.trail.verification import verify_and_record


@pytest.fixture
def cast(db: None) -> Cast:
    """What is stored without a trail is a finding."""
    return make_told_cast()


@pytest.fixture
def case(cast: Cast) -> Recommendation:
    made = make_recommendation(cast, "issued")
    settle()
    return made


@pytest.fixture
def broken(case: Recommendation) -> TrailCheck:
    move(case, "disputed")
    return verify_and_record()


def move(case: Recommendation, state: str) -> None:
    tamper("UPDATE followup_recommendation SET state = %s WHERE id = %s", state, case.pk)


def alarms() -> list[tuple[str, str]]:
    rows = Message.objects.filter(template="trail_broken").order_by("id")
    return [(row.recipient.full_name, row.channel) for row in rows.select_related("recipient")]


def health() -> tuple[int, str]:
    Heartbeat.objects.update_or_create(name="worker", defaults={"at": timezone.now()})
    answer = Client().get("/healthz")
    return answer.status_code, answer.json()["trail"]


def test_leaders_and_observers_are_told_in_the_app_and_by_email(cast: Cast, broken: TrailCheck) -> None:
    assert sorted(alarms()) == [
        ("Leila (test)", "email"), ("Leila (test)", "in_app"), ("Oleg (test)", "email"), ("Oleg (test)", "in_app"),
    ]  # fmt: skip
    event = Event.objects.get(subject_type="trail")
    assert (event.subject_id, event.number, event.action) == (broken.pk, broken.code, "found_broken")
    assert set(Message.objects.values_list("event", flat=True)) == {event.pk}


def test_the_same_fault_is_told_once_another_one_again(case: Recommendation, caplog: pytest.LogCaptureFixture) -> None:
    move(case, "disputed")
    assert not verify_and_record().is_sound
    assert not verify_and_record().is_sound
    assert len(alarms()) == 4
    move(case, "under_review")
    verify_and_record()
    assert len(alarms()) == 8
    move(case, "issued")
    assert verify_and_record().is_sound
    move(case, "disputed")
    verify_and_record()
    assert len(alarms()) == 12, "it was sound in between"
    levels = [one.levelname for one in caplog.records if one.name == "workflow.trail.checking"]
    assert levels == ["ERROR", "WARNING", "ERROR", "ERROR"]
    assert f"The audit trail is broken: {case.number}: the record is in the state “Disputed”" in caplog.text


@pytest.mark.parametrize(
    ("language", "subject", "word"),
    [
        ("en", "The audit trail was found broken", "but its trail ends in “Answer awaited”"),
        ("ru", "Журнал действий оказался нарушен", "а журнал заканчивается состоянием"),
        ("ky", "Аракеттер журналы бузулганы аныкталды", "журналы болсо"),
    ],
)
def test_the_letter_tells_what_was_found_and_where_to_look_in_the_readers_language(
    cast: Cast, broken: TrailCheck, language: str, subject: str, word: str
) -> None:
    User.objects.filter(pk=cast.leader.pk).update(language=language)
    assert send_due_messages() == 2
    [letter] = [one for one in mail.outbox if one.to == [cast.leader.email]]
    assert letter.subject == subject
    assert word in letter.body
    assert "http://127.0.0.1:8000/trail/" in letter.body


def test_the_message_in_the_app_leads_to_the_trail(cast: Cast, broken: TrailCheck) -> None:
    client = Client(headers={"accept-language": "en"})
    client.cookies["django_language"] = "en"
    client.force_login(cast.observer)
    assert "The audit trail was found broken" in client.get("/messages/").content.decode()
    message = Message.objects.in_app().get(recipient=cast.observer)
    response = client.get(f"/messages/{message.pk}/")
    assert (response.status_code, response.headers["Location"]) == (302, "/trail/")
    page: Any = client.get("/trail/")
    assert broken.finding in page.content.decode()
    event = Event.objects.get(subject_type="trail")
    page = client.get(f"/trail/{event.pk}/").content.decode()
    assert broken.finding in page
    assert "Trail found broken" in page


@pytest.mark.django_db(transaction=True)
def test_monitoring_is_told(case: Recommendation) -> None:
    move(case, "disputed")
    assert health() == (200, "ok")
    verify_and_record()
    assert health() == (503, "broken")
    move(case, "issued")
    verify_and_record()
    assert health() == (200, "ok")


@pytest.mark.django_db(transaction=True)
def test_monitoring_is_told_when_verifications_stay_away(case: Recommendation) -> None:
    verify_and_record()
    tamper("UPDATE workflow_event SET at = at - %s", timedelta(days=4))
    assert health() == (200, "ok")
    for time in (timedelta(days=4), timedelta(days=-400)):
        tamper("UPDATE workflow_trailcheck SET at = at - %s", time)
        assert health() == (503, "not verified")
    tamper("DELETE FROM workflow_trailcheck")
    assert health() == (503, "not verified")


def test_a_fault_is_kept_and_logged_although_nobody_can_be_told(cast: Cast, caplog: pytest.LogCaptureFixture) -> None:
    """Without the guard that gives events their numbers, no event can be written either."""
    record([Entry("test", 1, "T", "create", by=None)])
    settle()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE workflow_event DISABLE TRIGGER trail_chain")
    with caplog.at_level(logging.ERROR):
        check = verify_and_record()
    assert (check.fault, TrailCheck.objects.get().pk) == ("guard_off", check.pk)
    assert alarms() == []
    assert "Nobody could be informed that the audit trail is broken." in caplog.text
    assert condition() == "broken"
