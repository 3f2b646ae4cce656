"""The list, the exports and the page of kinds that have none of their own; and the way to a case by its key."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from cases.desk.access import get_case, get_case_by_key
from cases.desk.case_page import CaseParts
from cases.desk.kinds import Kind, kinds
from cases.desk.unmanned import with_unmanned_task
from cases.ground.export import csv_response, xlsx_response
from cases.ground.paging import Order, capped_count, page_of, total_text
from cases.ground.templatetags.baikoo import day
from cases.registry.requests import SignedInRequest
from workflow.terms import legal_date

NEWEST_FIRST = Order(descending=True)


@dataclass(frozen=True)
class Cell:
    """A value in a list, under its column's label."""

    label: Any
    text: Any
    css: str


@dataclass(frozen=True)
class Line:
    """A case in a list."""

    case: Any
    cells: list[Cell]


class KindFilters(forms.Form):
    """Invalid filters are reported and ignored."""

    q = forms.CharField(label=_("Number"), required=False, max_length=40, widget=forms.SearchInput)
    state = forms.ChoiceField(label=_("State"), required=False)
    unmanned = forms.BooleanField(label=_("Only what nobody can do"), required=False)

    def __init__(self, data: Any, *, kind: Kind) -> None:
        super().__init__(data)
        states: Any = self.fields["state"]
        states.choices = [("", _("Any")), ("open", _("All open")), *kind.model.STATES.choices]
        self.kind = kind

    def narrow(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        self.is_valid()
        number, state = self.cleaned_data.get("q"), self.cleaned_data.get("state")
        if number:
            rows = rows.filter(number__istartswith=number)
        if state == "open":
            rows = rows.exclude(state__in=self.kind.model.ended_states())
        elif state:
            rows = rows.filter(state=state)
        if self.cleaned_data.get("unmanned"):
            rows = with_unmanned_task(rows)
        return rows


@require_safe
def case_list(request: SignedInRequest, kind: str) -> HttpResponse:
    """All cases of a kind that the person may see."""
    brought = kinds()[kind]
    filters = KindFilters(request.GET, kind=brought)
    rows = filters.narrow(_visible(request, brought))
    page = page_of(request, [rows.for_lists()], NEWEST_FIRST)  # type: ignore[attr-defined]
    page.total_text = total_text(capped_count([rows], NEWEST_FIRST))
    query = request.GET.copy()
    query.pop("after", None)
    context = {
        "kind": brought,
        "filters": filters,
        "page": page,
        "lines": [Line(case, list(_shown(brought, case))) for case in page.rows],
        "query": query.urlencode(),
    }
    return render(request, "desk/list.html", context)


@require_safe
def case_export(request: SignedInRequest, kind: str, ending: str) -> HttpResponseBase:
    """Every row that the filter shows, on all its pages."""
    respond = {"csv": csv_response, "xlsx": xlsx_response}.get(ending)
    if respond is None:
        raise Http404
    brought = kinds()[kind]
    rows = KindFilters(request.GET, kind=brought).narrow(_visible(request, brought)).order_by("-id")
    header = [str(_("Number")), str(_("State")), *(str(column.label) for column in brought.columns)]
    return respond(f"{kind}-{legal_date():%Y-%m-%d}.{ending}", header, _cells(brought, rows))


@require_safe
def case(request: SignedInRequest, kind: str, number: str) -> HttpResponse:
    """The page of one case."""
    brought = kinds()[kind]
    parts = CaseParts(get_case(request.user, brought, number), request.user)
    return render(request, "desk/case.html", {"kind": brought, **parts.context()})


@require_safe
def case_by_key(request: SignedInRequest, kind: str, pk: int) -> HttpResponse:
    """To the page of a case that an event or an expectation names by its key, whatever its number is now."""
    return redirect(get_case_by_key(request.user, kind, pk))


def _visible(request: SignedInRequest, kind: Kind) -> QuerySet[Any]:
    rows: QuerySet[Any] = kind.model._default_manager.visible_to(request.user)  # type: ignore[attr-defined]
    return rows.select_related(*kind.reads)


def _cells(kind: Kind, rows: QuerySet[Any]) -> Iterator[Sequence[Any]]:
    labels = dict(kind.model.STATES.choices)
    for case in rows.iterator(chunk_size=500):
        yield [case.number, str(labels[case.state]), *_values(kind, case)]


def _shown(kind: Kind, case: Any) -> Iterator[Cell]:
    for column in kind.columns:
        value = column.value(case)
        text = day(value) if isinstance(value, date) else value
        yield Cell(column.label, "" if text is None else text, "clip" if column.is_long else "")


def _values(kind: Kind, case: Any) -> Iterator[Any]:
    return (column.value(case) for column in kind.columns)
