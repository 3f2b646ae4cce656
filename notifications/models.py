"""What is kept of telling people: the messages that are due, sent and read, and the worker's sign of life."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from workflow.models import Event
from workflow.roles import Actor, Role


class Channel(models.TextChoices):
    IN_APP = "in_app", _("In Baikoo")
    EMAIL = "email", _("E-mail")


class Status(models.TextChoices):
    DUE = "due", _("Due")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Failed")
    WITHHELD = "withheld", _("Withheld")


OUTSTANDING = models.Q(channel=Channel.EMAIL, status__in=[Status.DUE, Status.SENDING])
FAILED = models.Q(channel=Channel.EMAIL, status=Status.FAILED)
PASSWORD_LINK = "password_link"  # noqa: S105 - a template
"""The template of the letter that brings the link for setting a password; it is about no case."""
NOBODY_CAN = "nobody_can"
"""The template of the message that an act left a duty with nobody who can meet it; it leads to the organisation."""
DUTIES_LEFT = "duties_left"
"""The same of the end of a role, or of a deactivation; it leads to the person or the organisation."""
TRAIL_BROKEN = "trail_broken"
"""The template of the alarm that the audit trail was found broken; it is about no case either."""
EXPORT_READY, EXPORT_FAILED = "export_ready", "export_failed"
"""The templates of what tells that a long table was made, or could not be."""
ACCESS_WITHDRAWN = "access_withdrawn"
"""The template of what tells somebody that they see a case no more; it leads to no page of the case."""
TO_OTHERS = frozenset({NOBODY_CAN, ACCESS_WITHDRAWN})
"""The templates of messages about a case to people who do not see it."""
UNREAD = models.Q(channel=Channel.IN_APP, read_at=None)


class MessageQuerySet(models.QuerySet["Message"]):
    def visible_to(self, user: Actor) -> "MessageQuerySet":
        """One's own."""
        return self.filter(recipient_id=user.pk)

    def in_app(self) -> "MessageQuerySet":
        return self.filter(channel=Channel.IN_APP)

    def unread(self) -> "MessageQuerySet":
        return self.filter(UNREAD)

    def to_send(self, at: datetime) -> "MessageQuerySet":
        """E-mails whose time has come, those that a worker left half-way among them."""
        return self.filter(OUTSTANDING, due_at__lte=at).order_by("due_at", "id")

    def undelivered(self, user: Actor) -> "MessageQuerySet":
        """E-mails that failed for good, to people who still have an account; the registrar looks after addresses.

        Links for passwords are not sent again by themselves: a new one is asked for, and that is recorded. Letters to
        an address of their own are not, either: nobody can correct it.
        """
        failed = self.filter(FAILED, recipient__is_active=True, address="").exclude(template=PASSWORD_LINK)
        return failed if Role.REGISTRAR in user.role_map else failed.none()

    def send_again(self) -> int:
        """How many will be sent again; those that are on their way already do not count."""
        return self.filter(FAILED).update(status=Status.DUE, attempt=0, due_at=Now(), last_error="")

    def mark_read(self) -> int:
        return self.filter(UNREAD).update(read_at=timezone.now())


class Message(models.Model):
    """Tells one person about one event, by one channel. In the app it is sent as soon as it is written.

    An e-mail goes to the recipient's present address, unless it has an `address` of its own: one that was given up, or
    that of somebody who was deactivated. `due_at` of an e-mail that is being sent is the moment when its worker is
    considered dead and another one may try. It is withheld from somebody who sees the case no more when it is sent.
    """

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="messages", db_index=False)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="notices", db_index=False
    )
    channel = models.CharField(max_length=10, choices=Channel.choices)
    address = models.EmailField(blank=True, default="", db_default="")
    template = models.CharField(max_length=60)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DUE)
    attempt = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(default=timezone.now)
    sending_by = models.CharField(max_length=100, blank=True)
    sending_since = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=500, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["event", "recipient", "channel", "address"], name="message_unique"),
            models.CheckConstraint(condition=models.Q(channel__in=Channel.values), name="message_channel_known"),
            models.CheckConstraint(condition=models.Q(status__in=Status.values), name="message_status_known"),
        ]
        indexes = [
            models.Index(fields=["due_at", "id"], name="message_due", condition=OUTSTANDING),
            models.Index(fields=["recipient", "-id"], name="message_mine", condition=models.Q(channel=Channel.IN_APP)),
            models.Index(fields=["recipient"], name="message_unread", condition=UNREAD),
            models.Index(fields=["-id"], name="message_failed", condition=FAILED),
        ]

    def __str__(self) -> str:
        return f"{self.template} ({self.channel})"


class Heartbeat(models.Model):
    """When a background process last said that it lives."""

    name = models.CharField(max_length=60, unique=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name}: {self.at:%d.%m.%Y %H:%M:%S}"

    @classmethod
    def note(cls, name: str) -> None:
        """One statement, by the database's clock: it is made every few seconds."""
        Heartbeat.objects.bulk_create(
            [Heartbeat(name=name, at=Now())], update_conflicts=True, unique_fields=["name"], update_fields=["at"]
        )
