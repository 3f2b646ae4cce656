"""What somebody typed is not lost when their session ended before they sent it: it goes along through signing in.

It travels in the pages themselves, signed, so that nothing of it stays on the server. Files cannot come along.
"""

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.utils.cache import add_never_cache_headers
from django.views.csrf import csrf_failure as expired

SALT = "unsent"
CSRF_FIELD = "csrfmiddlewaretoken"
DAY = 24 * 3600
FORBIDDEN = 403
LONGEST = 1_000_000
"""Characters that a page carries along."""


@dataclass(frozen=True)
class Unsent:
    """A form that arrived without being signed in: where to, its fields, and whether files came with it."""

    address: str
    fields: list[tuple[str, str]]
    had_files: bool

    @property
    def signed(self) -> str:
        return signing.dumps([self.address, self.fields, self.had_files], salt=SALT, compress=True)


def arrived(request: HttpRequest) -> Unsent | None:
    """What the request would have sent; None when that is nothing, too much, or a password."""
    lists = request.POST.lists()
    fields = [(name, str(value)) for name, values in lists for value in values if name != CSRF_FIELD]
    is_secret = any("password" in name for name, _value in fields)
    if not fields or is_secret or sum(len(value) for _name, value in fields) > LONGEST:
        return None
    had_files = bool(request.FILES) or hasattr(request, "upload_refusal")  # None is taken of who is not signed in.
    return Unsent(request.get_full_path(), fields, had_files)


def carried(request: HttpRequest) -> Unsent | None:
    """What the page of signing in carried along, unless somebody changed it or it is a day old."""
    try:
        address, fields, had_files = signing.loads(request.POST.get("unsent", ""), salt=SALT, max_age=DAY)
    except signing.BadSignature:
        return None
    return Unsent(address, [(name, value) for name, value in fields], had_files)


def ask_to_sign_in(request: HttpRequest, unsent: Unsent) -> HttpResponse:
    """The page of signing in, which takes along what was typed."""
    context = {"form": AuthenticationForm(request), "next": page_of(request), "unsent": unsent.signed}
    return _kept_by_nobody(render(request, "login.html", context, status=FORBIDDEN))


def ask_to_send(request: HttpRequest, unsent: Unsent, back: str, status: int = 200) -> HttpResponse:
    """What was typed, as a form that only waits to be sent: who signed in decides, as they may be somebody else."""
    return _kept_by_nobody(render(request, "unsent.html", {"unsent": unsent, "back": back}, status=status))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page stood open while somebody signed in or out in another window; from elsewhere nothing is taken."""
    is_ours = request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"
    unsent = arrived(request) if is_ours else None
    if unsent is None:
        return expired(request, reason, template_name="403_csrf.html")
    if request.user.is_authenticated:
        return ask_to_send(request, unsent, page_of(request), FORBIDDEN)
    return ask_to_sign_in(request, unsent)


def page_of(request: HttpRequest) -> str:
    """The page of ours that the form stood on; the first page when the browser does not tell."""
    came_from = urlsplit(request.headers.get("Referer", ""))
    is_ours = (came_from.scheme, came_from.netloc) == (request.scheme, request.get_host())
    return came_from._replace(scheme="", netloc="").geturl() if is_ours else resolve_url(settings.LOGIN_REDIRECT_URL)


def _kept_by_nobody(response: HttpResponse) -> HttpResponse:
    add_never_cache_headers(response)
    return response
