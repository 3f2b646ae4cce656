"""What somebody typed is not lost when it could not be sent: it is kept until a signed-in person sends it.

Their session had ended, or they had signed in again in another window. It travels in the pages themselves, signed, so
that nothing of it stays on the server; files have to be chosen again.
"""

from dataclasses import dataclass
from itertools import islice

from django.contrib.auth.forms import AuthenticationForm
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.views.csrf import csrf_failure as expired

from config.addresses import referring_page

SALT = "unsent"
CSRF_FIELD = "csrfmiddlewaretoken"
BOOKKEEPING = ("version", "rows", "next", "form_token")
DAY = 24 * 3600
FORBIDDEN = 403
LONGEST = 1_000_000
"""Characters that a page carries along."""
SHOWN = 40
"""Values that are shown before they are sent."""


@dataclass(frozen=True)
class Unsent:
    """A form that arrived but was not taken: where to, its fields, and the fields for files that came with it."""

    address: str
    fields: list[tuple[str, str]]
    files: list[str]

    @property
    def signed(self) -> str:
        return signing.dumps([self.address, self.fields, self.files], salt=SALT, compress=True)

    @property
    def shown(self) -> list[str]:
        """What the sender should have read."""
        typed = (value for name, value in self.fields if value.strip() and name not in BOOKKEEPING)
        return list(islice(typed, SHOWN))


def arrived(request: HttpRequest) -> Unsent | None:
    """What the request would have sent; None when that is nothing, too much, or a password."""
    lists = request.POST.lists()
    fields = [(name, str(value)) for name, values in lists for value in values if name != CSRF_FIELD]
    is_secret = any("password" in name for name, _value in fields)
    if not fields or is_secret or sum(len(name) + len(value) for name, value in fields) > LONGEST:
        return None
    return Unsent(request.get_full_path(), fields, getattr(request, "upload_fields", []))


def carried(request: HttpRequest) -> Unsent | None:
    """What the page of signing in carried along, unless somebody changed it or it is a day old."""
    try:
        address, fields, files = signing.loads(request.POST.get("unsent", ""), salt=SALT, max_age=DAY)
    except signing.BadSignature:
        return None
    return Unsent(address, [(name, value) for name, value in fields], files)


def ask_to_sign_in(request: HttpRequest, unsent: Unsent) -> HttpResponse:
    """The page of signing in, which takes along what was typed."""
    context = {"form": AuthenticationForm(request), "next": referring_page(request), "unsent": unsent.signed}
    return _kept_by_nobody(render(request, "login.html", context, status=FORBIDDEN))


def ask_to_send(request: HttpRequest, unsent: Unsent, back: str, status: int = 200) -> HttpResponse:
    """What was typed, as a form that only waits to be sent: who signed in decides, as they may be somebody else."""
    return _kept_by_nobody(render(request, "unsent.html", {"unsent": unsent, "back": back}, status=status))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page stood open while somebody signed in or out in another window; from elsewhere nothing is taken."""
    is_ours = request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"
    unsent = (carried(request) or _for_who_is_signed_in(request)) if is_ours else None
    if unsent is None:
        return expired(request, reason, template_name="403_csrf.html")
    if request.user.is_authenticated:
        return ask_to_send(request, unsent, referring_page(request), FORBIDDEN)
    return ask_to_sign_in(request, unsent)


def _for_who_is_signed_in(request: HttpRequest) -> Unsent | None:
    """Nobody has to sign in for the sake of a button that is for everybody."""
    view = request.resolver_match.func if request.resolver_match else None
    return arrived(request) if getattr(view, "login_required", True) else None


def _kept_by_nobody(response: HttpResponse) -> HttpResponse:
    add_never_cache_headers(response)
    return response
