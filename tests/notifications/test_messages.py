"""The page of what I was told: my own messages, newest first, and reading them."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from django.utils.html import escape
from django.utils.translation import gettext

from cases.followup.models import Recommendation
from cases.registry.models import User
from notifications.models import Message
from notifications.reading import unread_count, unread_label
from notifications.views import SIZE
from tests.cast import Cast
from tests.factories import make_extension, make_recommendation, stay
from tests.notifications.outbox import rename
from workflow.door import perform
from workflow.lifecycles.recommendation import State
from workflow.trail.recording import record

pytestmark = pytest.mark.slow

PAGE = reverse("messages")
ISSUED = "%(number)s: a recommendation to your institution, an answer is awaited"
NAMES = [name for name, kind in Cast.__annotations__.items() if kind == "User" or kind is User]


def reader(user: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.cookies["django_language"] = "en"
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def tell(user: User, cast: Cast, count: int = 1, **fields: Any) -> list[Message]:
    """Messages of as many acts on as many cases."""
    rows = []
    for _number in range(count):
        case = make_recommendation(cast, State.ISSUED, **fields)
        [event] = record([stay(case, "issue", cast.coordinator)])
        rows.append(Message(event=event, recipient=user, channel="in_app", template="issued", status="sent"))
    return Message.objects.bulk_create(rows)


def numbers(content: bytes) -> list[str]:
    """The numbers of the cases in the list, in its order."""
    return re.findall(rf'<a href="{PAGE}\d+/"[^>]*>([^<:]+):', content.decode())


def mark_all(page: Any) -> list[str]:
    """Up to which message the button of the page marks; nothing where there is no button."""
    return re.findall(r'<input type="hidden" name="until" value="(\d+)">', page.content.decode())


def test_messages_are_mine_and_the_newest_is_first(cast: Cast) -> None:
    mine, others = tell(cast.rector, cast, 3), tell(cast.director, cast)
    page = reader(cast.rector).get(PAGE)
    assert len(mine) == 3
    assert numbers(page.content) == [message.event.number for message in reversed(mine)]
    assert others[0].event.number not in page.content.decode()


def test_the_email_of_a_message_is_neither_listed_nor_counted_nor_opened(cast: Cast) -> None:
    case = make_recommendation(cast)
    perform(case, "issue", by=cast.coordinator)
    email = Message.objects.get(recipient=cast.rector, channel="email")
    client = reader(cast.rector)
    assert unread_count(cast.rector) == 1
    assert numbers(client.get(PAGE).content) == [case.number]
    assert client.get(reverse("message", args=[email.pk])).status_code == 404
    assert client.post(reverse("message_read", args=[email.pk])).status_code == 404
    client.post(reverse("messages_read"), {"until": email.pk + 1})
    email.refresh_from_db()
    assert (email.status, email.read_at) == ("due", None)


@pytest.mark.parametrize("name", NAMES)
def test_everybody_sees_their_own_and_no_other(cast: Cast, name: str) -> None:
    user = getattr(cast, name)
    [mine] = tell(user, cast)
    [other] = tell(cast.rector if user != cast.rector else cast.director, cast)
    client = reader(user)
    assert numbers(client.get(PAGE).content) == [mine.event.number]
    assert client.get(reverse("message", args=[mine.pk])).status_code == 302
    assert client.get(reverse("message", args=[other.pk])).status_code == 404
    assert client.post(reverse("message_read", args=[other.pk])).status_code == 404
    assert client.post(reverse("messages_read"), {"until": 10**9}).status_code == 302
    other.refresh_from_db()
    assert other.read_at is None
    assert unread_count(user) == 0


@pytest.mark.parametrize("name", ["messages", "message", "message_read", "messages_read"])
def test_who_is_not_signed_in_is_asked_to(cast: Cast, name: str) -> None:
    [message] = tell(cast.rector, cast)
    url = reverse(name, args=[message.pk] if name.startswith("message_") or name == "message" else [])
    for answer in (Client().get(url), Client().post(url)):
        assert answer.status_code == 302
        assert answer["Location"].startswith(reverse("login"))
    assert unread_count(cast.rector) == 1


def test_without_messages_the_page_says_so(cast: Cast) -> None:
    page = reader(cast.stranger).get(PAGE)
    assert page.status_code == 200
    assert "There are no messages for you yet." in page.content.decode()
    assert "<table" not in page.content.decode()
    assert mark_all(page) == []


def test_opening_a_message_leads_to_the_case_and_marks_it_read(cast: Cast) -> None:
    first, second = tell(cast.rector, cast, 2)
    answer = reader(cast.rector).get(reverse("message", args=[first.pk]))
    assert answer["Location"] == reverse("recommendation", args=[first.event.number])
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.read_at is not None, second.read_at) == (True, None)
    assert unread_count(cast.rector) == 1


def test_a_message_about_more_time_leads_to_its_recommendation(cast: Cast) -> None:
    extension = make_extension(cast)
    perform(extension, "refuse", by=cast.head, reason="Enough time was given.")
    message = Message.objects.in_app().get(recipient=cast.rector)
    answer = reader(cast.rector).get(reverse("message", args=[message.pk]))
    assert answer["Location"].startswith(reverse("recommendation", args=[extension.recommendation.number]))


def test_reading_keeps_the_moment_of_the_first_time(cast: Cast) -> None:
    [message] = tell(cast.rector, cast)
    client, url = reader(cast.rector), reverse("message_read", args=[message.pk])
    assert client.post(url)["Location"] == PAGE
    message.refresh_from_db()
    first = message.read_at
    client.post(url)
    message.refresh_from_db()
    assert first is not None
    assert message.read_at == first


def test_marking_one_as_read_leaves_the_others(cast: Cast) -> None:
    first, second = tell(cast.rector, cast, 2)
    client = reader(cast.rector)
    before = client.get(PAGE).content.decode()
    page = client.post(reverse("message_read", args=[first.pk]), follow=True).content.decode()
    for message, is_unread in ((first, False), (second, True)):
        url = reverse("message_read", args=[message.pk])
        assert (f'action="{url}"' in before, f'action="{url}"' in page) == (True, is_unread)
    assert numbers(page.encode()) == [second.event.number, first.event.number], "what was read stays in the list"
    assert Message.objects.unread().get(recipient=cast.rector) == second


@pytest.mark.parametrize("name", ["message_read", "messages_read"])
def test_only_a_post_marks_as_read(cast: Cast, name: str) -> None:
    [message] = tell(cast.rector, cast)
    url = reverse(name, args=[message.pk] if name == "message_read" else [])
    assert reader(cast.rector).get(url).status_code == 405
    assert unread_count(cast.rector) == 1


def test_all_that_the_person_saw_are_marked_and_what_came_meanwhile_stays(cast: Cast) -> None:
    first, second, later = tell(cast.rector, cast, 3)
    answer = reader(cast.rector).post(reverse("messages_read"), {"until": second.pk}, follow=True)
    assert "2 messages are marked as read." in answer.content.decode()
    assert Message.objects.unread().get(recipient=cast.rector) == later


def test_when_all_are_read_there_is_nothing_to_mark(cast: Cast) -> None:
    mine = tell(cast.rector, cast, 2)
    client = reader(cast.rector)
    [until] = mark_all(client.get(PAGE))
    assert until == str(mine[-1].pk)
    page = client.post(reverse("messages_read"), {"until": until}, follow=True)
    assert unread_count(cast.rector) == 0
    assert mark_all(page) == []
    assert len(numbers(page.content)) == 2


def test_all_are_marked_from_the_page_where_the_newest_stand(cast: Cast) -> None:
    mine = tell(cast.rector, cast, 27)
    client = reader(cast.rector)
    first = client.get(PAGE)
    following = client.get(PAGE + first.context["page"].next_url)
    assert (mark_all(first), mark_all(following)) == ([str(mine[-1].pk)], [])
    client.post(reverse("messages_read"), {"until": mark_all(first)[0]})
    assert unread_count(cast.rector) == 0


@pytest.mark.parametrize("until", ["", "x", "-1", "²", "1e9", "9" * 5000])
def test_a_mangled_mark_marks_nothing(cast: Cast, until: str) -> None:
    tell(cast.rector, cast)
    assert reader(cast.rector).post(reverse("messages_read"), {"until": until}).status_code == 302
    assert unread_count(cast.rector) == 1


def test_a_number_beyond_all_keys_breaks_nothing(cast: Cast) -> None:
    tell(cast.rector, cast)
    client = reader(cast.rector)
    for digits in (30, 5000):
        assert client.get(f"{PAGE}{'9' * digits}/").status_code == 404
    assert client.get(PAGE, {"after": f"_{10**30}"}).status_code == 200
    assert client.get(PAGE, {"after": "x'--"}).status_code == 200
    assert client.post(reverse("messages_read"), {"until": 10**30}).status_code == 302


def test_a_long_list_comes_in_pages(cast: Cast) -> None:
    told = [message.event.number for message in reversed(tell(cast.rector, cast, 27))]
    client = reader(cast.rector)
    page = client.get(PAGE)
    assert numbers(page.content) == told[:SIZE]
    following = client.get(PAGE + page.context["page"].next_url)
    assert numbers(following.content) == told[SIZE:]
    assert following.context["page"].next_url == ""


@pytest.mark.parametrize("with_extensions", [False, True])
def test_two_and_fifty_messages_take_the_same_queries(cast: Cast, with_extensions: bool) -> None:
    client, counts, shown = reader(cast.rector), [], []
    client.get(PAGE)
    for more in (2, 48):
        tell(cast.rector, cast, more - with_extensions)
        if with_extensions:
            perform(make_extension(cast), "grant", by=cast.head)
        with CaptureQueriesContext(connection) as queries:
            shown.append(len(numbers(client.get(PAGE).content)))
        counts.append(len(queries))
    assert Message.objects.in_app().filter(recipient=cast.rector).count() == 50
    assert shown == [2, SIZE]
    assert counts[0] == counts[1] <= 12


@pytest.mark.parametrize("language", ["ky", "ru", "en"])
def test_the_list_is_in_the_language_of_the_page(cast: Cast, language: str) -> None:
    [message] = tell(cast.rector, cast)
    client = reader(cast.rector)
    client.cookies["django_language"] = language
    with translation.override(language):
        sentence = gettext(ISSUED)
    assert (sentence == ISSUED) == (language == "en")
    assert escape(sentence % {"number": message.event.number}) in client.get(PAGE).content.decode()


def test_the_menu_counts_what_is_unread(cast: Cast) -> None:
    client = reader(cast.rector)
    assert 'class="count"' not in client.get(PAGE).content.decode()
    tell(cast.rector, cast, 2)
    assert '<span class="count">2<' in client.get(PAGE).content.decode()
    assert 'class="count"' not in reader(cast.director).get(PAGE).content.decode()
    mine = Message.objects.in_app().filter(recipient=cast.rector)
    client.get(reverse("message", args=[mine[0].pk]))
    assert '<span class="count">1<' in client.get(PAGE).content.decode()
    client.get(reverse("message", args=[mine[1].pk]))
    assert 'class="count"' not in client.get(PAGE).content.decode()


def test_nobody_counts_beyond_ninety_nine(cast: Cast) -> None:
    [message] = tell(cast.rector, cast)
    entry = stay(Recommendation.objects.get(pk=message.event.subject_id), "issue", cast.coordinator)
    for added, label in ((98, "99"), (1, "99+"), (5, "99+")):
        Message.objects.bulk_create(
            Message(event=event, recipient=cast.rector, channel="in_app", template="issued", status="sent")
            for event in record([entry] * added)
        )
        assert unread_label(cast.rector) == label
    with CaptureQueriesContext(connection) as queries:
        unread_count(cast.rector)
    assert len(queries) == 1


def test_a_page_that_shows_no_menu_does_not_count(cast: Cast) -> None:
    with CaptureQueriesContext(connection) as queries:
        Client().get(reverse("login"))
    assert not [query for query in queries if "notifications_message" in query["sql"]]


def test_names_are_escaped(cast: Cast) -> None:
    rename(cast.university, ky="<script>alert(1)</script>", en="<script>alert(1)</script>")
    tell(cast.rector, cast)
    content = reader(cast.rector).get(PAGE).content.decode()
    assert "<script>alert" not in content
    assert "&lt;script&gt;alert" in content
