"""Which browsers an account was used in: in them nobody is kept from signing in by what others try elsewhere."""

import hashlib
import secrets

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

COOKIE = "browser"
SALT = "known-browser"
YEAR = 365 * 24 * 3600
MOST = 5
"""Accounts that one browser is remembered for, the latest."""


def known_as(request: HttpRequest, address: str) -> str:
    """The browser's own name when the account with this e-mail address was used in it within a year, else empty.

    The address is what somebody typed: nothing is looked up, so nothing tells whether it is registered.
    """
    name, accounts = _read(request)
    return name if _account(address) in accounts else ""


def remember(request: HttpRequest, response: HttpResponse, address: str) -> None:
    """Remember the browser of a person who signed in or set a password by the link of a letter."""
    name, accounts = _read(request)
    others = [account for account in accounts if account != _account(address)]
    kept = [*others, _account(address)][-MOST:]
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
