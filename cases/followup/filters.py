"""The filters of the list: what stands in the URL, and the rows it leaves."""

from collections.abc import Iterator
from functools import lru_cache

from django import forms
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from cases.desk import filters as desk
from cases.desk.filters import NEWEST, OLDEST, resolved, with_any
from cases.followup.models import Recommendation, SourceDocument
from cases.followup.models.querysets import NEVER_OVERDUE, RecommendationQuerySet
from cases.ground.fields import Cleaned
from cases.ground.paging import Order
from cases.planning.models import Engagement
from cases.registry.models import Organisation, Region, User
from cases.registry.unmanned import with_unmanned_task
from workflow.lifecycles.follow_up import Classification, Risk
from workflow.lifecycles.recommendation import State

ORDERS = {
    "new": NEWEST,
    "old": OLDEST,
    "due": Order("current_due"),
    "due_last": Order("current_due", descending=True),
}


class RecommendationFilters(desk.Filters):
    ORDERS = ORDERS

    q = forms.CharField(label=_("Search"), required=False, max_length=200, widget=forms.SearchInput)
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=with_any([("open", _("All open")), *State.choices])
    )
    risk = forms.ChoiceField(label=_("Risk"), required=False, choices=with_any(Risk.choices))
    classification = forms.ChoiceField(label=_("Class"), required=False, choices=with_any(Classification.choices))
    institution = forms.CharField(label=_("Institution"), required=False, max_length=200)
    region = forms.ChoiceField(label=_("Region"), required=False, choices=with_any(Region.choices))
    engagement = forms.CharField(label=_("Monitoring"), required=False, max_length=40)
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
        """The form as HTML, kept: it is the same for everybody who chose the same filters in the same language."""
        data = self.data
        if not isinstance(data, MultiValueDict):
            raise TypeError("The filters are made with request.GET.")
        asked = tuple((name, tuple(data.getlist(name))) for name in self.fields if name in data)
        return _bar(asked, get_language())

    def narrow(self, rows: RecommendationQuerySet, user: User) -> RecommendationQuerySet:
        """The rows that every chosen filter leaves."""
        chosen = self.chosen()
        if "q" in chosen:
            rows = rows.matching(chosen["q"])
        if chosen.get("overdue"):
            # The database would read all rows to find that none is both.
            rows = rows.none() if chosen.get("state") in NEVER_OVERDUE else rows.overdue()
        if chosen.get("mine"):
            rows = rows.filter(coordinator=user)
        if chosen.get("unmanned"):
            rows = with_unmanned_task(rows)
        for condition in _conditions(chosen):
            rows = rows.filter(condition)
        return rows


@lru_cache(maxsize=500)
def _bar(asked: tuple[tuple[str, tuple[str, ...]], ...], language: str | None) -> SafeString:
    form = RecommendationFilters(MultiValueDict({name: list(values) for name, values in asked}))
    return render_to_string("components/filters.html", {"form": form, "clear_url": reverse("recommendations")})


def _conditions(chosen: Cleaned) -> Iterator[Q]:
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
        yield resolved("institution", Organisation.objects.matching(chosen["institution"]))
    if "engagement" in chosen:
        yield resolved("engagement", Engagement.objects.filter(number__iexact=chosen["engagement"].strip()))
    if "source" in chosen:
        text = chosen["source"]
        yield resolved("source", SourceDocument.objects.filter(Q(title__icontains=text) | Q(number__iexact=text)))


def visible(user: User, filters: RecommendationFilters) -> RecommendationQuerySet:
    """The rows of the list: those the person may see, narrowed by the filters."""
    return filters.narrow(Recommendation.objects.visible_to(user), user)
