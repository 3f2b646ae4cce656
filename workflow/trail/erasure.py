"""Erasing the details of an event, as the law on personal data may demand: the event stays, and the erasure is one."""

from django.db import transaction
from django.utils.translation import gettext as _

from workflow.door import Refused
from workflow.models import Event, EventDetails
from workflow.roles import Actor
from workflow.trail.recording import Entry, record

ERASE = "erase_details"
FOUND_ERASED = "found_erased"
"""The action of what was erased before erasures left a trace."""


def erase(event: Event, *, by: Actor, reason: str) -> Event:
    """Write the erasure of this event's details on the trail, by which the database deletes them. Raises Refused.

    Only the role that owns the tables may; to any other the database denies it.
    """
    if not reason.strip():
        raise Refused(_("Give the reason."))
    entry = Entry(EventDetails.TRAIL_TYPE, event.pk, event.number, ERASE, by, details={"reason": reason.strip()})
    with transaction.atomic():
        if not EventDetails.objects.filter(pk=event.pk).exists():
            raise Refused(_("This event has no details that could be erased."))
        [erasure] = record([entry])
    return erasure
