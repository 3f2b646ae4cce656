"""The bar of tabs over the pages of a case: its own page, those that its kind adds, and documents and history."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cases.desk.kinds import Kind, Tab, kind_of
from cases.registry.models import User
from workflow.case import Case
from workflow.texts import Text

OVERVIEW = _("Overview")
HISTORY: Tab[Case] = Tab("history", _("Documents and history"))
"""Stands on a page of its own where a kind has tabs, and on the page of the case where it has none."""


@dataclass(frozen=True)
class TabShown:
    """One tab of the bar; `is_here` on the page that is looked at."""

    label: Text
    url: str
    is_here: bool


def tabs_of(case: Case, reader: User, here: str = "") -> list[TabShown]:
    """The tabs that the reader may open, the page of the case first; none where the kind has no tabs."""
    return list(_shown(case, reader, here)) if kind_of(case).tabs else []


def all_tabs(kind: Kind) -> tuple[Tab, ...]:
    return (*kind.tabs, HISTORY) if kind.tabs else ()


def address_of(case: Case, tab: Tab) -> str:
    return reverse(tab_url_name(kind_of(case), tab), args=[case.number])


def page_of_past(case: Case) -> str:
    """Where the documents and the history of a case are."""
    return address_of(case, HISTORY) if kind_of(case).tabs else case.get_absolute_url()


def tab_url_name(kind: Kind, tab: Tab) -> str:
    return f"{kind.name}_{tab.name}"


def _shown(case: Case, reader: User, here: str) -> Iterator[TabShown]:
    yield TabShown(OVERVIEW, case.get_absolute_url(), not here)
    for tab in all_tabs(kind_of(case)):
        if tab.is_shown(case, reader):
            yield TabShown(tab.label, address_of(case, tab), tab.name == here)
