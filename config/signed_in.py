"""Pages are for who is signed in, unless they say otherwise."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils.translation import gettext as _

SAFE = ("GET", "HEAD")


class SignedInMiddleware(LoginRequiredMiddleware):
    """Django's, but what was sent after the session ended is told to be lost, and leads back to the page it was on.

    What it was sent to may be no page at all, but the address of a button.
    """

    def handle_no_permission(self, request: HttpRequest, view_func: Any) -> HttpResponseRedirect:
        if request.method in SAFE:
            return super().handle_no_permission(request, view_func)
        said = _("You had been signed out meanwhile, so nothing was saved. Sign in, and do it once more.")
        messages.warning(request, said)
        return redirect_to_login(_page_of(request))


def _page_of(request: HttpRequest) -> str:
    """The page of ours that the form stood on; the first page when the browser does not tell."""
    came_from = urlsplit(request.headers.get("Referer", ""))
    is_ours = (came_from.scheme, came_from.netloc) == (request.scheme, request.get_host())
    return came_from._replace(scheme="", netloc="").geturl() if is_ours else resolve_url(settings.LOGIN_REDIRECT_URL)
