"""The menu shows what the reader's roles open, and which item the page belongs to."""

from collections.abc import Callable

import pytest
from django.test import RequestFactory
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from cases.desk.kinds import kind_of, kinds
from cases.registry.models import User
from config.navigation import navigation
from tests.cast import Cast
from workflow.roles import Role

pytestmark = pytest.mark.django_db
PLANNING = "plan_schedule_list engagement_list deliverable_list finding_list"


@pytest.fixture
def menu() -> Callable[..., dict[str, bool]]:
    def menu(user: User, address: str = "/") -> dict[str, bool]:
        request = RequestFactory().get(address)
        request.user = user
        items = navigation(request)["nav"]
        return {item.name: item.active for item in items if item.name != "visit_list"}  # A kind of the tests.

    return menu


@pytest.mark.parametrize(
    ("who", "names"),
    [
        (
            "coordinator",
            f"inbox {PLANNING} recommendations import_resolution organisations messages",
        ),
        ("rector", "inbox plan_schedule_list engagement_list finding_list recommendations messages"),
        (
            "leader",
            f"inbox {PLANNING} recommendations account_change_list trail organisations messages",
        ),
        (
            "observer",
            f"inbox {PLANNING} recommendations account_change_list trail organisations messages",
        ),
        ("registrar", "inbox account_change_list organisations messages"),
        ("stranger", "inbox engagement_list recommendations messages"),
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
        ("/extensions/R-2026-00041-E1/act/grant/", "recommendations"),
        ("/effect-reviews/R-2026-00041-R1/act/assess/", "recommendations"),
        ("/plans/P-2026-00001/act/agree/", "plan_schedule_list"),
        ("/password/", None),
    ],
)
def test_the_item_of_the_page_is_marked(
    menu: Callable[..., dict[str, bool]], cast: Cast, address: str, active: str | None
) -> None:
    assert [name for name, is_active in menu(cast.coordinator, address).items() if is_active] == [active] * bool(active)


def test_every_page_of_every_kind_belongs_to_an_item(cast: Cast) -> None:
    """Also where a case is shown on another one's page, and where a list leads."""
    for name, kind in kinds().items():
        about = kind
        while about.is_part:
            about = kind_of(about.model._meta.get_field(about.model.ABOUT).related_model)
        action = next(iter(kind.model.acts()))
        addresses = [reverse(f"{name}_act", args=["X-1", action])]
        reader = cast.coordinator if Role.COORDINATOR in about.menu_roles else cast.registrar
        addresses += [url for _label, url in (kind.list_links(reader) if kind.list_links else ())]
        for address in addresses:
            request = RequestFactory().get(address)
            request.user = reader
            items = navigation(request)["nav"]
            assert [item.name for item in items if item.active] == [about.list_name], address  # type: ignore[attr-defined]


def test_the_menu_asks_for_nothing_but_the_roles_and_their_organisations(
    menu: Callable[..., dict[str, bool]], cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    coordinator = User.objects.get(pk=cast.coordinator.pk)
    with django_assert_num_queries(2):
        menu(coordinator)
