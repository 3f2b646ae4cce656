"""The gallery on a real server, and a real browser."""

from pathlib import Path

import pytest
from django.conf import settings as project
from pytest_django import Settings


@pytest.fixture
def gallery(settings: Settings) -> None:
    """Adds the gallery's pages to the project's."""
    settings.ROOT_URLCONF = "tests.look.gallery"
    (templates,) = project.TEMPLATES
    settings.TEMPLATES = [{**templates, "DIRS": [*templates["DIRS"], Path(__file__).parent / "templates"]}]
