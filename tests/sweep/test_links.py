"""Everybody can open every link that they are shown, and every part of a page that a link leads to is there."""

import logging
import re
from collections import Counter, deque
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import urldefrag, urljoin

import pytest
from django.test import Client
from pytest_django import Settings

from cases.followup.demo.cases import load_cases
from cases.followup.demo.people import People, make_people
from cases.registry.models import User
from tests.sweep.routes import route_of
from workflow.roles import Role

HREF = re.compile(r'<a\b[^>]*?\bhref="([^"]*)"')
ID = re.compile(r'\bid="([^"]+)"')
OF_A_KIND = 8
"""Pages of one route that are opened for one person."""


@pytest.mark.slow
@pytest.mark.django_db
def test_no_link_leads_to_nothing(demo: People) -> None:
    """All roles in one test: loading the demo takes longer than most walks."""
    faults = {}
    for role in Role.values:
        walk = Walk(demo[role])
        walk.go()
        assert len(walk.pages) > 4, role
        faults[role] = [*walk.closed, *walk.faults()]
    assert not any(faults.values()), faults


@pytest.fixture
def demo(db: None, settings: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> People:
    caplog.set_level(logging.ERROR, logger="django.request")
    settings.EVIDENCE_DIR = tmp_path
    made = make_people()
    load_cases(made)
    return made


class Walk:
    """One person's way from the start page along every link of our own."""

    def __init__(self, person: User) -> None:
        self.client = Client()
        self.client.force_login(person)
        self.pages: dict[str, str] = {}
        self.links: set[tuple[str, str]] = set()
        self.closed: list[str] = []
        self.opened = Counter[str]()

    def go(self) -> None:
        waiting = deque(["/"])
        while waiting:
            path = waiting.popleft()
            if path not in self.pages:
                waiting += self._new_links(path)

    def faults(self) -> Iterator[str]:
        for page, link in sorted(self.links):
            target, part = urldefrag(link)
            if part and target in self.pages and part not in ID.findall(self.pages[target]):
                yield f"{page} leads to {link}, which is not there"
        for page, text in self.pages.items():
            yield from (f"{page} has {one} twice" for one, times in Counter(ID.findall(text)).items() if times > 1)

    def _new_links(self, path: str) -> Iterator[str]:
        response = self.client.get(path, follow=True)
        if response.status_code != 200:
            self.closed.append(f"{[page for page, link in self.links if link == path]} lead to {path}, which is closed")
        is_page = not response.streaming and response["Content-Type"].startswith("text/html")
        self.pages[path] = response.text if is_page else ""
        found = {urljoin(path, unescape(href)) for href in HREF.findall(self.pages[path])}
        for link in sorted(one for one in found if one.startswith("/")):
            self.links.add((path, link))
            target = urldefrag(link).url
            if target not in self.pages and self.opened[route_of(target)] < OF_A_KIND:
                self.opened[route_of(target)] += 1
                yield target
