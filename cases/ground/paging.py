"""Pages of long lists by key: each begins after the last row shown before, so a deep page costs what the first does."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from django.db.models import F, Model, OrderBy, Q, QuerySet
from django.http import HttpRequest
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

SIZE = 50
COUNTED = 1000
"""Counting stops here: beyond it the exact number costs more than it tells."""


@dataclass(frozen=True)
class Order:
    """By `field`, a date that may be missing (rows without one come last), then by id; by id alone without a field."""

    field: str = ""
    descending: bool = False

    def keys(self) -> list[str]:
        sign = "-" if self.descending else ""
        return [f"{sign}{name}" for name in (self.field, "id") if name]

    def columns(self) -> Sequence[str | OrderBy]:
        """What sorts all rows at once as the pages do."""
        return [F(self.field).desc(nulls_last=True), "-id"] if self.field and self.descending else self.keys()

    def cursor(self, row: Model) -> str:
        value = getattr(row, self.field) if self.field else None
        return f"{value or ''}_{row.pk}"


R = TypeVar("R", bound=Model)
T = TypeVar("T")
Branches = Sequence[QuerySet[R]]


@dataclass
class Page(Generic[T]):
    """The rows of one page, and where first and next are; what components/pagination.html shows."""

    rows: list[T]
    first_url: str
    next_url: str
    total_text: str = ""

    @property
    def shown(self) -> int:
        return len(self.rows)

    @property
    def is_part(self) -> bool:
        """Whether there are other pages."""
        return bool(self.first_url or self.next_url)

    def count(self, branches: "Branches[R]", order: Order | None = None) -> None:
        """Says how many rows there are in all, unless the page shows all of them anyway."""
        self.total_text = total_text(capped_count(branches, order) if self.is_part else self.shown)


def page_of(request: HttpRequest, branches: "Branches[R]", order: Order, *, size: int = SIZE) -> Page[R]:
    """The page that the URL's `after` asks for, of rows that are in any of the branches."""
    after = _parse(request.GET.get("after", ""))
    rows = _dated(branches, order, after, size + 1) if order.field else _by_id(branches, order, after, size + 1)
    shown = rows[:size]
    more = len(rows) > size
    return Page(
        rows=shown,
        first_url=_url(request, "") if after else "",
        next_url=_url(request, order.cursor(shown[-1])) if more else "",
    )


def capped_count(branches: "Branches[R]", order: Order | None = None, cap: int = COUNTED) -> int:
    """How many rows are in any of the branches; `cap` + 1 stands for more than `cap`.

    With the `order` of their page the rows are counted along its index, and counting stops early; without it, every
    row that has a common word would be read.
    """
    if not branches:
        return 0
    keys = order.keys() if order else ()
    keys_of_rows = _united([branch.order_by(*keys).values("pk")[: cap + 1] for branch in branches])
    return min(keys_of_rows.count(), cap + 1)


def first_days(branches: "Branches[R]", order: Order, cap: int = COUNTED) -> list[date]:
    """The dates that the rows are ordered by, of as many rows as are counted; the list is sorted."""
    if not branches:
        return []
    keys = order.keys()
    keys_of_rows = _united([branch.order_by(*keys).values_list("pk", order.field)[: cap + 1] for branch in branches])
    return sorted(day for _pk, day in keys_of_rows)[: cap + 1]


def count_text(count: int, cap: int = COUNTED) -> str:
    if count > cap:
        return _("more than %(count)s") % {"count": number_format(cap, force_grouping=True)}
    return number_format(count, force_grouping=True)


def total_text(count: int) -> str:
    return ngettext("Found: %(count)s", "Found: %(count)s", count) % {"count": count_text(count)}


def _by_id(branches: "Branches[R]", order: Order, after: tuple[date | None, int] | None, size: int) -> list[R]:
    compare = "id__lt" if order.descending else "id__gt"
    beyond = Q(**{compare: after[1]}) if after else Q()
    return _merged([branch.filter(beyond) for branch in branches], order.keys(), size)


def _dated(branches: "Branches[R]", order: Order, after: tuple[date | None, int] | None, size: int) -> list[R]:
    rows: list[R] = []
    name = order.field
    if after is None or after[0] is not None:
        beyond = _beyond(order, after[0], after[1]) if after and after[0] else Q()
        dated = [branch.filter(beyond, **{f"{name}__isnull": False}) for branch in branches]
        rows = _merged(dated, order.keys(), size)
    if len(rows) < size and _is_nullable(branches, name):
        last = Q(id__gt=after[1]) if after and after[0] is None and not order.descending else Q()
        if after and after[0] is None and order.descending:
            last = Q(id__lt=after[1])
        undated = [branch.filter(last, **{f"{name}__isnull": True}) for branch in branches]
        rows += _merged(undated, order.keys()[-1:], size - len(rows))
    return rows


def _beyond(order: Order, value: date, pk: int) -> Q:
    """Rows after (value, pk). The plain bound on the date lets the index begin there; ties are few."""
    name, more = order.field, "lt" if order.descending else "gt"
    return Q(**{f"{name}__{more}e": value}) & (Q(**{f"{name}__{more}": value}) | Q(**{f"id__{more}": pk}))


def _merged(branches: "Branches[R]", keys: list[str], size: int) -> list[R]:
    """Each branch is sorted and cut by its own index, then the few rows are merged."""
    if not branches:
        return []
    rows = _united([branch.order_by(*keys)[:size] for branch in branches])
    return list(rows.order_by(*keys)[:size] if len(branches) > 1 else rows)


def _united(branches: Sequence[QuerySet[R, T]]) -> QuerySet[R, T]:
    """The rows that are in any of the branches, each once."""
    first, *others = branches
    return first.union(*others) if others else first


def _is_nullable(branches: "Branches[R]", name: str) -> bool:
    """A column that the database computes for the list may always be empty."""
    fields = {field.name: field for field in branches[0].model._meta.concrete_fields} if branches else {}
    return bool(branches) and (name not in fields or bool(fields[name].null))


def _parse(cursor: str) -> tuple[date | None, int] | None:
    """An invalid cursor leads to the first page."""
    value, _sep, pk = cursor.partition("_")
    try:
        return (date.fromisoformat(value) if value else None, int(pk)) if pk.isdecimal() and len(pk) < 19 else None
    except ValueError:
        return None


def _url(request: HttpRequest, cursor: str) -> str:
    query = request.GET.copy()
    query.pop("after", None)
    if cursor:
        query["after"] = cursor
    return f"?{query.urlencode()}"
