"""Letters that failed for good are shown to the registrar, who mends the address and sends them again."""

from typing import Any

import pytest
from django.test import Client

from notifications.models import Message
from notifications.worker import ATTEMPTS, send_due_messages
from tests.cast import Cast
from tests.factories import make_recommendation
from workflow.door import perform
from workflow.lifecycles.recommendation import State

pytestmark = pytest.mark.django_db
PAGE = "/messages/undelivered/"


@pytest.fixture
def failed(cast: Cast) -> Message:
    """The officer's letter, given up after the last attempt."""
    perform(make_recommendation(cast, State.UNDER_REVIEW), "agree_plan", by=cast.coordinator)
    letter = Message.objects.get(channel="email", recipient=cast.officer)
    Message.objects.filter(pk=letter.pk).update(status="failed", attempt=ATTEMPTS, last_error="no such <mailbox>")
    return letter


@pytest.fixture
def registrar(client: Client, cast: Cast) -> Client:
    client.cookies["django_language"] = "en"
    client.force_login(cast.registrar)
    return client


def test_the_registrar_sees_to_whom_and_why_but_not_what_it_says(
    registrar: Client, cast: Cast, failed: Message
) -> None:
    page = registrar.get(PAGE).content.decode()
    assert cast.officer.email in page
    assert "no such &lt;mailbox&gt;" in page
    assert failed.event.number not in page
    assert cast.rector.email not in page, "that letter is still being tried"
    assert f'href="{PAGE}"' in registrar.get("/registry/people/").content.decode()


def test_after_the_address_is_mended_it_is_sent_again(
    registrar: Client, cast: Cast, failed: Message, mailoutbox: list[Any]
) -> None:
    answer = registrar.post(f"{PAGE}{failed.pk}/again/", follow=True)
    assert "The letter will be sent again within a minute." in answer.content.decode()
    assert "Every letter arrived, or is still being tried." in answer.content.decode()
    send_due_messages()
    assert [cast.officer.email] in [letter.to for letter in mailoutbox]
    failed.refresh_from_db()
    assert (failed.status, failed.attempt, failed.last_error) == ("sent", 1, "")


def test_a_letter_that_is_not_failed_is_not_sent_twice(registrar: Client, failed: Message) -> None:
    Message.objects.filter(pk=failed.pk).update(status="sent")
    answer = registrar.post(f"{PAGE}{failed.pk}/again/", follow=True)
    assert "This letter does not need to be sent again" in answer.content.decode()
    failed.refresh_from_db()
    assert failed.status == "sent"


def test_a_link_for_a_password_is_asked_for_anew_instead(registrar: Client, cast: Cast, failed: Message) -> None:
    Message.objects.filter(pk=failed.pk).update(template="password_link")
    assert cast.officer.email not in registrar.get(PAGE).content.decode()


def test_who_has_no_account_any_more_misses_no_letter(registrar: Client, cast: Cast, failed: Message) -> None:
    type(cast.officer).objects.filter(pk=cast.officer.pk).update(is_active=False)
    assert cast.officer.email not in registrar.get(PAGE).content.decode()


@pytest.mark.parametrize("who", ["coordinator", "leader", "officer", "stranger"])
def test_for_others_the_page_does_not_exist(client: Client, cast: Cast, failed: Message, who: str) -> None:
    client.force_login(getattr(cast, who))
    assert client.get(PAGE).status_code == 404
    assert client.post(f"{PAGE}{failed.pk}/again/").status_code == 404


def test_only_asking_whether_a_message_is_there_does_not_read_it(client: Client, cast: Cast, failed: Message) -> None:
    client.force_login(cast.officer)
    told = Message.objects.get(channel="in_app", recipient=cast.officer)
    assert client.head(f"/messages/{told.pk}/").status_code == 302
    assert Message.objects.get(pk=told.pk).read_at is None
    client.get(f"/messages/{told.pk}/")
    assert Message.objects.get(pk=told.pk).read_at is not None
