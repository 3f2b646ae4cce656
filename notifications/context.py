"""What the menu shows of messages: how many are unread."""

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from cases.registry.models import User
from notifications.reading import unread_label


def unread(request: HttpRequest) -> dict[str, object]:
    """Counted only when a page shows it, and once."""
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return {"unread_messages": ""}
    return {"unread_messages": SimpleLazyObject(lambda: unread_label(user))}
