"""The rows of the lists of kinds that have no list of their own, and what filters leave of them."""

from collections.abc import Generator, Iterator, Mapping, Sequence

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from cases.desk.access import all_of
from cases.desk.filters import NEWEST, OLDEST, Filters, with_any
from cases.desk.kinds import Kind, ListFilter
from cases.ground.fields import Sent, field_of
from cases.ground.paging import Order
from cases.registry.models import User
from cases.registry.unmanned import with_unmanned_task
from workflow.case import Case, CaseQuerySet
from workflow.roles import Role
from workflow.texts import Text

AGES: Mapping[str, tuple[Text, Order]] = {"new": (_("Newest first"), NEWEST), "old": (_("Oldest first"), OLDEST)}


class KindFilters(Filters):
    """The filters that a kind names, as far as they are for the reader."""

    q = forms.CharField(label=_("Number"), required=False, max_length=200, widget=forms.SearchInput)
    state = forms.ChoiceField(label=_("State"), required=False)
    sort = forms.ChoiceField(label=_("Order"), required=False)
    unmanned = forms.BooleanField(label=_("Only what nobody can do"), required=False)

    def __init__(self, data: Sent, *, kind: Kind, reader: User) -> None:
        super().__init__(data)
        self.kind, self.reader = kind, reader
        self.orders = {name: order for name, (_label, order) in {**AGES, **kind.orders}.items()}
        self.offered = {
            name: list_filter for name, list_filter in kind.filters.items() if is_for(reader, list_filter.roles)
        }
        states: list[tuple[object, Text]] = [
            ("open", _("All open")),
            *((state, str(label)) for state, label in kind.model.STATES.choices),
        ]
        field_of(self, "state", forms.ChoiceField).choices = with_any(states)
        sorts = [(name, label) for name, (label, _order) in {**AGES, **kind.orders}.items()]
        field_of(self, "sort", forms.ChoiceField).choices = sorts
        self.fields |= {name: _field(list_filter) for name, list_filter in self.offered.items()}
        checks = [name for name, list_filter in self.offered.items() if list_filter.is_check]
        typed = [name for name in self.offered if name not in checks]
        self.order_fields(["q", *typed, "state", "sort", *checks, "unmanned"])
        if kind.search:
            self.fields["q"].label = _("Search")

    @property
    def order(self) -> Order:
        return self.orders[self.chosen().get("sort") or "new"]

    def narrow(self, rows: CaseQuerySet[Case]) -> CaseQuerySet[Case]:
        """The rows that every chosen filter leaves."""
        chosen = self.chosen()
        for condition in self._conditions(chosen):
            rows = rows.filter(condition)
        return with_unmanned_task(rows) if "unmanned" in chosen else rows

    def _conditions(self, chosen: Mapping[str, object]) -> Iterator[Q]:
        if "q" in chosen:
            text = str(chosen["q"])
            yield self.kind.search(text) if self.kind.search else Q(number__istartswith=text)
        if chosen.get("state") == "open":
            yield ~Q(state__in=self.kind.model.ended_states())
        elif "state" in chosen:
            yield Q(state=chosen["state"])
        for name, list_filter in self.offered.items():
            if name in chosen:
                yield list_filter.condition(chosen[name], self.reader)


def is_for(reader: User, roles: frozenset[Role]) -> bool:
    return not roles or not roles.isdisjoint(reader.role_map)


def views_of(kind: Kind, reader: User, query: str) -> list[tuple[Text, str, bool]]:
    """Label and address of each view of the list, all rows first, and whether it is the one that is looked at."""
    mine = [(view.label, view.query) for view in kind.views if is_for(reader, view.roles)]
    every = [(_("All"), ""), *mine] if mine else []
    return [(label, f"?{narrowed}", narrowed == query) for label, narrowed in every]


def _field(filter_: ListFilter) -> forms.Field:
    if filter_.is_check:
        return forms.BooleanField(label=filter_.label, required=False)
    choices = filter_.offered() if filter_.offered else filter_.choices
    if not choices and not filter_.offered:
        return forms.CharField(label=filter_.label, required=False, max_length=200)
    return forms.ChoiceField(label=filter_.label, required=False, choices=with_any(choices))


def rows_of(kind: Kind, user: User) -> CaseQuerySet[Case]:
    """Those that the person may see."""
    rows = kind.along(all_of(kind.model).visible_to(user)).prefetch_related(*kind.reads_many)
    return kind.computed(rows) if kind.computed else rows


def header_of(kind: Kind) -> list[str]:
    return [str(_("Number")), str(_("State")), *(str(column.label) for column in kind.columns)]


def cells_of(kind: Kind, rows: QuerySet[Case], reader: User) -> Generator[Sequence[object], None, None]:
    labels = {state: str(label) for state, label in kind.model.STATES.choices}
    for case in rows.iterator(chunk_size=500):
        yield [case.number, labels[str(case.follow("state"))], *(column.cell(case, reader) for column in kind.columns)]
