"""Shows the page of 503 while the database is away or busy; what was typed stays on it, to be sent once more."""

import sys
from collections.abc import Callable

from django.core.signals import got_request_exception
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string

from config.database_trouble import DatabaseTrouble, trouble_of
from config.unsent import Unsent, arrived

RETRY_AFTER = "10"
"""Seconds after which a browser or a machine may ask again."""


class OutageMiddleware:
    """Django answers 500 to any exception further in; replaced by 503 when the database could not serve the request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        trouble = getattr(request, "database_trouble", None)
        if response.status_code != 500 or trouble is None:
            return response
        unsent = _kept(request)
        # Without the request: no context processor, hence no query.
        context = {
            "is_busy": trouble is DatabaseTrouble.BUSY,
            "unsent": unsent,
            "csrf_token": get_token(request) if unsent else "",
        }
        page = render_to_string("503.html", context)
        return HttpResponse(page, status=503, headers={"Retry-After": RETRY_AFTER, "Cache-Control": "no-store"})


@receiver(got_request_exception, dispatch_uid="config.outage")
def note(request: HttpRequest | None = None, **rest: object) -> None:
    """Called while the exception is being handled, wherever in the request it came up."""
    trouble = trouble_of(sys.exception())
    if request is not None and trouble:
        request.database_trouble = trouble  # type: ignore[attr-defined]


def _kept(request: HttpRequest) -> Unsent | None:
    """The form, if a page of ours sent it: one made elsewhere must not be handed back with a valid token."""
    if request.method != "POST" or not getattr(request, "csrf_processing_done", False):
        return None
    return arrived(request)
