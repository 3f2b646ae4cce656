"""Pages of legal acts and their files."""

from functools import partial

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cases.ground.storage import open_stored
from cases.registry import verbs
from cases.registry.access import for_registrars, get_act, is_registrar
from cases.registry.forms import LegalActForm
from cases.registry.history import history
from cases.registry.lists import ActFilters, acts_for, keyed_page
from cases.registry.models.organisations import Language
from cases.registry.requests import SignedInRequest
from cases.registry.views.saving import Sheet, deactivation, posted, reactivation, seen, sheet
from workflow.door import Refused


@require_safe
def acts(request: SignedInRequest) -> HttpResponse:
    user = request.user
    filters = ActFilters(request.GET)
    page = keyed_page(request, acts_for(user, filters), filters.order)
    context = {"filters": filters, "page": page, "can": {"edit": is_registrar(user)}, "section": "acts"}
    return render(request, "registry/acts.html", context)


@require_safe
def legal_act(request: SignedInRequest, pk: int) -> HttpResponse:
    user = request.user
    row = get_act(user, pk)
    texts = [
        (code, str(label), getattr(row, f"title_{code}") or "", getattr(row, f"issuer_{code}") or "")
        for code, label in Language.choices
    ]
    context = {
        "act": row,
        "texts": [text for text in texts if text[2] or text[3]],
        "entries": history(row, reader=user),
        "can": {"edit": is_registrar(user)},
    }
    return render(request, "registry/legal_act.html", context)


@require_safe
def act_file(request: SignedInRequest, pk: int) -> HttpResponseBase:
    row = get_act(request.user, pk)
    if not row.file_path:
        raise Http404
    try:
        file = open_stored(row.file_path, row.file_sha256)
    except Refused as refused:
        messages.error(request, refused.sentence)
        return redirect(row)
    return FileResponse(file, as_attachment=True, filename=row.file_name, content_type=row.file_type)


@for_registrars
@require_http_methods(["GET", "HEAD", "POST"])
def act_add(request: SignedInRequest) -> HttpResponse:
    user = request.user
    form = LegalActForm(posted(request), request.FILES or None)
    page = Sheet(_("Add a legal act"), form, reverse("acts"), _("Legal acts"))

    return sheet(request, page, partial(verbs.add_act, by=user), _("The act was added."))


@for_registrars
@require_http_methods(["GET", "HEAD", "POST"])
def act_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    user = request.user
    row = get_act(user, pk)
    version = verbs.fingerprint(row)
    form = LegalActForm(posted(request), request.FILES or None, instance=row)
    page = Sheet(_("Change the legal act"), form, row.get_absolute_url(), str(row), version=version)

    change = partial(verbs.change_act, row, by=user, seen=seen(request))
    return sheet(request, page, change, _("The changes were saved."))


@for_registrars
@require_http_methods(["GET", "HEAD", "POST"])
def act_deactivate(request: SignedInRequest, pk: int) -> HttpResponse:
    row = get_act(request.user, pk)
    return deactivation(request, row, verbs.deactivate_act, _("Nothing is deleted; what refers to it stays."))


@for_registrars
@require_http_methods(["GET", "HEAD", "POST"])
def act_reactivate(request: SignedInRequest, pk: int) -> HttpResponse:
    row = get_act(request.user, pk)
    return reactivation(request, row, verbs.reactivate_act, _("It can be referred to again."))
