"""The filters of the list: what stands in the URL, and the rows it leaves."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from cases.desk.unmanned import with_unmanned_task
from cases.followup.models import Recommendation, SourceDocument
from cases.followup.models.querysets import RecommendationQuerySet
from cases.ground.paging import Order
from cases.registry.models import Organisation, Region
from workflow.lifecycles.follow_up import Classification, Risk
from workflow.lifecycles.recommendation import State

ORDERS = {
    "new": Order(descending=True),
    "old": Order(),
    "due": Order("current_due"),
    "due_last": Order("current_due", descending=True),
}
RESOLVED = 200
"""Names in a filter are looked up first; more matches than this do not narrow a list."""


def _any(choices: Any) -> list[Any]:
    return [("", _("Any")), *choices]


class Filters(forms.Form):
    """A filter that cannot be understood is named and left out; the rest still holds."""

    q = forms.CharField(label=_("Search"), required=False, max_length=200, widget=forms.SearchInput)
    state = forms.ChoiceField(label=_("State"), required=False, choices=_any([("open", _("All open")), *State.choices]))
    risk = forms.ChoiceField(label=_("Risk"), required=False, choices=_any(Risk.choices))
    classification = forms.ChoiceField(label=_("Class"), required=False, choices=_any(Classification.choices))
    institution = forms.CharField(label=_("Institution"), required=False, max_length=200)
    region = forms.ChoiceField(label=_("Region"), required=False, choices=_any(Region.choices))
    source = forms.CharField(label=_("Source document"), required=False, max_length=200)
    due_from = forms.DateField(label=_("Due from"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    due_to = forms.DateField(label=_("Due until"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    sort = forms.ChoiceField(
        label=_("Order"),
        required=False,
        choices=[
            ("new", _("Newest first")),
            ("old", _("Oldest first")),
            ("due", _("Due first")),
            ("due_last", _("Due last")),
        ],
    )
    overdue = forms.BooleanField(label=_("Overdue only"), required=False)
    mine = forms.BooleanField(label=_("Assigned to me"), required=False)
    priority = forms.BooleanField(label=_("Priority only"), required=False)
    unmanned = forms.BooleanField(label=_("Only what nobody can do"), required=False)

    def bar(self) -> SafeString:
        """The form as HTML, which is the same for everybody who asks the same in the same language."""
        data: Any = self.data
        asked = tuple((name, tuple(data.getlist(name))) for name in self.fields if name in data)
        return _bar(asked, get_language())

    @property
    def order(self) -> Order:
        return ORDERS[self.chosen().get("sort") or "new"]

    def chosen(self) -> dict[str, Any]:
        """What was asked for and understood."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value not in ("", None, False)}

    def is_narrowed(self) -> bool:
        return bool(self.chosen().keys() - {"sort"})

    def narrow(self, rows: RecommendationQuerySet, user: Any) -> RecommendationQuerySet:
        """The rows that every chosen filter leaves."""
        chosen = self.chosen()
        if "q" in chosen:
            rows = rows.matching(chosen["q"])
        if chosen.get("overdue"):
            rows = rows.overdue()
        if chosen.get("mine"):
            rows = rows.filter(coordinator=user)
        if chosen.get("unmanned"):
            rows = with_unmanned_task(rows)
        for condition in _conditions(chosen):
            rows = rows.filter(condition)
        return rows


@lru_cache(maxsize=500)
def _bar(asked: tuple[tuple[str, tuple[str, ...]], ...], language: str | None) -> SafeString:
    form = Filters(MultiValueDict({name: list(values) for name, values in asked}))
    return render_to_string("components/filters.html", {"form": form, "clear_url": reverse("recommendations")})


def _conditions(chosen: dict[str, Any]) -> Iterator[Q]:
    for name, lookup in {
        "risk": "risk",
        "classification": "classification",
        "region": "institution__region",
        "due_from": "current_due__gte",
        "due_to": "current_due__lte",
        "priority": "is_priority",
    }.items():
        if name in chosen:
            yield Q(**{lookup: chosen[name]})
    if "state" in chosen:
        yield ~Q(state=State.CLOSED) if chosen["state"] == "open" else Q(state=chosen["state"])
    if "institution" in chosen:
        yield _resolved("institution", Organisation.objects.matching(chosen["institution"]))
    if "source" in chosen:
        text = chosen["source"]
        yield _resolved("source", SourceDocument.objects.filter(Q(title__icontains=text) | Q(number__iexact=text)))


def _resolved(name: str, found: QuerySet[Any]) -> Q:
    """The ids themselves, not a subquery: then the planner knows how many rows to expect."""
    ids = list(found.order_by().values_list("pk", flat=True)[: RESOLVED + 1])
    return Q(**{f"{name}__in": ids if len(ids) <= RESOLVED else found.values("pk")})


def visible(user: Any, filters: Filters) -> RecommendationQuerySet:
    """The rows of the list: those the person may see, narrowed by the filters."""
    return filters.narrow(Recommendation.objects.visible_to(user), user)
