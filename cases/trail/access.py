"""The only doors to the trail: its events, or 404 for those who may not read it."""

from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404

from cases.registry.ministries import others_than_mine, registry_events
from cases.registry.models import User
from workflow.models import Event, EventQuerySet
from workflow.roles import Role

READERS = frozenset({Role.MINISTRY_LEADER.value, Role.MINISTRY_OBSERVER.value})


def get_trail(user: User) -> EventQuerySet:
    """All events, newest first, for those who read the whole trail; of several ministries, their own one's."""
    if not READERS & user.role_map.keys():
        raise Http404
    events = Event.objects.visible_to(user).order_by("-id")
    others = others_than_mine(user)
    return events.filter(Q(ministry_id__isnull=False) | registry_events(others)) if others else events


def reads_all(user: User) -> bool:
    """Whether all events there are are the person's to read."""
    return not others_than_mine(user)


def get_event(user: User, pk: int) -> Event:
    return get_object_or_404(get_trail(user).select_related("actor", "details"), pk=pk)
