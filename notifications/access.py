"""The only door to a message: one's own, or 404."""

from django.shortcuts import get_object_or_404

from notifications.models import Message
from workflow.roles import Actor


def get_message(user: Actor, pk: int) -> Message:
    return get_object_or_404(Message.objects.visible_to(user).in_app().select_related("event"), pk=pk)
