"""The menu shows what the reader's roles open, and which item the page belongs to."""

from collections.abc import Callable

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.urls import path
from pytest_django import DjangoAssertNumQueries, Settings

from cases.registry.models import User
from config.navigation import navigation
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


urlpatterns = [
    path("", page, name="inbox"),
    path("recommendations/", page, name="recommendations"),
    path("recommendations/import/", page, name="import_resolution"),
    path("account-changes/", page, name="account_change_list"),
    path("trail/", page, name="trail"),
    path("registry/organisations/", page, name="organisations"),
    path("messages/", page, name="messages"),
    path("plans/", page, name="plan_schedule_list"),
    path("visits/", page, name="visit_list"),
]


@pytest.fixture
def menu(settings: Settings) -> Callable[..., dict[str, bool]]:
    settings.ROOT_URLCONF = __name__

    def menu(user: User, address: str = "/") -> dict[str, bool]:
        request = RequestFactory().get(address)
        request.user = user
        items = navigation(request)["nav"]
        return {item.name: item.active for item in items if item.name != "visit_list"}  # A kind of the tests.

    return menu


@pytest.mark.parametrize(
    ("who", "names"),
    [
        ("coordinator", "inbox plan_schedule_list recommendations import_resolution organisations messages"),
        ("rector", "inbox plan_schedule_list recommendations messages"),
        ("leader", "inbox plan_schedule_list recommendations account_change_list trail organisations messages"),
        ("observer", "inbox plan_schedule_list recommendations account_change_list trail organisations messages"),
        ("registrar", "inbox account_change_list organisations messages"),
        ("stranger", "inbox recommendations messages"),
    ],
)
def test_the_menu_follows_the_roles(menu: Callable[..., dict[str, bool]], cast: Cast, who: str, names: str) -> None:
    assert list(menu(getattr(cast, who))) == names.split()


@pytest.mark.parametrize(
    ("address", "active"),
    [
        ("/", "inbox"),
        ("/recommendations/", "recommendations"),
        ("/recommendations/R-2026-00041/", "recommendations"),
        ("/recommendations/import/", "import_resolution"),
        ("/messages/?page=2", "messages"),
        ("/password/", None),
    ],
)
def test_the_item_of_the_page_is_marked(
    menu: Callable[..., dict[str, bool]], cast: Cast, address: str, active: str | None
) -> None:
    assert [name for name, is_active in menu(cast.coordinator, address).items() if is_active] == [active] * bool(active)


def test_the_menu_asks_one_query(
    menu: Callable[..., dict[str, bool]], cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    coordinator = User.objects.get(pk=cast.coordinator.pk)
    with django_assert_num_queries(1):
        menu(coordinator)
