"""Pages of people, and of setting a password by the link of a letter."""

from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import SetPasswordForm
from django.contrib.auth.views import INTERNAL_RESET_SESSION_TOKEN, PasswordResetConfirmView
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases.ground.networks import neighbourhood
from cases.registry import two_people, verbs
from cases.registry.access import for_registrars, get_person, is_registrar
from cases.registry.forms import ForgottenForm, PersonForm
from cases.registry.history import history
from cases.registry.known_browsers import remember
from cases.registry.lists import PeopleFilters, keyed_page, people_for
from cases.registry.models import Membership, User
from cases.registry.requests import SignedInRequest
from cases.registry.views.saving import (
    Sheet,
    WrongForms,
    deactivation,
    posted,
    reactivation,
    requested,
    seen,
    sheet,
)
from workflow.door import Refused
from workflow.lifecycles.account_change import Change


@for_registrars
@require_safe
def people(request: SignedInRequest) -> HttpResponse:
    user = request.user
    filters = PeopleFilters(request.GET)
    page = keyed_page(request, people_for(user, filters), filters.order)
    context = {"filters": filters, "page": page, "can": {"edit": True}, "section": "people"}
    return render(request, "registry/people.html", context)


@require_safe
def person(request: SignedInRequest, pk: int) -> HttpResponse:
    user = request.user
    row = get_person(user, pk)
    memberships = Membership.objects.visible_to(user).filter(person=row)
    absences = Membership.objects.visible_to(user).filter(substitutes_for=row)
    context = {
        "person": row,
        "memberships": memberships.select_related("organisation", "substitutes_for").order_by("-starts", "-id"),
        "absences": absences.select_related("organisation", "person").order_by("-starts", "-id"),
        "entries": history(row, reader=user),
        "pending": two_people.pending(row, reader=user),
        "can": {"edit": is_registrar(user), "give": is_registrar(user) and row.is_active and row != user},
    }
    return render(request, "registry/person.html", context)


@for_registrars
@require_http_methods(["GET", "HEAD", "POST"])
def person_add(request: SignedInRequest) -> HttpResponse:
    user = request.user
    page = Sheet(_("Add a person"), PersonForm(posted(request)), reverse("people"), _("People"))

    done = _("The person was added. Assign them a role, and send them a link for setting the password.")
    return sheet(request, page, partial(verbs.add_person, by=user), done)


@for_registrars
@require_http_methods(["GET", "HEAD", "POST"])
def person_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    user = request.user
    row = get_person(user, pk)
    version = verbs.fingerprint(row)
    form = PersonForm(posted(request), instance=row)
    page = Sheet(_("Change: %(name)s") % {"name": row}, form, row.get_absolute_url(), str(row), version=version)
    page.sentence = _("If you change the e-mail address: %(notice)s") % {"notice": two_people.notice(user, row)}

    def act(email: str, **columns: object) -> User:
        with transaction.atomic():
            changed = verbs.change_person(get_person(user, pk), by=user, seen=seen(request), **columns)
            if email != changed.email:
                asked = two_people.ask(Change.ADDRESS, by=user, person=changed, email=email)
                messages.info(request, requested(asked))
        return changed

    return sheet(request, page, act, _("The changes were saved."))


@for_registrars
@require_http_methods(["GET", "HEAD", "POST"])
def person_deactivate(request: SignedInRequest, pk: int) -> HttpResponse:
    sentence = _("The person cannot sign in and has no roles until they are reactivated. Nothing is deleted.")
    user = request.user
    row = get_person(user, pk)
    sentence = f"{sentence} {two_people.notice(user, row)}"
    return deactivation(request, row, two_people.ask_to_deactivate, sentence)


@for_registrars
@require_http_methods(["GET", "HEAD", "POST"])
def person_reactivate(request: SignedInRequest, pk: int) -> HttpResponse:
    user = request.user
    row = get_person(user, pk)
    sentence = f"{_('The person can sign in and has their roles again.')} {two_people.notice(user, row)}"
    return reactivation(request, row, two_people.ask_to_reactivate, sentence)


@for_registrars
@require_POST
def person_invite(request: SignedInRequest, pk: int) -> HttpResponse:
    """Send the person a link for setting their password."""
    user = request.user
    row = get_person(user, pk)
    try:
        verbs.invite(row, by=user)
    except Refused as refused:
        messages.error(request, refused.sentence)
    else:
        sentence = _("A link for setting the password is on its way to %(email)s. It works once, within three days.")
        messages.success(request, sentence % {"email": row.email})
    return redirect(row)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def forgotten_password(request: HttpRequest) -> HttpResponse:
    """A registered address gets a letter with a link; the page says the same to everybody."""
    form = ForgottenForm(posted(request))
    if form.is_bound and form.is_valid() and _note_request(request, form):
        sentence = _(
            "If this address is registered, a letter with a link comes within minutes. Check your spam folder too."
        )
        messages.success(request, sentence)
        return redirect("login")
    return render(request, "registry/forgotten_password.html", {"form": form}, status=422 if form.errors else 200)


def _note_request(request: HttpRequest, form: ForgottenForm) -> bool:
    try:
        verbs.ask_for_link(form.cleaned_data["email"], place=neighbourhood(request.META.get("REMOTE_ADDR", "")))
    except Refused as refused:
        form.add_error(None, refused.sentence)
    return form.is_valid()


class SetPassword(WrongForms, PasswordResetConfirmView):
    """Where the link of the letter leads: Django's page, recorded in the trail, for active people only."""

    template_name = "registry/set_password.html"
    success_url = reverse_lazy("login")

    def get_user(self, uidb64: str) -> User | None:
        person = super().get_user(uidb64)
        return person if isinstance(person, User) and person.is_active else None

    def form_valid(self, form: SetPasswordForm) -> HttpResponse:  # type: ignore[type-arg]
        verbs.choose_password(form.user, form.cleaned_data["new_password1"])
        self.request.session.pop(INTERNAL_RESET_SESSION_TOKEN, None)
        messages.success(self.request, _("Your password was set. Sign in with it."))
        response = HttpResponseRedirect(str(self.success_url))
        remember(self.request, response, form.user.email)
        return response
