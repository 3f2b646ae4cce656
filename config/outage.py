"""Shows the page of 503 while the database is away; the next request tries again, so nothing has to be restarted."""

import sys
from collections.abc import Callable
from typing import Any

from django.core.signals import got_request_exception
from django.db import InterfaceError, OperationalError
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

RETRY_AFTER = "10"
"""Seconds after which a browser or a machine may ask again."""
LOST = {"57P01", "57P02", "57P03"}
"""SQLSTATEs of a server that shuts down, crashed, or is starting up."""


class OutageMiddleware:
    """Django answers 500 to any exception further in; that answer is exchanged when a lost database was the cause."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == 500 and hasattr(request, "lost_database"):
            # Without the request: no context processor, hence no query.
            page = render_to_string("503.html")
            return HttpResponse(page, status=503, headers={"Retry-After": RETRY_AFTER, "Cache-Control": "no-store"})
        return response


@receiver(got_request_exception, dispatch_uid="config.outage")
def note(request: HttpRequest | None = None, **rest: Any) -> None:
    """Called while the exception is being handled, wherever in the request it came up."""
    error = sys.exception()
    if request is not None and is_outage(error):
        request.lost_database = True  # type: ignore[attr-defined]


def is_outage(error: BaseException | None) -> bool:
    """A connection refused, lost or timed out has no SQLSTATE, or one of class 08; a deadlock has another."""
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    state = getattr(error.__cause__, "pgcode", None)
    return state is None or state.startswith("08") or state in LOST
