"""The lists of the registry: filters in the URL, the rows they leave, and their pages by key."""

from collections.abc import Iterable
from typing import TypeVar

from django import forms
from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from cases.ground.fields import Cleaned
from cases.ground.paging import SIZE, Page, R, capped_count, total_text
from cases.registry.models import (
    ActKind,
    InstitutionType,
    LegalAct,
    Membership,
    Organisation,
    OrganisationKind,
    ProgrammeArea,
    Region,
    User,
)
from cases.registry.models.acts import LegalActQuerySet
from cases.registry.models.areas import ProgrammeAreaQuerySet
from cases.registry.models.organisations import OrganisationQuerySet
from cases.registry.models.people import UserQuerySet
from workflow.roles import Role
from workflow.texts import Text

STATES: list[tuple[str, Text]] = [("", _("Active")), ("inactive", _("Deactivated")), ("all", _("All"))]

Rows = TypeVar("Rows", OrganisationQuerySet, UserQuerySet, LegalActQuerySet, ProgrammeAreaQuerySet)


def _any(choices: Iterable[tuple[str, Text]]) -> list[tuple[str, Text]]:
    return [("", _("Any")), *choices]


class RegistryFilters(forms.Form):
    """Invalid filters are reported and ignored. Each subclass adds its own."""

    q = forms.CharField(label=_("Search"), required=False, max_length=200, widget=forms.SearchInput)
    state = forms.ChoiceField(label=_("State"), required=False, choices=STATES)
    order: tuple[str, ...] = ("id",)
    """Columns, "-" before one that descends; the id decides between equals."""

    def chosen(self) -> Cleaned:
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    def narrow(self, rows: Rows) -> Rows:
        """The rows that every chosen filter leaves."""
        chosen = self.chosen()
        text, state = chosen.pop("q", ""), chosen.pop("state", "")
        rows = rows.matching(text) if text else rows
        rows = rows if state == "all" else rows.filter(is_active=state != "inactive")
        return rows.filter(*(self.condition(name, value) for name, value in chosen.items()))

    def condition(self, name: str, value: str) -> Q:
        return Q(**{name: value})


class OrganisationFilters(RegistryFilters):
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=_any(OrganisationKind.choices))
    institution_type = forms.ChoiceField(
        label=_("Type of institution"), required=False, choices=_any(InstitutionType.choices)
    )
    region = forms.ChoiceField(label=_("Region"), required=False, choices=_any(Region.choices))
    field_order = ("q", "kind", "institution_type", "region", "state")
    order = ("code",)


class PeopleFilters(RegistryFilters):
    role = forms.ChoiceField(label=_("Role"), required=False, choices=_any(Role.choices))
    organisation = forms.CharField(label=_("Organisation"), required=False, max_length=200)
    field_order = ("q", "role", "organisation", "state")
    order = ("sort_key", "id")

    def condition(self, name: str, value: str) -> Q:
        """Filters people by the roles that they hold today."""
        held = Membership.objects.in_force()
        if name == "role":
            return Q(pk__in=held.filter(role=value).values("person"))
        organisations = Organisation.objects.filter(
            Q(code__iexact=value) | Q(pk__in=Organisation.objects.matching(value))
        )
        return Q(pk__in=held.filter(organisation__in=organisations).values("person"))


class ActFilters(RegistryFilters):
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=_any(ActKind.choices))
    year = forms.IntegerField(label=_("Year"), required=False, min_value=1900, max_value=2100)
    field_order = ("q", "kind", "year", "state")
    order = ("-date", "id")

    def condition(self, name: str, value: str) -> Q:
        return Q(date__startswith=str(value)) if name == "year" else super().condition(name, value)


class AreaFilters(RegistryFilters):
    order = ("code",)


def areas_for(user: User, filters: RegistryFilters) -> "QuerySet[ProgrammeArea]":
    return filters.narrow(ProgrammeArea.objects.visible_to(user))


def organisations_for(user: User, filters: RegistryFilters) -> "QuerySet[Organisation]":
    rows = filters.narrow(Organisation.objects.visible_to(user))
    return rows.defer("search", "search_vector")


def people_for(user: User, filters: RegistryFilters) -> "QuerySet[User]":
    rows = filters.narrow(User.objects.visible_to(user))
    roles = Membership.objects.in_force().select_related("organisation")
    return rows.defer("search", "search_vector").prefetch_related(Prefetch("memberships", roles, to_attr="roles_now"))


def acts_for(user: User, filters: RegistryFilters) -> "QuerySet[LegalAct]":
    rows = filters.narrow(LegalAct.objects.visible_to(user))
    return rows.defer("search", "search_vector")


def keyed_page(request: HttpRequest, rows: "QuerySet[R]", order: tuple[str, ...], *, size: int = SIZE) -> "Page[R]":
    """The rows after the one whose id the URL names as `after`; so a deep page costs what the first does."""
    after = request.GET.get("after", "")
    anchor = _anchor(rows, order, after)
    keys = order if "id" in order else (*order, "id")
    begun = list(rows.filter(_beyond(order, anchor) if anchor else Q()).order_by(*keys)[: size + 1])
    shown = begun[:size]
    return Page(
        rows=shown,
        first_url=_url(request, "") if anchor else "",
        next_url=_url(request, str(shown[-1].pk)) if len(begun) > size else "",
        total_text=total_text(capped_count([rows])),
    )


def _anchor(rows: "QuerySet[R]", order: tuple[str, ...], after: str) -> dict[str, object] | None:
    """The keys of the last row shown before, as they are now; None for the first page, or when there is no such row."""
    if not (after.isdecimal() and len(after) < 19):
        return None
    names = [name.removeprefix("-") for name in order]
    return rows.model._base_manager.filter(pk=after).values("id", *names).first()


def _beyond(order: tuple[str, ...], anchor: dict[str, object]) -> Q:
    """Rows after the anchor: later in the first key, or equal in it and with a larger id."""
    name, compare = order[0].removeprefix("-"), "lt" if order[0].startswith("-") else "gt"
    later = Q(**{f"{name}__{compare}": anchor[name]})
    return later if name == "id" else later | Q(**{name: anchor[name], "id__gt": anchor["id"]})


def _url(request: HttpRequest, after: str) -> str:
    query = request.GET.copy()
    query.pop("after", None)
    if after:
        query["after"] = after
    return f"?{query.urlencode()}"
