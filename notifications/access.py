"""The only doors to a message: one's own, or one that did not arrive, for the registrar; else 404."""

from django.http import Http404
from django.shortcuts import get_object_or_404

from notifications.models import Message
from workflow.roles import Actor, Role


def get_message(user: Actor, pk: int) -> Message:
    return get_object_or_404(Message.objects.visible_to(user).in_app().select_related("event"), pk=pk)


def get_undelivered(user: Actor, pk: int) -> Message:
    return get_object_or_404(Message.objects.undelivered(user).select_related("recipient"), pk=pk)


def sees_undelivered(user: Actor) -> None:
    """For everybody but registrars the page does not exist."""
    if Role.REGISTRAR not in user.role_map:
        raise Http404
