"""Which institution and programme area was monitored when, and what is due (REG-10)."""

from collections.abc import Iterator, Sequence

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from cases.ground.export import csv_response, xlsx_response
from cases.ground.search import searchable
from cases.ground.templatetags.baikoo import day
from cases.planning.coverage import Covered, Covering, coverage, running_now
from cases.planning.models import Engagement, ItemKind, PlanItem, PlanSchedule
from cases.registry.models import InstitutionType, Organisation, Region
from cases.registry.requests import SignedInRequest
from workflow.lifecycles.plan_schedule import State
from workflow.roles import DEPARTMENT, MINISTRY
from workflow.terms import legal_date

SHOWN = 200
AREA = "area"


class CoverageFilters(forms.Form):
    """A filter with an invalid value is reported and ignored."""

    q = forms.CharField(label=gettext_lazy("Search"), required=False, max_length=200, widget=forms.SearchInput)
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        required=False,
        choices=[("", gettext_lazy("Any")), (AREA, gettext_lazy("Programme area")), *InstitutionType.choices],
    )
    region = forms.ChoiceField(
        label=gettext_lazy("Region"), required=False, choices=[("", gettext_lazy("Any")), *Region.choices]
    )
    overdue = forms.BooleanField(label=gettext_lazy("Overdue only"), required=False)
    unplanned = forms.BooleanField(label=gettext_lazy("Not planned only"), required=False)

    def narrow(self, rows: Sequence[Covered]) -> list[Covered]:
        self.is_valid()
        words = searchable([self.cleaned_data.get("q") or ""]).split()
        return [row for row in rows if self._fits(row, words)]

    def _fits(self, row: Covered, words: Sequence[str]) -> bool:
        chosen = self.cleaned_data
        kind = getattr(row.subject, "institution_type", AREA)
        text = searchable([row.subject.code, *row.subject.names()])
        return (
            all(word in text for word in words)
            and chosen.get("kind", "") in ("", kind)
            and chosen.get("region", "") in ("", getattr(row.subject, "region", ""))
            and (not chosen.get("overdue") or row.is_overdue(legal_date()))
            and not (chosen.get("unplanned") and row.is_planned)
        )


@require_safe
def coverage_page(request: SignedInRequest) -> HttpResponse:
    filters = CoverageFilters(request.GET)
    rows = filters.narrow(_rows(request))
    context = {
        "filters": filters,
        "rows": rows[:SHOWN],
        "more": max(0, len(rows) - SHOWN),
        "overdue": sum(row.is_overdue(legal_date()) for row in rows),
        "query": request.GET.urlencode(),
    }
    return render(request, "planning/coverage.html", context)


@require_safe
def coverage_export(request: SignedInRequest, ending: str) -> HttpResponseBase:
    """Every row that the filter leaves."""
    respond = {"csv": csv_response, "xlsx": xlsx_response}.get(ending)
    if respond is None:
        raise Http404
    rows = CoverageFilters(request.GET).narrow(_rows(request))
    header = [_("Code"), _("Institution or programme area"), _("Region"), _("Last monitored"), _("Due by"),
              _("Planned in")]  # fmt: skip
    return respond(f"coverage-{legal_date():%Y-%m-%d}.{ending}", header, _cells(rows))


def _rows(request: SignedInRequest) -> list[Covered]:
    if not request.user.role_map.keys() & {*MINISTRY, *DEPARTMENT}:
        raise PermissionDenied(_("This page is for the Department and the Ministry."))
    plans = PlanSchedule.objects.visible_to(request.user).exclude(state=State.SUPERSEDED)
    items = PlanItem.objects.not_begun().filter(plan__in=plans, ends__gte=legal_date()).order_by("starts", "id")
    running = running_now().filter(pk__in=Engagement.objects.visible_to(request.user))
    return coverage(items.select_related("plan").prefetch_related("areas", "institutions"), running)


def _cells(rows: Sequence[Covered]) -> Iterator[list[object]]:
    for row in rows:
        region = row.subject.get_region_display() if isinstance(row.subject, Organisation) else ""
        planned = "; ".join(map(_written, row.planned))
        yield [row.subject.code, str(row.subject), region, row.last, row.due or _("never monitored"), planned]


def _written(covering: Covering) -> str:
    remarks = [day(covering.starts), *([str(ItemKind.PILOT.label)] if covering.is_pilot else [])]
    return f"{covering.number} {covering.title} ({', '.join(filter(None, remarks))})"
