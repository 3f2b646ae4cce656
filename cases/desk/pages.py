"""The list, the export and the page of kinds that have none of their own; and the way to a case by its key."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cases.desk.access import get_case, get_case_by_key
from cases.desk.case_page import CaseParts
from cases.desk.kinds import Kind, kinds
from cases.desk.lists import KindFilters, rows_of, views_of
from cases.desk.tables import export
from cases.desk.tabs import HISTORY, tabs_of
from cases.ground.paging import page_of
from cases.ground.templatetags.baikoo import day
from cases.registry.models import User
from cases.registry.requests import SignedInRequest
from workflow.case import Case
from workflow.may import can, state_label
from workflow.texts import Text


@dataclass(frozen=True)
class Cell:
    """A value in a list, under its column's label."""

    label: Text
    text: object
    css: str


@dataclass(frozen=True)
class CaseLine:
    """A case in a list."""

    case: Case
    cells: list[Cell]


@require_safe
def case_list(request: SignedInRequest, kind: str) -> HttpResponse:
    """All cases of a kind that the person may see."""
    brought = kinds()[kind]
    filters = KindFilters(request.GET, kind=brought, reader=request.user)
    rows = filters.narrow(rows_of(brought, request.user))
    page = page_of(request, [rows.for_lists()], filters.order)
    page.count([rows], filters.order)
    query = request.GET.copy()
    query.pop("after", None)
    context = {
        "kind": brought,
        "filters": filters,
        "page": page,
        "lines": [CaseLine(case, list(_shown(brought, case, request.user))) for case in page.rows],
        "query": query.urlencode(),
        "views": views_of(brought, request.user, query.urlencode()),
        "links": brought.list_links(request.user) if brought.list_links else (),
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
    context = {"kind": brought, "nothing": _nothing(parts.case), **parts.context(request)}
    return render(request, "desk/case.html", context)


def _nothing(case: Case) -> str:
    """Said where nobody owes anything: what is approved or in force is not closed."""
    if case.follow("state") in case.final_states():
        return _("Nothing: the case is closed.")
    return _("Nothing is expected of anybody now. State: %(state)s.") % {"state": state_label(case)}


@require_safe
def case_tab(request: SignedInRequest, kind: str, number: str, name: str) -> HttpResponse:
    """One of the further pages of a case."""
    brought, user = kinds()[kind], request.user
    shown = get_case(user, brought, number)
    tab = next((tab for tab in brought.tabs if tab.name == name), None)
    if tab is None or not tab.is_shown(shown, user):
        raise Http404
    sections = [{"template": section.template, "context": section.context(shown, user)} for section in tab.sections]
    context = {"case": shown, "can": can(shown, user), "sections": sections, "heading": tab.label}
    return render(request, "desk/tab.html", {**context, "tabs": tabs_of(shown, user, name)})


@require_safe
def case_past(request: SignedInRequest, kind: str, number: str) -> HttpResponse:
    """The documents and the history of a case whose kind has tabs."""
    parts = CaseParts(get_case(request.user, kinds()[kind], number), request.user)
    tabs = tabs_of(parts.case, request.user, HISTORY.name)
    context = {"case": parts.case, "tabs": tabs, "heading": HISTORY.label, **parts.past(request)}
    return render(request, "desk/past.html", context)


@require_safe
def case_by_key(request: SignedInRequest, kind: str, pk: int) -> HttpResponse:
    """To the page of a case that an event or an expectation names by its key, whatever its number is now."""
    return redirect(get_case_by_key(request.user, kind, pk))


def _shown(kind: Kind, case: Case, reader: User) -> Iterator[Cell]:
    for column in kind.shown_columns:
        value = column.cell(case, reader)
        text = day(value) if isinstance(value, date) else value
        yield Cell(column.label, "" if text is None else text, "clip" if column.is_long else "")
