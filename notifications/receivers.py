"""Writes who is told of what happened, in the transaction in which it happens; never sends anything."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.dispatch import receiver
from django.utils import timezone

from cases.registry.models import Membership
from notifications.models import Channel, Message, Status
from notifications.rules import Call, calls
from workflow.case import Case
from workflow.lifecycle import happened
from workflow.models import Event

Holder = tuple[int, int | None]
"""A person who holds a role today, and whom they stand in for."""
Holders = Mapping[tuple[int, str], Sequence[Holder]]
"""(organisation id, role) -> who holds it today."""


@receiver(happened, dispatch_uid="notifications")
def write_messages(happenings: Sequence[tuple[Case, Event]], **rest: Any) -> None:
    """Two statements, however many cases there are; none when nobody is told."""
    called = [call for case, event in happenings for call in calls(case, event)]
    if called:
        Message.objects.bulk_create(_messages(called, holders(called)))


def holders(called: Iterable[Call]) -> Holders:
    """Who holds the called roles today, in one query."""
    organisations = {call.organisation_id for call in called}
    roles = {call.role for call in called}
    rows = Membership.objects.in_force().filter(organisation_id__in=organisations, role__in=roles)
    found: dict[tuple[int, str], list[Holder]] = defaultdict(list)
    for organisation_id, role, person_id, absent_id in rows.values_list(
        "organisation_id", "role", "person_id", "substitutes_for_id"
    ):
        found[organisation_id, role].append((person_id, absent_id))
    return found


def told(call: Call, there: Holders) -> set[int]:
    """The people whom a call reaches. When the assigned person has left, all who hold the role are told."""
    present = there.get((call.organisation_id, call.role), ())
    carrying = [one for one in present if call.carrier_id in one] if call.carrier_id else []
    return {person_id for person_id, _absent_id in carrying or present} - {call.event.actor_id}


def _messages(called: Iterable[Call], there: Holders) -> Iterator[Message]:
    """Each person once per event, however many of their roles are called."""
    templates = {(call.event.pk, pk): call.template for call in called for pk in told(call, there)}
    now = timezone.now()
    for (event_id, recipient_id), template in templates.items():
        one: dict[str, Any] = {"event_id": event_id, "recipient_id": recipient_id, "template": template, "due_at": now}
        yield Message(channel=Channel.IN_APP, status=Status.SENT, sent_at=now, **one)
        yield Message(channel=Channel.EMAIL, status=Status.DUE, **one)
