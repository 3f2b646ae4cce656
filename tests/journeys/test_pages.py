"""Every page as it looks: never wider than the window, legible to eye and ear in light and dark, in three languages."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.urls import Resolver404

from cases.followup.demo.cases import load_cases
from cases.followup.demo.people import People
from tests.browser import too_wide, violations
from tests.journeys.looking import NO_PAGES, Look
from tests.journeys.looks import all_looks
from tests.journeys.walking import Town, Walker
from tests.sweep.routes import route_of, routes

pytestmark = pytest.mark.browser
SCHEMES = {1280: "light", 390: "dark"}
WIDTHS = (1280, 1024, 390)


@pytest.fixture
def looks(made: People, tmp_path: Path) -> list[Look]:
    load_cases(made)
    return all_looks(made, tmp_path / "table.csv")


@pytest.mark.parametrize("languages", [["ky"], ["ru", "en"]])
def test_every_page_is_legible_and_fits(town: Town, made: People, looks: list[Look], languages: list[str]) -> None:
    assert sorted(_not_looked_at(looks)) == [], "pages of the project that nobody looks at"
    wrong: list[str] = []
    for language in languages:
        for look in looks:
            window = _window(town, made, look.who)
            cookie = {"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": town.address}
            window.page.context.add_cookies([cookie])
            wrong += [f"{language} {look}: {problem}" for problem in _problems(window, look, language)]
    assert wrong == [], "\n".join(wrong)


def _not_looked_at(looks: list[Look]) -> set[str]:
    seen = {_route(look.address) for look in looks}
    own = {route for route in routes() if not route.startswith(("visits/", "notes/"))}  # Not in the demo.
    return own - NO_PAGES - seen - {"registry/import/<str:kind>/<int:pk>/"}


def _route(address: str) -> str | None:
    try:
        return route_of(address)
    except Resolver404:
        return None


def _window(town: Town, made: People, who: str) -> Walker:
    if who:
        return town.of(made[who])
    if 0 not in town.windows:
        town.windows[0] = town.stranger()
    return town.windows[0]


def _problems(window: Walker, look: Look, language: str) -> Iterator[str]:
    status = window.go(look.address)
    if look.sent is not None:
        window.fill(**look.sent)
        status = window.send()
    if status != look.status:
        yield f"the status is {status}"
    page = window.page
    if page.locator("html").get_attribute("lang") != language:
        yield "the language is another one"
    page.evaluate("document.querySelectorAll('main details').forEach(one => { one.open = true })")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        if (over := too_wide(page)) > 0:
            yield f"{over} pixels wider than {width}"
        if language == "ky" and width in SCHEMES:
            scheme: Any = SCHEMES[width]
            page.emulate_media(color_scheme=scheme)
            yield from (f"{scheme} {violation}" for violation in violations(page))
