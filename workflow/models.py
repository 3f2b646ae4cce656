"""What the engine keeps: the audit trail, its chain heads and checks, and what is expected of whom by when."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from workflow.roles import MINISTRY, Actor, Role
from workflow.trail.findings import sentence
from workflow.trail.verify import sealed_up_to


class EventQuerySet(models.QuerySet["Event"]):
    def visible_to(self, user: Actor) -> "EventQuerySet":
        """The trail of a ministry is for its leaders and observers; others see the history of a case through that case.

        What belongs to no ministry, such as the registry of organisations and people, is for every ministry.
        """
        ministries = [organisation_id for role in MINISTRY for organisation_id in user.role_map.get(role, ())]
        if not ministries:
            return self.none()
        return self.filter(models.Q(ministry_id__in=ministries) | models.Q(ministry_id=None))

    def of(self, subject_type: str, subject_id: int) -> "EventQuerySet":
        return self.filter(subject_type=subject_type, subject_id=subject_id)


class Event(models.Model):
    """It happened. Append-only, chained per subject by a database trigger, which sets id, position, time and hashes.

    Names and free text stay out of the hash: the actor is an id, and `details_digest` is a salted SHA-256 of the text
    that EventDetails holds and that may be erased by law without breaking the chain. Ids grow along every chain.

    Where an event is shown is no fact of its own and stays out of the hash: the case on whose page its subject is shown
    (`about_type`, `about_id`; empty where it has a page of its own), and the ministry that may read it (None: all).
    """

    TRAIL_GRANTS = ("SELECT", "INSERT")

    subject_type = models.CharField(max_length=30)
    subject_id = models.BigIntegerField()
    number = models.CharField(max_length=40)
    position = models.PositiveIntegerField(default=0)
    action = models.CharField(max_length=40)
    source = models.CharField(max_length=30, blank=True)
    target = models.CharField(max_length=30, blank=True)
    version = models.PositiveIntegerField(default=0)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="events", null=True, db_index=False
    )
    role = models.CharField(max_length=30, blank=True)
    organisation_id = models.BigIntegerField(null=True)
    membership_id = models.BigIntegerField(null=True)
    about_type = models.CharField(max_length=30, blank=True, default="", db_default="")
    about_id = models.BigIntegerField(null=True)
    ministry_id = models.BigIntegerField(null=True)
    at = models.DateTimeField(db_default=Now())
    details_digest = models.CharField(max_length=64, blank=True)
    previous = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64, blank=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["subject_type", "subject_id", "position"], name="event_position_unique"),
        ]
        indexes = [
            models.Index(fields=["actor", "-id"], name="event_actor"),
            models.Index(fields=["organisation_id", "-id"], name="event_organisation"),
            models.Index(fields=["action", "-id"], name="event_action"),
            models.Index(fields=["number", "-id"], name="event_number"),
            models.Index(
                fields=["about_type", "about_id", "-id"], name="event_about", condition=~models.Q(about_type="")
            ),
            models.Index(fields=["-at"], name="event_at"),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.action}"


class EventDetails(models.Model):
    """The readable part of an event (inputs, changes), as the exact text that was hashed; may be erased by law.

    A trigger takes only the text whose digest the event carries, and only with a salt of 32 hexadecimal digits. It is
    deleted by an event of the type TRAIL_TYPE about it, and in no other way; see `workflow/trail/erasure.py`.
    """

    TRAIL_TYPE = "erasure"
    TRAIL_GRANTS = ("SELECT", "INSERT")

    event = models.OneToOneField(Event, on_delete=models.PROTECT, related_name="details", primary_key=True)
    salt = models.CharField(max_length=32)
    text = models.TextField()

    class Meta:
        verbose_name = _("details of an event")

    def __str__(self) -> str:
        return self.text


class ChainHead(models.Model):
    """How long each chain is and how it ends, so that the removal of its last event is noticed.

    Written by the trigger alone.
    """

    TRAIL_GRANTS = ("SELECT",)

    subject_type = models.CharField(max_length=30)
    subject_id = models.BigIntegerField()
    length = models.PositiveIntegerField()
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject_type", "subject_id"], name="chain_head_unique")]

    def __str__(self) -> str:
        return f"{self.subject_type} {self.subject_id}: {self.length}"


class TrailCheckQuerySet(models.QuerySet["TrailCheck"]):
    def within(self, time: timedelta) -> "TrailCheckQuerySet":
        """Verifications of the last `time`, by the database's clock; those dated in the future do not count."""
        return self.filter(at__lte=Now(), at__gt=Now() - time)

    def furthest_seal(self) -> str:
        """The seal that covers most of the trail; empty when nothing was sealed yet."""
        seals = self.exclude(seal="").order_by("id").values_list("seal", flat=True)
        return max(seals, key=sealed_up_to, default="")


