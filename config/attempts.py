"""Who may try to sign in, and when: guessing passwords is slow, and nobody can lock out somebody else.

A browser in which the account was used before is counted by itself, so what others try elsewhere does not concern it.
Attempts from all other browsers are counted by account and address together (a lock), by address alone (one who tries
many accounts) and by account alone (many who try one): these two must wait, ever longer. To avoid
waiting, a person can have a link sent: setting a password with it makes the browser known.
"""

import json
import logging
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Max, Q, QuerySet, Sum
from django.http import HttpRequest

from cases.ground.networks import neighbourhood
from cases.registry.known_browsers import known_as
from cases.registry.models import User

log = logging.getLogger("baikoo.security")


class AttemptRequest(HttpRequest):
    """A request as django-axes hands it on."""

    axes_attempt_time: datetime
    axes_ip_address: str
    axes_user_agent: str
    axes_locked_out: bool
    axes_failures_since_start: int


LOCK = timedelta(hours=settings.AXES_COOLOFF_TIME)
FREE_BY_ADDRESS = 20
"""Wrong passwords from one address before it has to wait; behind one address may be a whole institution."""
FREE_BY_ACCOUNT = 15
LONGEST_WAIT = 60
"""Seconds. Each further wrong password doubles the wait up to this."""
NOTHING = timedelta(0)


def typed_address(request: HttpRequest, credentials: Mapping[str, str] | None = None) -> str:
    """Whom an attempt is counted for: AIGUL@ and aigul@ are one person."""
    return (credentials or request.POST).get("username", "").strip().lower()


def place(request: HttpRequest) -> str | None:
    """The network that an attempt is counted for."""
    return neighbourhood(request.META.get("REMOTE_ADDR", "")) or None


def counted_by(request: AttemptRequest, credentials: Mapping[str, str] | None = None) -> list[list[str]]:
    """The columns that make up one lock; `user_agent` holds the name of a known browser, or nothing."""
    return [["username", "user_agent"] if request.axes_user_agent else ["username", "ip_address", "user_agent"]]


class Attempts(AxesDatabaseHandler):  # type: ignore[misc]
    """Of axes' table of wrong passwords; rows older than the lock are removed by it."""

    def is_locked(self, request: AttemptRequest, credentials: Mapping[str, str] | None = None) -> bool:
        _name_browser(request, credentials)
        return wait(request, credentials) > NOTHING

    def user_login_failed(
        self, sender: object, credentials: dict[str, str], request: AttemptRequest, **rest: object
    ) -> None:
        _name_browser(request, credentials)
        super().user_login_failed(sender, credentials, request, **rest)
        refused = "refused" if request.axes_locked_out and request.axes_failures_since_start is None else "failed"
        _log(refused, request, typed_address(request, credentials))

    def user_logged_in(self, sender: object, request: AttemptRequest, user: User, **rest: object) -> None:
        _name_browser(request, {"username": user.get_username()})
        super().user_logged_in(sender, request, user, **rest)
        _log("done", request, user.get_username())


def wait(request: AttemptRequest, credentials: Mapping[str, str] | None = None) -> timedelta:
    """How long until this browser may try this account (again); the same whether or not the account exists."""
    now: datetime = request.axes_attempt_time
    since = AccessAttempt.objects.filter(attempt_time__gt=now - LOCK)
    ends = _ends(since, request, typed_address(request, credentials))
    return max((end - now for end in ends), default=NOTHING)


def _ends(since: QuerySet[AccessAttempt], request: AttemptRequest, account: str) -> Iterator[datetime]:
    browser, address = request.axes_user_agent, request.axes_ip_address
    if browser:
        yield from _lock_end(since.filter(username=account, user_agent=browser))
        return
    unknown = since.filter(user_agent="")
    yield from _lock_end(unknown.filter(username=account, ip_address=address))
    yield from _wait_end(unknown.filter(Q(ip_address=address)), FREE_BY_ADDRESS)
    yield from _wait_end(unknown.filter(Q(username=account)), FREE_BY_ACCOUNT)


def _lock_end(rows: QuerySet[AccessAttempt]) -> Iterator[datetime]:
    failures, last = _counted(rows)
    if last and failures >= settings.AXES_FAILURE_LIMIT:
        yield last + LOCK


def _wait_end(rows: QuerySet[AccessAttempt], free: int) -> Iterator[datetime]:
    failures, last = _counted(rows)
    if last and failures >= free:
        yield last + timedelta(seconds=min(2 ** min(failures - free, 30), LONGEST_WAIT))


def _counted(rows: QuerySet[AccessAttempt]) -> tuple[int, datetime | None]:
    counted = rows.order_by().aggregate(failures=Sum("failures_since_start"), last=Max("attempt_time"))
    return counted["failures"] or 0, counted["last"]


def _name_browser(request: AttemptRequest, credentials: Mapping[str, str] | None) -> None:
    """Instead of what browsers call themselves, which anybody can vary."""
    request.axes_user_agent = known_as(request, typed_address(request, credentials))


def _log(what: str, request: AttemptRequest, account: str) -> None:
    """Account and address as they are; written so that nothing typed can look like a line of its own."""
    seen = {
        "account": account[:254],
        "address": request.META.get("REMOTE_ADDR", ""),
        "browser": request.axes_user_agent,
    }
    log.log(logging.INFO if what == "done" else logging.WARNING, "Sign-in %s: %s", what, json.dumps(seen))
