"""The page of a monitoring's institutions, and the same as a file."""

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cases.desk.slices import slice_of
from cases.desk.tabs import tabs_of
from cases.ground.export import csv_response, xlsx_response
from cases.ground.paging import SIZE
from cases.planning.access import get_engagement
from cases.planning.institutions import header, institutions_of, named
from cases.registry.requests import SignedInRequest

PAGE = "page"


@require_safe
def engagement_institutions(request: SignedInRequest, number: str) -> HttpResponse:
    user = request.user
    engagement = get_engagement(user, number)
    page = slice_of(request, PAGE, institutions_of(engagement, user), SIZE)
    context = {
        "case": engagement,
        "tabs": tabs_of(engagement, user, "institutions"),
        "heading": _("Institutions"),
        "page": page,
        "header": header(),
        "rows": list(named(engagement, page.rows, user)),
        "areas": list(engagement.areas.all()),
    }
    return render(request, "planning/engagement_institutions.html", context)


@require_safe
def engagement_institutions_export(request: SignedInRequest, number: str, ending: str) -> HttpResponseBase:
    """All of them that the page shows."""
    respond = {"csv": csv_response, "xlsx": xlsx_response}.get(ending)
    engagement = get_engagement(request.user, number)
    if respond is None:
        raise Http404
    rows = named(engagement, institutions_of(engagement, request.user), request.user)
    return respond(f"{engagement.number}-institutions.{ending}", header(), (row.cells() for row in rows))
