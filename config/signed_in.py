"""Pages are for who is signed in, unless they say otherwise."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from config.addresses import referring_page
from config.unsent import abandoned, ask_to_sign_in

SAFE = ("GET", "HEAD")


class SignedInMiddleware(LoginRequiredMiddleware):
    """Django's middleware, but a form sent after the session expired is offered again after sign-in, or reported as
    lost.

    Then signing in leads back to the page that the form was on: the address it was sent to may not be a page.
    """

    def handle_no_permission(self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]) -> Any:
        if request.method in SAFE:
            return super().handle_no_permission(request, view_func)
        if unsent := abandoned(request):
            return ask_to_sign_in(request, unsent)
        sentence = _("Your session had ended, so nothing was saved. Sign in and try again.")
        messages.warning(request, sentence)
        return redirect_to_login(referring_page(request))
