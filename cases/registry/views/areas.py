"""Pages of programme areas."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cases.registry import verbs
from cases.registry.access import for_registrars, get_area, is_registrar
from cases.registry.forms import AreaChangeForm, AreaForm
from cases.registry.lists import AreaFilters, areas_for, keyed_page
from cases.registry.models import ProgrammeArea
from cases.registry.requests import SignedInRequest
from cases.registry.views.saving import Sheet, deactivation, posted, reactivation, seen, sheet


@require_safe
def areas(request: SignedInRequest) -> HttpResponse:
    filters = AreaFilters(request.GET)
    page = keyed_page(request, areas_for(request.user, filters), filters.order)
    context = {"filters": filters, "page": page, "can": {"edit": is_registrar(request.user)}, "section": "areas"}
    return render(request, "registry/areas.html", context)


@for_registrars
@require_http_methods(["GET", "HEAD", "POST"])
def area_add(request: SignedInRequest) -> HttpResponse:
    page = Sheet(_("Add a programme area"), AreaForm(posted(request)), reverse("areas"), _("Programme areas"))

    def act(**filled: object) -> ProgrammeArea:
        return verbs.add_area(by=request.user, **filled)

    return sheet(request, page, act, _("The programme area was added."))


@for_registrars
@require_http_methods(["GET", "HEAD", "POST"])
def area_edit(request: SignedInRequest, code: str) -> HttpResponse:
    row = get_area(request.user, code)
    version = verbs.fingerprint(row)
    form = AreaChangeForm(posted(request), instance=row)
    page = Sheet(_("Change: %(name)s") % {"name": row}, form, reverse("areas"), _("Programme areas"), version=version)

    def act(**filled: object) -> ProgrammeArea:
        return verbs.change_area(get_area(request.user, code), by=request.user, seen=seen(request), **filled)

    return sheet(request, page, act, _("The changes were saved."))


@for_registrars
@require_http_methods(["GET", "HEAD", "POST"])
def area_deactivate(request: SignedInRequest, code: str) -> HttpResponse:
    sentence = _("It is not planned any more. Nothing is deleted; what refers to it stays.")
    return deactivation(request, get_area(request.user, code), verbs.deactivate_area, sentence)


@for_registrars
@require_http_methods(["GET", "HEAD", "POST"])
def area_reactivate(request: SignedInRequest, code: str) -> HttpResponse:
    return reactivation(request, get_area(request.user, code), verbs.reactivate_area, _("It can be planned again."))
