"""Answers whether the database and the worker are alive, for monitoring and for the launcher."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, InterfaceError, connection
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from notifications.models import Heartbeat

LONGEST_PAUSE = timedelta(seconds=30)
"""Between two beats of a worker that is alive."""
PATIENCE = 2.5
"""Seconds that a database may take to answer, connection included."""

_own_thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="healthz")


@login_not_required
@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 when all is well, else 503; the answer says which part is not."""
    try:
        # In a thread of its own: a server that froze would hold this request for ever.
        found = _own_thread.submit(look).result(PATIENCE)
    except TimeoutError:
        found = {"database": "does not answer", "worker": "unknown"}
    return JsonResponse(found, status=200 if set(found.values()) == {"ok"} else 503)


def look() -> dict[str, str]:
    """One fresh connection, one query."""
    try:
        alive = Heartbeat.objects.filter(at__gt=timezone.now() - LONGEST_PAUSE).exists()
    except (DatabaseError, InterfaceError):
        return {"database": "does not answer", "worker": "unknown"}
    finally:
        connection.close()
    return {"database": "ok", "worker": "ok" if alive else "no sign of life"}
