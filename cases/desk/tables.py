"""Lists as files: a .csv as it comes; an .xlsx at once, or made by the worker when it is long."""

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from functools import partial

from django.db.models import QuerySet
from django.http import Http404, HttpResponseBase, QueryDict
from django.shortcuts import render
from django.utils.formats import number_format

from cases.desk.kinds import Kind
from cases.desk.lists import KindFilters, cells_of, header_of, rows_of
from cases.ground.export import csv_response, xlsx_response
from cases.registry.models import User
from cases.registry.requests import SignedInRequest
from workflow.case import Case
from workflow.terms import legal_date

LONG = 20_000
"""Rows of an .xlsx that a reader waits for: some seconds. A .csv begins at once, however long it is."""


@dataclass(frozen=True)
class Table:
    """What a list hands out to one person: the rows that the filter leaves, and how their cells are read."""

    name: str
    header: Sequence[str]
    rows: QuerySet[Case]
    cells: Callable[[], Generator[Sequence[object], None, None]]

    def file_name(self, ending: str) -> str:
        return f"{self.name}-{legal_date():%Y-%m-%d}.{ending}"

    def is_long(self) -> bool:
        return self.rows.order_by().values("pk")[LONG : LONG + 1].exists()


def table_of(kind: Kind, user: User, query: QueryDict) -> Table:
    """What the list of a kind shows the person with the filters in `query`."""
    if kind.table:
        return kind.table(user, query)
    filters = KindFilters(query, kind=kind, reader=user)
    rows = filters.narrow(rows_of(kind, user)).order_by(*filters.order.columns())
    return Table(kind.name, header_of(kind), rows, partial(cells_of, kind, rows, user))


def export(request: SignedInRequest, kind: Kind, ending: str) -> HttpResponseBase:
    """Every row that the filter shows, on all its pages, in its order."""
    if ending not in ("csv", "xlsx"):
        raise Http404
    table = table_of(kind, request.user, request.GET)
    if ending == "xlsx" and table.is_long():
        rows = number_format(LONG, force_grouping=True)
        return render(request, "desk/export_long.html", {"kind": kind, "query": request.GET.urlencode(), "rows": rows})
    respond = csv_response if ending == "csv" else xlsx_response
    return respond(table.file_name(ending), table.header, table.cells())
