"""Pages of organisations."""

from functools import partial

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cases.registry import two_people, verbs
from cases.registry.access import for_registrars, get_organisation, is_registrar
from cases.registry.forms import OrganisationChangeForm, OrganisationForm
from cases.registry.history import history
from cases.registry.lists import OrganisationFilters, keyed_page, organisations_for
from cases.registry.models import Membership, Organisation
from cases.registry.models.organisations import Language
from cases.registry.requests import SignedInRequest
from cases.registry.views.saving import Sheet, deactivation, posted, reactivation, requested, seen, sheet
from workflow.lifecycles.account_change import Change

SHOWN = 100
"""Parts and people on the page of an organisation; the lists show all."""


@require_safe
def organisations(request: SignedInRequest) -> HttpResponse:
    user = request.user
    filters = OrganisationFilters(request.GET)
    page = keyed_page(request, organisations_for(user, filters), filters.order)
    context = {"filters": filters, "page": page, "can": {"edit": is_registrar(user)}, "section": "organisations"}
    return render(request, "registry/organisations.html", context)


@require_safe
def organisation(request: SignedInRequest, code: str) -> HttpResponse:
    user = request.user
    row = get_organisation(user, code)
    members = Membership.objects.visible_to(user).in_force().filter(organisation=row)
    labels = dict(Language.choices)
    context = {
        "organisation": row,
        "names": _names(row),
        "languages": [labels[code] for code in row.languages],
        "parts": Organisation.objects.visible_to(user).filter(parent=row)[:SHOWN],
        "members": members.select_related("person", "substitutes_for").order_by("role", "id")[:SHOWN],
        "entries": history(row, reader=user),
        "pending": two_people.pending(row, reader=user),
        "can": {"edit": is_registrar(user)},
    }
    return render(request, "registry/organisation.html", context)


@for_registrars
@require_http_methods(["GET", "HEAD", "POST"])
def organisation_add(request: SignedInRequest) -> HttpResponse:
    user = request.user
    form = OrganisationForm(posted(request))
    page = Sheet(_("Add an organisation"), form, reverse("organisations"), _("Organisations"))

    return sheet(request, page, partial(verbs.add_organisation, by=user), _("The organisation was added."))


@for_registrars
@require_http_methods(["GET", "HEAD", "POST"])
def organisation_edit(request: SignedInRequest, code: str) -> HttpResponse:
    user = request.user
    row = get_organisation(user, code)
    version = verbs.fingerprint(row)
    form = OrganisationChangeForm(posted(request), instance=row)
    page = Sheet(_("Change: %(name)s") % {"name": row}, form, row.get_absolute_url(), str(row), version=version)

    takes_two = row.takes_two_to_move(row.parent_id)
    if takes_two:
        page.sentence = _("If you change what it is a part of: %(notice)s") % {"notice": two_people.notice(user)}

    def act(parent: Organisation | None, **columns: object) -> Organisation:
        present = get_organisation(user, code)
        with transaction.atomic():
            moves = takes_two and parent != present.parent
            rest = columns if moves else {**columns, "parent": parent}
            changed = verbs.change_organisation(present, by=user, seen=seen(request), **rest)
            if moves:
                asked = two_people.ask(Change.PARENT, by=user, organisation=changed, parent=parent)
                messages.info(request, requested(asked))
        return changed

    return sheet(request, page, act, _("The changes were saved."))


@for_registrars
@require_http_methods(["GET", "HEAD", "POST"])
def organisation_deactivate(request: SignedInRequest, code: str) -> HttpResponse:
    sentence = _("Its members lose access until it is reactivated. Nothing is deleted.")
    user = request.user
    row = get_organisation(user, code)
    sentence = f"{sentence} {two_people.notice(user)}"
    return deactivation(request, row, two_people.ask_to_deactivate, sentence)


@for_registrars
@require_http_methods(["GET", "HEAD", "POST"])
def organisation_reactivate(request: SignedInRequest, code: str) -> HttpResponse:
    user = request.user
    row = get_organisation(user, code)
    sentence = f"{_('Its people have their roles in it again.')} {two_people.notice(user)}"
    return reactivation(request, row, two_people.ask_to_reactivate, sentence)


def _names(row: Organisation) -> list[tuple[str, str, str, str]]:
    """Language, its name, name and short name there, of the languages that have one."""
    names = (
        (code, str(label), getattr(row, f"name_{code}") or "", getattr(row, f"short_name_{code}") or "")
        for code, label in Language.choices
    )
    return [name for name in names if name[2] or name[3]]
