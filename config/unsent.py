"""What somebody typed is not lost when it could not be sent: it is kept until a signed-in person sends it.

Their session had ended, or they had signed in again in another window. It travels in the pages themselves, signed, so
that nothing of it stays on the server; files have to be chosen again. It is offered only to the person who was signed
in before: on a shared computer somebody else may have prepared it.
"""

from dataclasses import dataclass
from itertools import islice

from django.contrib.auth.forms import AuthenticationForm
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.views.csrf import csrf_failure as expired

from cases.desk.kinds import kinds
from cases.registry.known_browsers import is_mark_of, is_used_alone, left_by
from cases.registry.models import User
from config.addresses import referring_page
from workflow.case import Case
from workflow.declarations import Transition

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
    """A form that arrived but was not taken: where to, its fields, and the fields for files that came with it.

    `sender` is the mark of who was signed in last in that browser; empty where nobody is known.
    """

    address: str
    fields: list[tuple[str, str]]
    files: list[str]
    sender: str = ""

    @property
    def signed(self) -> str:
        return signing.dumps([self.address, self.fields, self.files, self.sender], salt=SALT, compress=True)

    def is_by(self, user: User) -> bool:
        return is_mark_of(self.sender, user.email)

    @property
    def shown(self) -> list[str]:
        """What the sender should have read."""
        typed = (value for name, value in self.fields if value.strip() and name not in BOOKKEEPING)
        return list(islice(typed, SHOWN))


def arrived(request: HttpRequest) -> Unsent | None:
    """What the request would have sent; None when that is nothing, too much, a password, or what ends something."""
    lists = request.POST.lists()
    fields = [(name, str(value)) for name, values in lists for value in values if name != CSRF_FIELD]
    is_secret = any("password" in name for name, _value in fields)
    if (
        not fields
        or is_secret
        or _is_never_kept(request)
        or sum(len(name) + len(value) for name, value in fields) > LONGEST
    ):
        return None
    return Unsent(request.get_full_path(), fields, getattr(request, "upload_fields", []), left_by(request))


def abandoned(request: HttpRequest) -> Unsent | None:
    """What somebody sent whose session had ended; None where it is not known whose session that was."""
    unsent = arrived(request)
    return unsent if unsent is not None and unsent.sender else None


def carried(request: HttpRequest) -> Unsent | None:
    """What the page of signing in carried along, unless somebody changed it or it is a day old."""
    try:
        address, fields, files, sender = signing.loads(request.POST.get("unsent", ""), salt=SALT, max_age=DAY)
    except (signing.BadSignature, ValueError):  # Another version of Baikoo signed other things.
        return None
    return Unsent(address, [(name, value) for name, value in fields], files, sender)


def ask_to_sign_in(request: HttpRequest, unsent: Unsent) -> HttpResponse:
    """The page of signing in, which takes along what was typed."""
    context = {"form": AuthenticationForm(request), "next": referring_page(request), "unsent": unsent.signed}
    return _kept_by_nobody(render(request, "login.html", context, status=FORBIDDEN))


def ask_to_send(request: HttpRequest, unsent: Unsent, back: str, status: int = 200) -> HttpResponse:
    """What was typed, as a form that only waits to be sent: the person decides."""
    return _kept_by_nobody(render(request, "unsent.html", {"unsent": unsent, "back": back}, status=status))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page stood open while somebody signed in or out in another window; from elsewhere nothing is taken."""
    is_ours = request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"
    user = request.user
    if is_ours and isinstance(user, User):
        if unsent := _of_who_is_signed_in(request, user):
            return ask_to_send(request, unsent, referring_page(request), FORBIDDEN)
    elif is_ours and (unsent := carried(request) or _for_who_is_signed_in(request)):
        return ask_to_sign_in(request, unsent)
    return expired(request, reason, template_name="403_csrf.html")


def is_kept(kind: type[Case], action: str) -> bool:
    """Whether an act can be sent from such a page: one that takes a text, and neither ends nor annuls anything.

    All others are done from their own page alone, where nothing typed gets lost: else somebody could prepare one on a
    shared computer, and one press of who signs in next would close a case.
    """
    declared = kind.acts().get(action)
    if declared is None:
        return True
    ends = isinstance(declared, Transition) and not kind.ended_states().isdisjoint(
        target for targets in declared.targets.values() for target in targets
    )
    takes = declared.takes.parameters.values() if declared.takes else ()
    return not declared.danger and not ends and any(parameter.annotation is str for parameter in takes)


def _is_never_kept(request: HttpRequest) -> bool:
    named = request.resolver_match.kwargs if request.resolver_match else {}
    kind = kinds().get(named.get("kind", ""))
    return kind is not None and "action" in named and not is_kept(kind.model, named["action"])


def _of_who_is_signed_in(request: HttpRequest, user: User) -> Unsent | None:
    """What they sent before they signed in, or from a page that is theirs, as nobody else uses this browser."""
    if unsent := carried(request):
        return unsent if unsent.is_by(user) else None
    return _for_who_is_signed_in(request) if is_used_alone(request, user.email) else None


def _for_who_is_signed_in(request: HttpRequest) -> Unsent | None:
    """Nobody has to sign in for the sake of a button that is for everybody."""
    view = request.resolver_match.func if request.resolver_match else None
    return abandoned(request) if getattr(view, "login_required", True) else None


def _kept_by_nobody(response: HttpResponse) -> HttpResponse:
    add_never_cache_headers(response)
    return response
