"""Which browsers an account was used in: in them nobody is kept from signing in by what others try elsewhere.

It also tells who was signed in there last, so that what this person typed is offered to nobody else.
"""

import hashlib
import secrets

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

COOKIE = "browser"
SALT = "known-browser"
YEAR = 365 * 24 * 3600
MOST = 5
"""How many accounts are remembered in one browser: the latest ones."""
NOBODY = ""
"""In the place of an account: the person before it signed out."""


def known_as(request: HttpRequest, address: str) -> str:
    """The browser's own name when the account with this e-mail address was used in it within a year, else empty.

    The address is what somebody typed: nothing is looked up, so nothing tells whether it is registered.
    """
    name, accounts = _read(request)
    return name if _account(address) in accounts else ""


def remember(request: HttpRequest, response: HttpResponse, address: str) -> None:
    """Remember the browser of a person who signed in or set a password by the link of a letter."""
    _keep(request, response, _account(address))


def forget_who_left(request: HttpRequest, response: HttpResponse) -> None:
    """Somebody signed out: from now on what is typed here is nobody's. Their browser stays known."""
    _keep(request, response, NOBODY)


def left_by(request: HttpRequest) -> str:
    """The mark of who was signed in last in this browser and did not sign out; empty where nobody is known."""
    _name, accounts = _read(request)
    return accounts[-1] if accounts else NOBODY


def is_mark_of(mark: str, address: str) -> bool:
    return mark == _account(address)


def is_used_alone(request: HttpRequest, address: str) -> bool:
    """Whether nobody else signed in in this browser, as far as it remembers."""
    _name, accounts = _read(request)
    return {*accounts} - {NOBODY} == {_account(address)}


def _keep(request: HttpRequest, response: HttpResponse, latest: str) -> None:
    name, accounts = _read(request)
    kept = [*(account for account in accounts if account not in (latest, NOBODY)), latest][-MOST:]
    response.set_cookie(
        COOKIE,
        signing.dumps([name or secrets.token_urlsafe(12), kept], salt=SALT),
        max_age=YEAR,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def _read(request: HttpRequest) -> tuple[str, list[str]]:
    try:
        name, accounts = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=YEAR)
    except signing.BadSignature:
        return "", []
    return name, accounts


def _account(address: str) -> str:
    """No address can be read from a cookie that was left in a browser."""
    return hashlib.blake2b(address.strip().lower().encode(), key=settings.SECRET_KEY.encode()[:64]).hexdigest()[:24]
