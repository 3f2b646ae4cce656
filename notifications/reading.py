"""A person's messages in the app: the unread ones counted, and each as a line of the list."""

from collections.abc import Sequence
from dataclasses import dataclass

from notifications.ahead import Key, cases_of, visible_among
from notifications.asked import AskedCase, asked_of
from notifications.letters import subject
from notifications.models import NOBODY_CAN, Message
from workflow.case import Case
from workflow.roles import Actor

MOST = 99
"""Counting stops here."""


@dataclass(frozen=True)
class MessageLine:
    """One message as the list shows it; `sentence` is plain text, in the language that is active."""

    message: Message
    sentence: str
    concerned: str
    asked: Sequence[AskedCase] = ()


def unread_count(user: Actor) -> int:
    """How many are unread; MOST + 1 stands for more than MOST."""
    return Message.objects.visible_to(user).unread().order_by()[: MOST + 1].count()


def unread_label(user: Actor) -> str:
    """For the menu: empty, `7`, or `99+`."""
    unread = unread_count(user)
    return f"{MOST}+" if unread > MOST else str(unread or "")


def lines(messages: Sequence[Message], reader: Actor) -> list[MessageLine]:
    """Two queries for each case type among them, and for what they ask; the messages bring their events along."""
    cases = cases_of(message.event for message in messages)
    asked = asked_of(reader, messages, cases)
    seen = visible_among(reader, cases)
    return [_line(message, cases, seen, asked.get(message.pk, ())) for message in messages]


def _line(message: Message, cases: dict[Key, Case], seen: set[Key], asked: Sequence[AskedCase]) -> MessageLine:
    """Of a case that the reader sees no more, its number alone; a registrar who never saw it has to know where."""
    key = (message.event.subject_type, message.event.subject_id)
    case = cases.get(key)
    is_named = key in seen or message.template == NOBODY_CAN
    return MessageLine(message, subject(message, case), case.concerned if case and is_named else "", asked)
