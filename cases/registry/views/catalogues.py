"""Pages of the catalogues of criteria, for everybody who is signed in and holds a role."""

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from cases.registry.access import get_catalogue, is_registrar
from cases.registry.models import Catalogue
from cases.registry.requests import SignedInRequest


class CriteriaFilters(forms.Form):
    q = forms.CharField(label=_("Search"), required=False, max_length=200, widget=forms.SearchInput)

    @property
    def text(self) -> str:
        return str(self.cleaned_data.get("q") or "") if self.is_valid() else ""


@require_safe
def catalogues(request: SignedInRequest) -> HttpResponse:
    """Every version of each, those in force marked."""
    rows = Catalogue.objects.visible_to(request.user).select_related("legal_act")
    in_force = set(Catalogue.objects.in_force().values_list("pk", flat=True))
    context = {
        "catalogues": [(row, row.pk in in_force) for row in rows],
        "can": {"edit": is_registrar(request.user)},
        "section": "catalogues",
    }
    return render(request, "registry/catalogues.html", context)


@require_safe
def catalogue(request: SignedInRequest, code: str, version: int) -> HttpResponse:
    row = get_catalogue(request.user, code, version)
    filters = CriteriaFilters(request.GET)
    criteria = row.criteria.select_related("parent")
    context = {
        "catalogue": row,
        "filters": filters,
        "criteria": criteria.matching(filters.text) if filters.text else criteria.all(),
    }
    return render(request, "registry/catalogue.html", context)
