"""Tells registrars, in the transaction in which it happens, that an act left a duty with nobody who can meet it."""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any

from django.db.models import Q
from django.db.models.functions import Now
from django.dispatch import receiver

from cases.desk.unmanned import unmanned
from cases.registry.models import Membership, Organisation
from notifications.models import NOBODY_CAN, Channel, Message, Status
from workflow.case import Case
from workflow.door import happened
from workflow.models import Event, Expectation
from workflow.roles import Role

TYPE, SUBJECTS, EVENTS = "the type of the cases", "their ids", "the ids of the events"
"""Stand in the compiled statement for what is asked."""


@receiver(happened, dispatch_uid="notifications.unmanned")
def write_warnings(happenings: Sequence[tuple[Case, Event]], **rest: object) -> None:
    """Once for each act, to the registrars of the ministry; acts that leave the state alone open no duty."""
    moved = {event.pk: event for _case, event in happenings if event.source != event.target or _is_first(event)}
    rows = {row.opened_by_id: row for row in _left_alone(list(moved.values()))} if moved else {}
    Message.objects.bulk_create(_messages((moved[pk], row) for pk, row in rows.items()), ignore_conflicts=True)


def duty_of(message: Message) -> tuple[Expectation, Organisation]:
    """What the act left with nobody, and where; the first thing that it opened when somebody can do all by now."""
    event = message.event
    opened = Expectation.objects.of(event.subject_type, event.subject_id).filter(opened_by=event).order_by("id")
    row = unmanned(opened).first() or opened[0]
    return row, Organisation.objects.get(pk=row.organisation_id)


def _left_alone(events: Sequence[Event]) -> Iterable[Expectation]:
    """Of what the events, of cases of one type, have opened, what nobody can meet."""
    sql, parameters = _left_alone_sql()
    given: dict[object, object] = {
        TYPE: events[0].subject_type,
        SUBJECTS: [event.subject_id for event in events],
        EVENTS: [event.pk for event in events],
    }
    return Expectation.objects.raw(sql, [given.get(one, one) for one in parameters])


@cache
def _left_alone_sql() -> tuple[str, tuple[object, ...]]:
    """Compiled once: every act asks this, and Django takes ten times as long to say it as the database to answer."""
    of_events = Expectation.objects.open().extra(
        where=["subject_type = %s", "subject_id = ANY(%s)", "opened_by_id = ANY(%s)"], params=[TYPE, SUBJECTS, EVENTS]
    )
    sql, parameters = unmanned(of_events).query.sql_with_params()
    return sql, tuple(parameters)


def _is_first(event: Event) -> bool:
    return event.action == "create"


def _messages(alone: Iterable[tuple[Event, Expectation]]) -> Iterator[Message]:
    ways: tuple[dict[str, Any], ...] = (
        {"channel": Channel.IN_APP, "status": Status.SENT, "sent_at": Now()},
        {"channel": Channel.EMAIL, "status": Status.DUE, "due_at": Now()},
    )
    for event, row in alone:
        for person_id in _registrars(row):
            yield from (Message(event=event, recipient_id=person_id, template=NOBODY_CAN, **way) for way in ways)


def _registrars(row: Expectation) -> Iterable[int]:
    """Those of the departments of the ministry, and of the department that leads the case."""
    department = Q(organisation__parent=row.ministry_id) if row.ministry_id else Q(organisation=row.lead_id)
    held = Membership.objects.in_force().filter(department, role=Role.REGISTRAR)
    return held.order_by("person_id").values_list("person_id", flat=True).distinct()
