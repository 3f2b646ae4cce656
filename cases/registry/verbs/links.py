"""Asking for a link to set a password without being signed in: noted by the page, answered by the worker."""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from cases.registry.models import LinkRequest
from cases.registry.verbs.people import forget_password
from workflow.door import Refused

PER_PLACE = 20
"""Links that may be asked for from one network address within SPAN: a whole institution may be behind it."""
SPAN = timedelta(hours=1)


def ask_for_link(email: str, *, place: str) -> None:
    """The same two statements for every address, registered or not. Raises Refused."""
    if LinkRequest.objects.lately_from(place, SPAN).count() >= PER_PLACE:
        raise Refused(_("Too many links were asked for from your network. Try again in an hour."))
    LinkRequest.objects.create(email=email.strip().lower(), place=place)


def answer_link_requests(limit: int = 100) -> int:
    """Have links sent to those who are registered; returns how many requests were answered, by whichever way."""
    with transaction.atomic():
        requests = list(LinkRequest.objects.waiting().select_for_update(skip_locked=True)[:limit])
        for email in sorted({request.email for request in requests}):
            forget_password(email)
        return LinkRequest.objects.filter(pk__in=[request.pk for request in requests]).update(is_answered=True)
