"""A person at a browser: goes to addresses, follows links by their address, fills fields by their name."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Locator, Page

from cases.registry.known_browsers import COOKIE, remember
from cases.registry.models import User

EXPECTED = (
    "the server responded with a status of 4",
    "Clear-Site-Data header on",
    "Autofocus processing was blocked",
)
"""What the console may repeat: the server refused, signing out cleared the cache, and somebody typed before the focus
could move to the list of what is wrong: then it stays where they type."""
SUBMIT = "button:not([name]), button[type=submit]:not([name])"


def sign_in(context: BrowserContext, person: User, address: str) -> None:
    """Put the person's session, and the mark of who used it last, into the browser, as if they had signed in there."""
    client, response = Client(), HttpResponse()
    client.force_login(person)
    remember(HttpRequest(), response, person.email)
    session = settings.SESSION_COOKIE_NAME
    values = {session: client.cookies[session].value, COOKIE: response.cookies[COOKIE].value}
    context.add_cookies([{"name": name, "value": value, "url": address} for name, value in values.items()])


DESK = {"locale": "ky-KG", "viewport": {"width": 1280, "height": 800}, "reduced_motion": "reduce"}
"""Nothing moves: a colour that is under way from light to dark would be neither."""


class Walker:
    """One window; what the console says in it is an error of the test."""

    def __init__(self, page: Page, heard: list[str]) -> None:
        self.page = page
        self.main = page.locator("main")
        self.heard = heard
        self.steps = 0
        """Links followed and buttons pressed."""

    def go(self, path: str) -> int:
        """Open an address; the status that comes."""
        response = self.page.goto(path)
        assert response is not None
        return response.status

    def follow(self, path: str) -> int:
        """Press the first link to this address."""
        return self._moved(self.page.locator(f'a[href="{path}"]').first)

    def fill(self, **fields: Any) -> None:
        """Fill fields of the page by name; dates as ISO, files as their path, several at once as a list."""
        for name, value in fields.items():
            self._fill(name.replace("__", "-"), value)

    def send(self, form: str = "form") -> int:
        """Press the button of the page's own form; the status that comes of it."""
        return self._moved(self.main.locator(form).locator(SUBMIT))

    def press(self, name: str) -> int:
        """Press the button of this name."""
        return self._moved(self.main.locator(f"button[name={name}]"))

    def choose(self, name: str, value: str) -> int:
        """Press one of the buttons of every page: the language, the colours."""
        return self._moved(self.page.locator(f"button[name={name}][value={value}]"))

    def leave(self) -> int:
        self.page.locator("header summary").click()
        return self._moved(self.page.locator('form[action="/logout/"] button'))

    def act(self, path: str, **fields: Any) -> int:
        """Follow the link to a form, fill it and send it."""
        assert self.follow(path) == 200
        self.fill(**fields)
        return self.send()

    def path(self) -> str:
        return self.page.url.partition("//")[2].partition("/")[2].join(("/", "")).partition("#")[0]

    def summary(self) -> Locator:
        """The summary of errors, once the browser has moved the focus there, which it does some time after drawing."""
        summary = self.main.locator(".error-summary:focus")
        summary.wait_for()
        return summary

    def complaints(self) -> list[str]:
        """The addresses of the fields that the summary of errors leads to."""
        links = self.main.locator('[role=alert] a[href^="#"]')
        return [str(link.get_attribute("href"))[1:] for link in links.all()]

    def _fill(self, name: str, value: Any) -> None:
        field = self.main.locator(f'[name="{name}"]')
        kind = field.first.get_attribute("type")
        if kind == "radio":
            field.and_(self.page.locator(f'[value="{value}"]')).check()
        elif kind == "checkbox" and isinstance(value, list):
            for one in value:
                field.and_(self.page.locator(f'[value="{one}"]')).check()
        elif kind == "checkbox":
            field.first.set_checked(bool(value))
        elif kind == "file":
            field.set_input_files(value)
        elif self.main.locator(f'select[name="{name}"]').count():
            field.select_option(value)
        else:
            field.fill(str(value))

    def _moved(self, pressed: Locator) -> int:
        with self.page.expect_navigation() as moving:
            pressed.click()
        assert moving.value is not None
        self.steps += 1
        return moving.value.status


class Town:
    """The browser in which everybody has a window of their own, opened when it is first asked for."""

    def __init__(self, browser: Browser, address: str, **options: Any) -> None:
        self.browser, self.address = browser, address
        self.options = DESK | options
        self.windows: dict[int, Walker] = {}
        self.contexts: list[BrowserContext] = []
        self.walkers: list[Walker] = []

    def of(self, person: User) -> Walker:
        if person.pk not in self.windows:
            self.windows[person.pk] = self.stranger(person)
        return self.windows[person.pk]

    def stranger(self, person: User | None = None) -> Walker:
        """A fresh window, of nobody or of somebody who has one already."""
        context = self.browser.new_context(base_url=self.address, **self.options)
        context.set_default_timeout(10_000)
        self.contexts.append(context)
        if person is not None:
            sign_in(context, person, self.address)
        heard: list[str] = []
        page = context.new_page()
        page.on("console", lambda message: heard.append(f"{page.url}: {message.text}"))
        page.on("pageerror", lambda error: heard.append(f"{page.url}: {error}"))
        self.walkers.append(Walker(page, heard))
        return self.walkers[-1]

    def steps(self) -> int:
        """Of all people together."""
        return sum(walker.steps for walker in self.walkers)

    def close(self) -> None:
        """Nobody's console may have said anything unexpected."""
        for context in self.contexts:
            context.close()
        said = (text for walker in self.walkers for text in walker.heard)
        heard = [text for text in said if not any(words in text for words in EXPECTED)]
        assert not heard, heard
