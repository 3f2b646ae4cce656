"""What was done to a row of the registry, as its page shows it."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from cases.registry.access import is_registrar
from cases.registry.ministries import others_than_mine, registry_events
from cases.registry.models import LegalAct, Membership, Organisation, User
from cases.registry.verbs import Action
from workflow.models import Event, EventQuerySet
from workflow.trail.readable import Detail, readable

SHOWN = 30


@dataclass(frozen=True)
class RegistryHistoryLine:
    """One event for components/timeline.html."""

    who: str
    text: str
    at: datetime
    note: str


def history(row: User | Organisation | LegalAct, *, reader: User) -> list[RegistryHistoryLine]:
    """The latest events of an organisation, a person with their roles, or an act, newest first.

    For registrars and for those who read the whole trail; nothing for others. A constant number of queries.
    """
    events = list(_events(row, reader).select_related("actor", "details").order_by("-id")[:SHOWN])
    details = readable(events)
    labels = dict(Action.choices)
    return [
        RegistryHistoryLine(
            who=str(event.actor or _("The system")),
            text=str(labels.get(event.action, event.action)),
            at=event.at,
            note="\n".join(_sentence(detail) for detail in details[event.pk] if detail.old or detail.new),
        )
        for event in events
    ]


def _events(row: User | Organisation | LegalAct, reader: User) -> "QuerySet[Event]":
    rows = Event.objects.all() if is_registrar(reader) else _of_own_ministry(reader)
    types = [row.TRAIL_TYPE, *([Membership.TRAIL_TYPE] if isinstance(row, User) else [])]
    return rows.filter(number=row.code, subject_type__in=types)


def _of_own_ministry(reader: User) -> EventQuerySet:
    rows = Event.objects.visible_to(reader)
    others = others_than_mine(reader)
    return rows.filter(registry_events(others)) if others else rows


def _sentence(detail: Detail) -> str:
    old, new = (value.replace("\n", ", ") or "–" for value in (detail.old, detail.new))
    named = {"label": detail.label, "old": old, "new": new}
    return _("%(label)s: %(old)s → %(new)s") % named if detail.is_change else _("%(label)s: %(new)s") % named
