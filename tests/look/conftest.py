"""The gallery on a real server, and a real browser."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings as project
from playwright.sync_api import Browser
from pytest_django import Settings

from tests.browser import chromium


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def gallery(settings: Settings) -> None:
    """Adds the gallery's pages to the project's."""
    settings.ROOT_URLCONF = "tests.look.gallery"
    (templates,) = project.TEMPLATES
    settings.TEMPLATES = [{**templates, "DIRS": [*templates["DIRS"], Path(__file__).parent / "templates"]}]
