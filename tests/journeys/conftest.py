"""What every journey needs: a browser on a live server, a folder for files, the people of the demo."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from cases.followup.demo.people import People, make_people
from tests.journeys.walking import Town


@pytest.fixture(autouse=True)
def evidence(settings: Settings, tmp_path: Path) -> Path:
    """The folder in which uploaded files are kept."""
    settings.EVIDENCE_DIR = tmp_path / "evidence"
    return tmp_path / "evidence"


@pytest.fixture
def made(transactional_db: None) -> People:
    """The organisations and people of the demo."""
    return make_people()


@pytest.fixture
def town(browser: Browser, live_server: LiveServer) -> Iterator[Town]:
    town = Town(browser, live_server.url)
    yield town
    town.close()


@pytest.fixture
def plain_town(browser: Browser, live_server: LiveServer) -> Iterator[Town]:
    """Without JavaScript."""
    town = Town(browser, live_server.url, java_script_enabled=False)
    yield town
    town.close()


@pytest.fixture
def report(tmp_path: Path) -> Path:
    """A PDF to be uploaded."""
    path = tmp_path / "отчет.pdf"
    path.write_bytes(b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n")
    return path
