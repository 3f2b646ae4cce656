"""What pages are built of, in Chromium: legible, reachable by keyboard and ear, never wider than the window."""

import pytest
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from tests.browser import new_page, too_wide, violations
from tests.cast import PASSWORD, Cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("gallery")]
PAGES = ["/gallery/list/", "/gallery/case/", "/gallery/form/", "/login/", "/password/"]
LOOKS = [("light", 1280), ("dark", 390)]


@pytest.mark.parametrize(("scheme", "width"), LOOKS)
def test_every_part_passes_axe_and_fits_in_every_language(
    browser: Browser, live_server: LiveServer, cast: Cast, scheme: str, width: int
) -> None:
    options = {"viewport": {"width": width, "height": 800}, "color_scheme": scheme}
    with new_page(browser, live_server.url, **options) as page:
        page.goto("/login/?next=/gallery/list/")
        page.fill("#id_username", cast.coordinator.email)
        page.fill("#id_password", PASSWORD)
        page.click("main button")
        page.wait_for_url("**/gallery/list/")
        for language in ("ky", "ru", "en"):
            page.click(f"button[lang={language}]")
            for address in PAGES:
                page.goto(address)
                assert page.locator("html").get_attribute("lang") == language
                assert too_wide(page) <= 0, (address, language)
                if language == "ky":
                    assert violations(page) == [], address
        page.click("details.who summary")
        assert violations(page) == []
        assert too_wide(page) <= 0
        assert page.heard == []  # type: ignore[attr-defined]


@pytest.mark.parametrize("address", PAGES)
def test_pages_reflow_at_320_pixels(browser: Browser, live_server: LiveServer, address: str) -> None:
    with new_page(browser, live_server.url, viewport={"width": 320, "height": 640}) as page:
        page.goto(address)
        assert too_wide(page) <= 0


def test_a_wrong_form_takes_the_focus_to_its_summary_without_javascript(
    browser: Browser, live_server: LiveServer
) -> None:
    with new_page(browser, live_server.url, java_script_enabled=False) as page:
        page.goto("/gallery/form/")
        page.click("main form button")
        page.wait_for_selector(".error-summary:focus")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_selector("#id_title:target")
        page.keyboard.type("Now it is filled")
        assert page.input_value("#id_title") == "Now it is filled"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_wrong_form_passes_axe(browser: Browser, live_server: LiveServer, scheme: str) -> None:
    with new_page(browser, live_server.url, color_scheme=scheme) as page:
        page.goto("/gallery/form/")
        page.click("main form button")
        page.wait_for_selector(".error-summary")
        assert violations(page) == []


def test_the_skip_link_comes_first_and_leads_to_the_content(browser: Browser, live_server: LiveServer) -> None:
    with new_page(browser, live_server.url) as page:
        page.goto("/gallery/list/")
        page.keyboard.press("Tab")
        page.wait_for_selector(".skip:focus")
        assert page.locator(".skip").bounding_box()["x"] >= 0  # type: ignore[index]
        page.keyboard.press("Enter")
        page.wait_for_selector("main:focus")


def test_a_list_on_a_desk_has_one_line_a_row(browser: Browser, live_server: LiveServer) -> None:
    with new_page(browser, live_server.url, viewport={"width": 1280, "height": 800}) as page:
        page.goto("/gallery/list/")
        heights = page.eval_on_selector_all("tbody tr", "rows => rows.map(row => row.offsetHeight)")
        assert max(heights) <= 32


def test_pages_are_set_in_the_fonts_we_ship(browser: Browser, live_server: LiveServer) -> None:
    with new_page(browser, live_server.url) as page:
        page.goto("/gallery/case/")
        page.evaluate("document.fonts.ready.then(() => true)")
        loaded = page.evaluate("[...document.fonts].filter(font => font.status == 'loaded').map(font => font.family)")
        assert {name.strip('"') for name in loaded} == {"Noto Sans", "Noto Signs", "Noto Signs 2"}


def test_the_colours_can_be_chosen_against_the_system(browser: Browser, live_server: LiveServer) -> None:
    with new_page(browser, live_server.url, color_scheme="light") as page:
        page.goto("/gallery/case/")
        ground = "getComputedStyle(document.body).backgroundColor"
        light = page.evaluate(ground)
        page.click("button[name=theme][value=dark]")
        assert page.url.endswith("/gallery/case/")
        assert page.evaluate(ground) != light
        assert violations(page) == []
        page.emulate_media(media="print")
        assert page.evaluate(ground) == "rgb(255, 255, 255)"


def test_on_paper_there_is_no_menu_and_no_form(browser: Browser, live_server: LiveServer) -> None:
    with new_page(browser, live_server.url) as page:
        page.goto("/gallery/list/")
        page.emulate_media(media="print")
        assert [page.is_visible(part) for part in (".top", ".foot", ".filters", ".pages")] == [False] * 4
        assert page.is_visible("table")


def test_a_card_that_is_only_for_wide_windows_leaves_nothing_behind_on_a_phone(
    browser: Browser, live_server: LiveServer
) -> None:
    with new_page(browser, live_server.url, viewport={"width": 390, "height": 800}) as page:
        page.goto("/gallery/case/")
        assert not page.is_visible(".wide-only")