class TrailCheck(models.Model):
    """One verification of the whole trail and what it found: `fault` and `facts` as `findings.py` names them.

    `seal` fingerprints the events that were settled then, for the next verification and for keeping elsewhere; there is
    none while the chains themselves are broken. Written by a function of the database alone, which sets number, time
    and hashes: the verifications are a chain of their own.
    """

    TRAIL_TYPE = "trail"
    TRAIL_GRANTS = ("SELECT",)
    WRITER = "public.trail_write_check(bigint,bigint,bigint,text,text,jsonb)"

    at = models.DateTimeField()
    chains = models.PositiveBigIntegerField()
    events = models.PositiveBigIntegerField()
    erased = models.PositiveBigIntegerField(default=0)
    seal = models.CharField(max_length=110, blank=True)
    fault = models.CharField(max_length=30, blank=True)
    facts = models.JSONField(default=dict)
    previous = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64, blank=True)

    objects = TrailCheckQuerySet.as_manager()

    class Meta:
        verbose_name = _("verification of the trail")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(seal__regex=r"^[0-9]{1,19}-[0-9]{1,19}-[0-9a-f]{64}$")
                | (~models.Q(fault="") & models.Q(seal="")),
                name="trail_check_sound_is_sealed",
            )
        ]

    def __str__(self) -> str:
        return self.finding or "sound"

    @property
    def code(self) -> str:
        """How the trail names it."""
        return f"T-{self.pk}"

    @property
    def is_sound(self) -> bool:
        return not self.fault

    @property
    def finding(self) -> str:
        """The first fault, in the reader's language; empty when the trail is sound."""
        return sentence(self.fault, self.facts, gettext)


class ExpectationQuerySet(models.QuerySet["Expectation"]):
    def open(self) -> "ExpectationQuerySet":
        return self.filter(closed_at=None)

    def of(self, subject_type: str, subject_id: int) -> "ExpectationQuerySet":
        return self.filter(subject_type=subject_type, subject_id=subject_id)


class Expectation(models.Model):
    """It should happen: who owes which action on a case by when. Written by workflow/expectations.py alone.

    `organisation_id` owes it in `role` (and `helper_role` prepares it there); of several holders of the role the
    `assignee` carries it. `key` tells apart what a case expects at the same time. `in_charge` carries the case itself,
    `lead_id` leads it, `addressed_id` is on the other side as far as it may see the case. `about_type` and `about_id`
    are the case on whose page it is shown. `start`, `days` (working days), `suspended_days` (0 so far, see `Term`) and
    `calendar` say how `due` was computed. Inboxes are counted along the indexes alone, which therefore hold all that
    an inbox asks for.
    """

    subject_type = models.CharField(max_length=30)
    subject_id = models.BigIntegerField()
    number = models.CharField(max_length=40)
    about_type = models.CharField(max_length=30)
    about_id = models.BigIntegerField()
    state = models.CharField(max_length=30)
    action = models.CharField(max_length=40)
    key = models.CharField(max_length=60, blank=True)
    topic = models.CharField(max_length=300, blank=True)
    role = models.CharField(max_length=30, choices=Role.choices)
    helper_role = models.CharField(max_length=30, blank=True)
    organisation_id = models.BigIntegerField()
    ministry_id = models.BigIntegerField(null=True)
    lead_id = models.BigIntegerField()
    addressed_id = models.BigIntegerField(null=True)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    in_charge = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    start = models.DateField()
    days = models.PositiveSmallIntegerField(null=True)
    suspended_days = models.PositiveSmallIntegerField(default=0)
    calendar = models.CharField(max_length=40)
    due = models.DateField()
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="opened", db_index=False)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="closed", null=True, db_index=False)

    objects = ExpectationQuerySet.as_manager()

    class Meta:
        verbose_name = _("expectation")
        constraints = [
            models.UniqueConstraint(
                fields=["subject_type", "subject_id", "key"],
                name="expectation_key_unique",
                condition=models.Q(closed_at=None),
            )
        ]
        indexes = [
            models.Index(fields=["subject_type", "subject_id"], name="expectation_of_case"),
            models.Index(
                fields=["organisation_id", "role", "due", "id"],
                name="expectation_unassigned_open",
                condition=models.Q(closed_at=None, assignee=None),
            ),
            models.Index(
                fields=["about_type", "about_id"], name="expectation_about", condition=models.Q(closed_at=None)
            ),
            *[
                models.Index(
                    fields=[*fields, "due", "id"],
                    include=looked_at,
                    name=f"expectation_{name}_open",
                    condition=models.Q(closed_at=None),
                )
                for name, fields, looked_at in (
                    ("helped", ["organisation_id", "helper_role"], []),
                    ("assigned", ["role", "assignee"], ["organisation_id"]),
                    ("in_charge", ["in_charge"], ["role"]),
                    ("led", ["lead_id"], ["role"]),
                    ("addressed", ["addressed_id"], ["role", "organisation_id"]),
                    ("ministry", ["ministry_id"], ["role"]),
                )
            ],
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.action} by {self.due}"

    def is_owed_by(self, reader: Actor) -> bool:
        """True for holders of the owing role; of an assigned task only for the assignee and their substitute."""
        if self.assignee_id is not None and self.assignee_id not in reader.carries_for(self.role):
            return False
        return self._counts_for(reader, self.role)

    def is_prepared_by(self, reader: Actor) -> bool:
        return self._counts_for(reader, self.helper_role)

    def _counts_for(self, reader: Actor, role: str) -> bool:
        return self.organisation_id in reader.role_map.get(role, {})
