"""What readers choose for themselves: language (kept on the person too), light or dark, a password; and signing out."""

from django.conf import settings
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import SetPasswordForm
from django.contrib.auth.views import LogoutView, PasswordChangeView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST

from cases.registry.known_browsers import forget_who_left
from cases.registry.models import User
from cases.registry.verbs import Action, choose_password
from cases.registry.views.saving import WrongForms
from config.addresses import own_address

LANGUAGE_CODES = [code for code, _name in settings.LANGUAGES]
THEMES = ("auto", "light", "dark")
YEAR = 365 * 24 * 3600


@login_not_required
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Pages and messages come in this language from now on."""
    response = HttpResponseRedirect(_back(request))
    language = request.POST.get("language", "")
    if language in LANGUAGE_CODES:
        remember_language(response, language)
        if isinstance(request.user, User):
            User.objects.filter(pk=request.user.pk).update(language=language)
    return response


@login_not_required
@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    response = HttpResponseRedirect(_back(request))
    theme = request.POST.get("theme", "")
    if theme in THEMES:
        _remember(response, "theme", theme)
    return response


class SignOut(LogoutView):
    """Takes along what the browser kept of the person's pages."""

    template_name = "logged_out.html"

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response = super().dispatch(request, *args, **kwargs)
        response["Clear-Site-Data"] = '"cache"'
        if request.method == "POST":
            forget_who_left(request, response)
        return response


class ChangePassword(WrongForms, PasswordChangeView):
    """Django's page, recorded in the trail; other browsers of the person are signed out by it."""

    template_name = "password_change.html"

    def form_valid(self, form: SetPasswordForm) -> HttpResponse:  # type: ignore[type-arg]
        choose_password(form.user, form.cleaned_data["new_password1"], action=Action.CHANGE_PASSWORD)
        update_session_auth_hash(self.request, form.user)
        return HttpResponseRedirect(self.get_success_url())


def remember_language(response: HttpResponse, language: str) -> None:
    """In this browser."""
    _remember(response, settings.LANGUAGE_COOKIE_NAME, language)


def _remember(response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(name, value, max_age=YEAR, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE)


def _back(request: HttpRequest) -> str:
    """The page the reader came from, when it is one of ours."""
    return own_address(request, request.POST.get("next", ""))
