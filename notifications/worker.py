"""Sends what is due. Any number of workers may run: each message is claimed by one of them before it is sent."""

import logging
import os
import socket
from contextlib import suppress
from datetime import timedelta
from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPServerDisconnected

from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import Error as DatabaseTrouble
from django.db.models.functions import Now

from cases.ground.clock import database_now
from notifications.composing import Reader, Undeliverable, Withheld, compose
from notifications.models import Channel, Message, Status

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=10)
"""After which a worker that has not finished a message is considered dead; far more than EMAIL_TIMEOUT."""
PAUSES = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360, 720)]
"""Before the second, third, ... attempt; when the attempt after the last pause fails, the message has failed."""
ATTEMPTS = len(PAUSES) + 1
CLAIM = f"""
WITH next AS MATERIALIZED (
    SELECT id FROM notifications_message
    WHERE channel = '{Channel.EMAIL}' AND status IN ('{Status.DUE}', '{Status.SENDING}')
        AND due_at <= STATEMENT_TIMESTAMP()
    ORDER BY due_at, id LIMIT 1 FOR UPDATE SKIP LOCKED
)
UPDATE notifications_message AS message SET status = '{Status.SENDING}', attempt = message.attempt + 1,
    sending_by = %(by)s, sending_since = STATEMENT_TIMESTAMP(), due_at = STATEMENT_TIMESTAMP() + %(lease)s
FROM next WHERE message.id = next.id RETURNING message.*
"""  # noqa: S608 - the names are ours
"""One statement, with the condition of MessageQuerySet.to_send().

MATERIALIZED: reading `next` twice would lock two rows.
"""


def send_due_messages(limit: int = 100) -> int:
    """Send up to `limit` e-mails whose time has come; returns how many were sent.

    A worker that is killed between sending and noting it makes its message go out twice, under the same Message-ID.
    """
    sent = 0
    reader, mailbox = Reader(), get_connection()
    try:
        while limit > 0 and (message := claim()):
            limit -= 1
            if not _is_open(mailbox, message):
                break
            sent += _deliver(message, mailbox, reader)
    except SMTPServerDisconnected:
        pass  # Noted already. Each further message might wait for EMAIL_TIMEOUT, without a sign of life.
    finally:
        _close(mailbox)
    return sent


def claim() -> Message | None:
    """Take the message that is due longest; it is noted who sends it before it goes out. Leases go by one clock."""
    by = f"{socket.gethostname()}:{os.getpid()}"
    return next(iter(Message.objects.raw(CLAIM, {"by": by, "lease": LEASE})), None)


def _deliver(message: Message, mailbox: BaseEmailBackend, reader: Reader) -> bool:
    """Whether it went out. Raises SMTPServerDisconnected when the mail server fell silent or hung up."""
    try:
        if message.attempt > ATTEMPTS:
            raise Undeliverable("the worker ended each time while sending it")
        mailbox.send_messages([compose(message, reader.read(message))])
    except DatabaseTrouble:
        raise
    except Withheld as reason:
        _note(message, status=Status.WITHHELD, last_error=str(reason))
        return False
    except Exception as error:  # Whatever it is, it must not keep the other messages from going out.
        _note_failure(message, error)
        _close(mailbox)  # The next message gets a fresh connection.
        if isinstance(error, SMTPServerDisconnected):
            raise
        return False
    _note(message, status=Status.SENT, sent_at=Now(), last_error="")
    return True


def _is_open(mailbox: BaseEmailBackend, message: Message) -> bool:
    """Whether the mail server answers; when not, the other messages would only fail the same way."""
    try:
        mailbox.open()
    except Exception as error:
        _note_failure(message, error)
        return False
    return True


def _close(mailbox: BaseEmailBackend) -> None:
    with suppress(OSError):
        mailbox.close()


def _note_failure(message: Message, error: Exception) -> None:
    fault = f"{type(error).__name__}: {error}"[:500]
    log.warning("Message %s, attempt %s: %s", message.pk, message.attempt, fault)
    if isinstance(error, Undeliverable) or is_final(error) or message.attempt >= ATTEMPTS:
        _note(message, status=Status.FAILED, last_error=fault)
    else:
        again = database_now() + PAUSES[message.attempt - 1]
        _note(message, status=Status.DUE, due_at=again, last_error=fault)


def is_final(error: Exception) -> bool:
    """Whether the mail server refused this recipient or this letter for good (5xx).

    A refusal of the sender or of the password is about all letters: it ends when somebody corrects the settings.
    """
    if isinstance(error, SMTPRecipientsRefused):
        return all(code >= 500 for code, _reason in error.recipients.values())
    return isinstance(error, SMTPDataError) and error.smtp_code >= 500


def _note(message: Message, **changes: object) -> None:
    """Unless another worker has claimed it since: then it is up to that one."""
    mine = Message.objects.filter(pk=message.pk, attempt=message.attempt, status=Status.SENDING)
    mine.update(**changes)
