"""Reads what messages tell of, and composes their e-mails."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Q
from django.utils import translation

from cases.ground.clock import database_now
from notifications.ahead import Ahead, is_hidden
from notifications.letters import written
from notifications.models import Message

TOGETHER = 10
"""Messages that are read together."""


class Undeliverable(Exception):
    """The message can never be sent: trying again is of no use."""


class Withheld(Exception):
    """The reader does not see any more what the message tells of."""


class Reader:
    """Reads what a message tells of, and with it the messages due next, which this worker will probably claim."""

    def __init__(self) -> None:
        self.ahead = Ahead([])

    def read(self, message: Message) -> Ahead:
        """Afterwards event and recipient are cached on the message."""
        if message.pk not in self.ahead.messages:
            due = Message.objects.to_send(database_now()).exclude(pk=message.pk).values("pk")[: TOGETHER - 1]
            rows = Message.objects.filter(Q(pk=message.pk) | Q(pk__in=due))
            self.ahead = Ahead(list(rows.select_related("event", "recipient")))
        known = self.ahead.messages[message.pk]
        message.event, message.recipient = known.event, known.recipient
        return self.ahead


def compose(message: Message, ahead: Ahead) -> EmailMessage:
    """The e-mail in the recipient's language. Raises Undeliverable, or Withheld."""
    if not message.address and not message.recipient.is_active:
        raise Undeliverable("the person has no active account any more")
    if is_hidden(message):  # Asked for this one alone: access may have ended since the letters were read together.
        raise Withheld("the person does not see the case any more")
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    with translation.override(message.recipient.language):
        subject, body = written(message, ahead)
        return EmailMessage(
            subject=subject,
            body=body,
            to=[message.address or message.recipient.email],
            headers={
                "Message-ID": f"<{message.event.hash[:16]}.{message.pk}@{host}>",
                "Auto-Submitted": "auto-generated",
            },
        )
