"""Answers whether database and worker are alive and the trail is sound, by the database's clock alone."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from django.db import DatabaseError, InterfaceError, connection
from django.db.models.functions import Now
from django.http import HttpRequest, HttpResponse, JsonResponse

from notifications.models import Heartbeat
from workflow.trail.checking import condition

LONGEST_PAUSE = timedelta(seconds=30)
"""Between two beats of a worker that is alive."""
PATIENCE = 2.5
"""Seconds that a database may take to answer, connection included."""
SILENT = {"database": "does not answer", "worker": "unknown", "trail": "unknown"}

_own_thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="healthz")


class HealthMiddleware:
    """The outermost middleware: no session, redirect or check of the host name keeps the answer from a monitor."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path == "/healthz" and request.method in {"GET", "HEAD"}:
            return healthz()
        return self.get_response(request)


def healthz() -> JsonResponse:
    """200 when all is well, else 503; the answer says which part is not."""
    try:
        # In a thread of its own: a server that froze would hold this request for ever.
        report = _own_thread.submit(look).result(PATIENCE)
    except TimeoutError:
        report = SILENT
    status = 200 if set(report.values()) == {"ok"} else 503
    return JsonResponse(report, status=status, headers={"Cache-Control": "no-store"})


def look() -> dict[str, str]:
    """One fresh connection, a few quick queries."""
    try:
        alive = Heartbeat.objects.filter(at__gt=Now() - LONGEST_PAUSE).exists()
        trail = condition()
    except (DatabaseError, InterfaceError):
        return SILENT
    finally:
        connection.close()
    return {"database": "ok", "worker": "ok" if alive else "no sign of life", "trail": trail}
