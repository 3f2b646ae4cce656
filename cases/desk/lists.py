"""The rows of the lists of kinds that have no list of their own, and what filters leave of them."""

from collections.abc import Generator, Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from cases.desk.kinds import Kind
from cases.desk.unmanned import with_unmanned_task
from cases.registry.models import User


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


def rows_of(kind: Kind, user: User) -> QuerySet[Any]:
    """Those that the person may see."""
    manager: Any = kind.model._default_manager
    rows: QuerySet[Any] = manager.visible_to(user)
    return rows.select_related(*kind.reads)


def header_of(kind: Kind) -> list[str]:
    return [str(_("Number")), str(_("State")), *(str(column.label) for column in kind.columns)]


def cells_of(kind: Kind, rows: QuerySet[Any]) -> Generator[Sequence[Any], None, None]:
    labels = {state: str(label) for state, label in kind.model.STATES.choices}
    for case in rows.iterator(chunk_size=500):
        yield [case.number, labels[case.state], *(column.value(case) for column in kind.columns)]
