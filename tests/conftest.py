"""The cast and the cases that every test may ask for."""

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings as present_settings
from django.db import connection
from django.db.backends.postgresql.operations import DatabaseOperations
from django.test import Client
from django.utils import translation
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser
from pytest_django import Settings

from cases.registry.models import User
from tests.browser import chromium
from tests.cast import Cast, make_cast
from tests.factories import FOLDER

Opened = Callable[[User], Client]

settings.register_profile(
    "baikoo",
    deadline=None,  # A loaded machine is no error of the code.
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.function_scoped_fixture,  # Examples that write roll back what they wrote.
    ],
)
settings.register_profile("baikoo-ci", settings.get_profile("baikoo"), derandomize=True, print_blob=True)
settings.load_profile("baikoo-ci" if os.environ.get("CI") else "baikoo")


@pytest.fixture
def cast(db: None) -> Cast:
    """Named people of one ministry, one department, two institutions and a contractor."""
    return make_cast()


@pytest.fixture
def at() -> Opened:
    """A browser in English in which this person is signed in."""

    def at(user: User) -> Client:
        client = Client(headers={"accept-language": "en"})
        client.force_login(user)
        return client

    return at


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Started once for all tests of a process; each opens a context of its own, and closes it."""
    with chromium() as browser:
        yield browser


@pytest.fixture(autouse=True)
def english(settings: Settings) -> Iterator[None]:
    """Tests read English, unless they ask for another language; people still get Kyrgyz first."""
    settings.LANGUAGE_CODE = "en"
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True, scope="session")
def files_of_tests() -> Iterator[None]:
    """Files lie in a folder of the tests, unless a test names another one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(present_settings, "EVIDENCE_DIR", FOLDER)
        yield
    shutil.rmtree(FOLDER)


@pytest.fixture(autouse=True, scope="session")
def trail_may_be_emptied() -> Iterator[None]:
    """Between tests the whole database is emptied; the trail refuses that, so its triggers rest meanwhile."""
    flush = DatabaseOperations.execute_sql_flush

    def flush_all(self: Any, sql_list: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")
            try:
                flush(self, sql_list)
            finally:
                cursor.execute("SET session_replication_role = origin")

    with pytest.MonkeyPatch.context() as patch:  # For the whole session: the last test is emptied after its fixtures.
        patch.setattr(DatabaseOperations, "execute_sql_flush", flush_all)
        yield


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What tests have measured is shown at the end, whether they pass or not."""
    for report in terminalreporter.getreports("passed"):
        for name, value in report.user_properties:
            if name == "measured":
                terminalreporter.write_line(f"       {value}")
