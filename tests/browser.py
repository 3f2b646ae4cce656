"""Chromium for tests: how it is started, and what it found wrong with a page."""

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page, sync_playwright

PROGRAMS = ("chromium-headless-shell", "chromium")
"""The first of them that is there: without windows it is the same engine and takes a fifth less time."""
FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"),
]

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
FIND = """options => axe.run(document, options).then(found =>
    found.violations.flatMap(one => one.nodes.map(node => `${one.id}: ${node.target}`)))"""
"""The lines are written in the page: to hand over all that axe looked at takes longer than looking."""


PIXELS = 96 / 25.4
"""Of a millimetre on paper, as CSS counts them."""
SHEET = re.compile(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]")
CUT_OFF = """() => {
    const wide = document.documentElement.clientWidth, cut = [];
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
        const text = texts.currentNode, range = document.createRange();
        range.selectNodeContents(text);
        const cell = text.parentElement.closest("td, th, dd, main, body");
        const end = Math.min(wide, cell.getBoundingClientRect().right) + 1;
        if ([...range.getClientRects()].some(place => place.width && place.right > end)) cut.push(text.data.trim());
    }
    return cut;
}"""


@contextmanager
def chromium() -> Iterator[Browser]:
    """The system's Chromium. Playwright keeps an event loop in this thread, which Django must be told to bear."""
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    try:
        with sync_playwright() as playwright:
            program = next(filter(None, map(shutil.which, PROGRAMS)))
            browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
            yield browser
            browser.close()
    finally:
        if before is None:
            del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@contextmanager
def new_page(browser: Browser, address: str, **options: Any) -> Iterator[Page]:
    """A page of its own context; `heard` collects what the console and the CSP said."""
    context = browser.new_context(base_url=address, **options)
    page = context.new_page()
    heard: list[str] = []
    page.on("console", lambda message: heard.append(message.text))
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.heard = heard  # type: ignore[attr-defined]
    yield page
    context.close()


def violations(page: Page) -> list[str]:
    """What axe finds against WCAG 2.2 A and AA, one line each."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found: list[str] = page.evaluate(FIND, {"runOnly": RULES, "resultTypes": ["violations"]})
    return found


def too_wide(page: Page) -> int:
    """By how many pixels the page is wider than the window; axe does not see that."""
    return int(page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))


def printed(page: Page) -> list[tuple[int, int]]:
    """Width and height in millimetres of each sheet that the page fills, as its own styles ask for."""
    paper = page.pdf(format="A4", prefer_css_page_size=True)
    return [(_millimetres(width), _millimetres(height)) for width, height in SHEET.findall(paper)]


def cut_off(page: Page, wide: int) -> list[str]:
    """Texts that reach beyond their cell, or beyond the printable width in millimetres, as the page is laid out on
    paper. Leaves the window as wide as that."""
    page.emulate_media(media="print")
    page.set_viewport_size({"width": int(wide * PIXELS), "height": 1000})
    found: list[str] = page.evaluate(CUT_OFF)
    return found


def _millimetres(points: bytes) -> int:
    return round(float(points) * 25.4 / 72)
