"""The list, the export and the page of kinds that have none of their own; and the way to a case by its key."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from cases.desk.access import get_case, get_case_by_key
from cases.desk.case_page import CaseParts
from cases.desk.kinds import Kind, kinds
from cases.desk.lists import KindFilters, rows_of
from cases.desk.tables import export
from cases.ground.paging import Order, page_of
from cases.ground.templatetags.baikoo import day
from cases.registry.requests import SignedInRequest

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


@require_safe
def case_list(request: SignedInRequest, kind: str) -> HttpResponse:
    """All cases of a kind that the person may see."""
    brought = kinds()[kind]
    filters = KindFilters(request.GET, kind=brought)
    rows: Any = filters.narrow(rows_of(brought, request.user))
    page = page_of(request, [rows.for_lists()], NEWEST_FIRST)
    page.count([rows], NEWEST_FIRST)
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
    return export(request, kinds()[kind], ending)


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


def _shown(kind: Kind, case: Any) -> Iterator[Cell]:
    for column in kind.columns:
        value = column.value(case)
        text = day(value) if isinstance(value, date) else value
        yield Cell(column.label, "" if text is None else text, "clip" if column.is_long else "")
