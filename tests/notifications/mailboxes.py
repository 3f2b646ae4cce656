"""Mail servers as they may be: meeting several workers at once, refusing, falling silent, not there, deadly."""

import smtplib
from collections.abc import Callable, Sequence
from threading import Barrier
from typing import Any, ClassVar

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.locmem import EmailBackend

WORKING = "django.core.mail.backends.locmem.EmailBackend"
MEETING = "tests.notifications.mailboxes.Meeting"
REFUSING = "tests.notifications.mailboxes.Refusing"
SILENT = "tests.notifications.mailboxes.Silent"
UNREACHABLE = "tests.notifications.mailboxes.Unreachable"
DEADLY = "tests.notifications.mailboxes.Deadly"
INTERRUPTED = "tests.notifications.mailboxes.Interrupted"


class Meeting(EmailBackend):
    """Takes the first message of each worker only when every worker has brought one."""

    barrier: ClassVar[Barrier]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.has_met = False

    def send_messages(self, messages: Sequence[EmailMessage]) -> int:
        if not self.has_met:
            self.barrier.wait(timeout=10)
            self.has_met = True
        return int(super().send_messages(messages))


class Refusing(EmailBackend):
    """Takes nothing for the rector now, as long as it says `code`; 4xx means later, 5xx never."""

    code: ClassVar[int] = 450

    def send_messages(self, messages: Sequence[EmailMessage]) -> int:
        refused = [message.to[0] for message in messages if message.to[0].startswith("chynara")]
        if refused:
            raise smtplib.SMTPRecipientsRefused({one: (self.code, b"no such user") for one in refused})
        return int(super().send_messages(messages))


class Silent(EmailBackend):
    """Lets everybody in and then says nothing until the time is out."""

    def send_messages(self, messages: Sequence[EmailMessage]) -> int:
        raise smtplib.SMTPServerDisconnected("Connection unexpectedly closed: timed out")


class Unreachable(BaseEmailBackend):
    def open(self) -> Any:
        raise ConnectionRefusedError(111, "Connection refused")

    def send_messages(self, messages: Sequence[EmailMessage]) -> int:
        raise AssertionError("nothing is sent without a connection")


class Deadly(EmailBackend):
    """The worker ends before the message is out."""

    def send_messages(self, messages: Sequence[EmailMessage]) -> int:
        raise SystemExit


class Interrupted(EmailBackend):
    """Something happens while the message is on its way; then it arrives, or fails when that raises."""

    meanwhile: ClassVar[Callable[[], Any]]

    def send_messages(self, messages: Sequence[EmailMessage]) -> int:
        type(self).meanwhile()
        return int(super().send_messages(messages))
