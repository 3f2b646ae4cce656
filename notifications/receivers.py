"""Writes the messages about what happened, in the same transaction; never sends anything."""

from collections.abc import Iterable, Sequence

from django.db import connection
from django.db.models.functions import Now
from django.dispatch import receiver

from cases.desk.making import made
from cases.desk.models import Export, ExportStatus
from cases.registry.messages import letters_of
from cases.registry.models import Membership, User
from cases.registry.verbs import link_wanted
from cases.registry.verbs.recording import Step, recorded
from cases.trail.access import READERS
from notifications.models import EXPORT_FAILED, EXPORT_READY, PASSWORD_LINK, TRAIL_BROKEN, Channel, Message, Status
from notifications.rules import calls
from notifications.unmanned import OFFICE, offices_of, warn, warn_of_left
from workflow import bulk
from workflow.case import Case
from workflow.door import happened
from workflow.models import Event
from workflow.terms import BISHKEK
from workflow.trail.checking import found_broken

CALLED = {
    "event_id": "bigint",
    "actor_id": "bigint",
    "template": "text",
    "role": "text",
    "organisation_id": "bigint",
    "carrier_id": "bigint",
    "is_personal": "boolean",
}
"""Roles that are called because of an event; without one, it is only asked whether somebody holds the role."""
NOTIFY = f"""
WITH today AS (
    SELECT (STATEMENT_TIMESTAMP() AT TIME ZONE '{BISHKEK.key}')::date AS day
), held AS (  -- as MembershipQuerySet.in_force()
    SELECT called.*, held.person_id,
        called.carrier_id IN (held.person_id, held.substitutes_for_id) IS TRUE AS is_carrier
    FROM today CROSS JOIN {bulk.rows_of("called", CALLED)}
    JOIN registry_membership AS held ON (held.organisation_id, held.role) = (called.organisation_id, called.role)
        AND held.starts <= today.day AND (held.ends IS NULL OR held.ends >= today.day) AND NOT held.is_withdrawn
        AND (SELECT is_active FROM registry_user WHERE id = held.person_id)
        AND (SELECT is_active FROM registry_organisation WHERE id = called.organisation_id)
        AND (held.substitutes_for_id IS NULL OR EXISTS (
            SELECT FROM registry_membership AS own JOIN registry_user ON registry_user.id = own.person_id
            WHERE own.person_id = held.substitutes_for_id AND registry_user.is_active AND NOT own.is_withdrawn
            AND (own.organisation_id, own.role) = (held.organisation_id, held.role) AND own.substitutes_for_id IS NULL
            AND own.starts <= today.day AND (own.ends IS NULL OR own.ends >= today.day)
        ))
), reached AS (
    SELECT *, bool_or(is_carrier) OVER (PARTITION BY event_id, role, organisation_id) AS has_carrier
    FROM held WHERE event_id IS NOT NULL
), written AS (
    INSERT INTO notifications_message (
        event_id, recipient_id, channel, template, status, attempt, due_at, sent_at, sending_by, last_error
    )
    SELECT event_id, person_id, way.channel, template, way.status, 0, STATEMENT_TIMESTAMP(), way.sent_at, '', ''
    FROM reached CROSS JOIN (
        VALUES ('in_app', 'sent', STATEMENT_TIMESTAMP()), ('email', 'due', NULL)
    ) AS way (channel, status, sent_at)
    WHERE (is_carrier OR NOT (has_carrier OR is_personal)) AND person_id IS DISTINCT FROM actor_id
    ON CONFLICT (event_id, recipient_id, channel, address) DO NOTHING
)
SELECT DISTINCT role, organisation_id, carrier_id FROM held
WHERE event_id IS NULL AND (carrier_id IS NULL OR is_carrier)
"""  # noqa: S608 - the names are ours
"""Written by hand, because every act waits for it: one statement takes a quarter of the time of querysets.

When the assigned person no longer holds the role, all who hold it get the message; nobody gets it twice. Returns which
of the roles that were asked for are held.
"""


@receiver(happened, dispatch_uid="notifications")
def write_messages(
    sender: type[Case], happenings: Sequence[tuple[Case, Event]], opened: Sequence[bulk.ColumnValues], **rest: object
) -> None:
    """One statement, however many cases there are; one more for each duty that was left with nobody."""
    called = [vars(call) for case, event in happenings for call in calls(case, event)]
    offices = [offices_of(sender, duty) for duty in opened]
    asked = [dict(zip(OFFICE, office, strict=True)) for office in set().union(*offices)]
    if called or asked:
        with connection.cursor() as cursor:
            cursor.execute(NOTIFY, {"called": bulk.document([*called, *asked])})
            held = set(cursor.fetchall())
        warn(duty for duty, able in zip(opened, offices, strict=True) if held.isdisjoint(able))


@receiver(recorded, dispatch_uid="notifications.registry")
def write_registry_letters(steps: Sequence[Step], events: Sequence[Event], **rest: object) -> None:
    """By e-mail alone: they lead to no page. Of what is left undone the registrars get messages that do."""
    Message.objects.bulk_create(
        Message(event=event, channel=Channel.EMAIL, **vars(letter))
        for step, event in zip(steps, events, strict=True)
        for letter in letters_of(step)
    )
    warn_of_left(steps, events)


@receiver(link_wanted, dispatch_uid="notifications.password_link")
def write_password_link(person: User, event: Event, **rest: object) -> None:
    """By e-mail alone: who reads it has the person's mailbox."""
    Message.objects.create(event=event, recipient=person, channel=Channel.EMAIL, template=PASSWORD_LINK, due_at=Now())


@receiver(found_broken, dispatch_uid="notifications.trail_broken")
def write_alarm(event: Event, **rest: object) -> None:
    """To everybody who reads the trail."""
    readers = Membership.objects.in_force().filter(role__in=READERS).order_by("person_id")
    _tell(event, readers.values_list("person_id", flat=True).distinct(), TRAIL_BROKEN)


@receiver(made, dispatch_uid="notifications.exports")
def write_that_a_table_is_made(export: Export, event: Event, **rest: object) -> None:
    _tell(event, [export.owner_id], EXPORT_READY if export.status == ExportStatus.READY else EXPORT_FAILED)


def _tell(event: Event, people: Iterable[int], template: str) -> None:
    """By both channels."""
    ways: tuple[dict[str, object], ...] = (
        {"channel": Channel.IN_APP, "status": Status.SENT, "sent_at": Now()},
        {"channel": Channel.EMAIL, "status": Status.DUE, "due_at": Now()},
    )
    Message.objects.bulk_create(
        Message(event=event, recipient_id=person, template=template, **way) for person in people for way in ways
    )
