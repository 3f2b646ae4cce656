"""The page of signing in: by password, after too many wrong ones, and with a form that waits to be sent."""

import math
from collections.abc import Mapping

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cases.registry.known_browsers import remember
from cases.registry.models import User
from cases.registry.views.saving import WrongForms
from config.attempts import AttemptRequest, typed_address, wait
from config.preferences import remember_language
from config.unsent import Unsent, ask_to_send, carried

TOO_MANY = 429


class SignInForm(AuthenticationForm):
    error_messages = {
        **AuthenticationForm.error_messages,
        "invalid_login": gettext_lazy(
            "The e-mail address or the password is wrong. Check Caps Lock and the keyboard language."
        ),
    }


class SignIn(WrongForms, LoginView):
    """Brings the person's own language to a browser that has none yet; one that was chosen here is kept.

    A form that was sent without being signed in is offered again afterwards.
    """

    template_name = "login.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        return super().get_context_data(**kwargs) | {"unsent": self.request.POST.get("unsent", "")}

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        response = super().form_valid(form)
        user = form.get_user()
        if unsent := carried(self.request):
            response = self._offer(unsent, user, response)
        remember(self.request, response, user.email)
        if settings.LANGUAGE_COOKIE_NAME not in self.request.COOKIES:
            remember_language(response, user.language)
        return response

    def _offer(self, unsent: Unsent, user: User, response: HttpResponse) -> HttpResponse:
        """To the person who was signed in when it was typed, and to nobody else."""
        if unsent.is_by(user):
            return ask_to_send(self.request, unsent, self.get_success_url())
        sentence = _("Somebody else was signed in here before, so what they typed was not kept. Nothing was saved.")
        messages.warning(self.request, sentence)
        return response


def locked_out(
    request: AttemptRequest, response: HttpResponse | None, credentials: Mapping[str, str] | None = None
) -> HttpResponse:
    """The same page, which says how long to wait; what was typed stays, but for the password."""
    seconds = max(1, math.ceil(wait(request, credentials).total_seconds()))
    form = SignInForm(request, initial={"username": request.POST.get("username", "")})
    form.fields["username"].widget.attrs.pop("autofocus", None)
    context = {
        "form": form,
        "next": request.POST.get("next", ""),
        "unsent": request.POST.get("unsent", ""),
        "locked": _sentence(typed_address(request, credentials), seconds),
    }
    page = render(request, "login.html", context, status=TOO_MANY)
    page["Retry-After"] = str(seconds)
    return page


def _sentence(account: str, seconds: int) -> str:
    minutes = math.ceil(seconds / 60)
    if seconds > 60:
        again = ngettext("Try again in %(n)d minute.", "Try again in %(n)d minutes.", minutes) % {"n": minutes}
    else:
        again = ngettext("Try again in %(n)d second.", "Try again in %(n)d seconds.", seconds) % {"n": seconds}
    why = _("Too many wrong passwords: signing in as %(account)s has to wait in this browser.") % {"account": account}
    return f"{why} {again}"
