"""What the filters of every list share: what was asked for and understood, in which order, and narrowing by it."""

from collections.abc import Iterable, Mapping
from typing import ClassVar

from django import forms
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from cases.ground.fields import Cleaned
from cases.ground.paging import Order
from workflow.texts import Text

RESOLVED = 200
"""Names in a filter are looked up first; more matches than this do not narrow a list."""
NEWEST, OLDEST = Order(descending=True), Order()


def with_any(choices: Iterable[tuple[object, Text]]) -> list[tuple[object, Text]]:
    return [("", _("Any")), *choices]


def resolved(name: str, rows: QuerySet[Model]) -> Q:
    """The ids themselves, not a subquery: then the planner knows how many rows to expect."""
    ids = list(rows.order_by().values_list("pk", flat=True)[: RESOLVED + 1])
    return Q(**{f"{name}__in": ids if len(ids) <= RESOLVED else rows.values("pk")})


class Filters(forms.Form):
    """A filter with an invalid value is reported and ignored; the others still apply."""

    ORDERS: ClassVar[Mapping[str, Order]] = {"new": NEWEST, "old": OLDEST}
    """What may be chosen in `sort`; the first is what holds without a choice."""

    @property
    def order(self) -> Order:
        return self.ORDERS[self.chosen().get("sort") or next(iter(self.ORDERS))]

    def chosen(self) -> Cleaned:
        """The valid values of the filters that were set."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value not in ("", None, False)}

    def is_narrowed(self) -> bool:
        return bool(self.chosen().keys() - {"sort"})
