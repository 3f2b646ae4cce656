"""In production the web server does not run as a database role that could rewrite the trail."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.db.backends.signals import connection_created

from config.embedded.server import WEB
from config.owner import refuse_to_serve_as_owner
from tests.config.outages import database_away

pytestmark = pytest.mark.django_db(transaction=True)
SENTENCE = "could rewrite the audit trail. .* WEB_ROLE"


@contextmanager
def connected_as(role: str) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(connection.settings_dict, "USER", role)
        connection.close()
        try:
            yield
        finally:
            connection_created.disconnect(dispatch_uid="config.owner")
            connection.close()


@pytest.fixture(autouse=True)
def production(settings: Any) -> None:
    settings.DEBUG = settings.EMBEDDED_DATABASE = False


def test_the_owner_of_the_tables_is_refused() -> None:
    with pytest.raises(ImproperlyConfigured, match=f"owns the tables, or may act as their owner, and {SENTENCE}"):
        refuse_to_serve_as_owner()


def test_a_superuser_is_refused() -> None:
    with (
        connected_as("postgres"),
        pytest.raises(ImproperlyConfigured, match=f"postgres is a superuser, and {SENTENCE}"),
    ):
        refuse_to_serve_as_owner()


def test_the_role_of_web_and_worker_serves() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"GRANT CONNECT ON DATABASE {connection.settings_dict['NAME']} TO {WEB}")
    with connected_as(WEB):
        refuse_to_serve_as_owner()


@pytest.mark.parametrize("name", ["DEBUG", "EMBEDDED_DATABASE"])
def test_a_developer_and_the_demo_are_left_in_peace(settings: Any, name: str) -> None:
    setattr(settings, name, True)
    refuse_to_serve_as_owner()


def test_while_the_database_is_away_it_starts_and_the_owner_is_refused_when_it_is_back(tmp_path: Path) -> None:
    with connected_as(connection.settings_dict["USER"]):
        with database_away(tmp_path):
            refuse_to_serve_as_owner()
        with pytest.raises(ImproperlyConfigured, match=SENTENCE):
            connection.ensure_connection()


def test_while_the_database_is_away_the_right_role_starts_and_is_not_asked_twice(tmp_path: Path) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"GRANT CONNECT ON DATABASE {connection.settings_dict['NAME']} TO {WEB}")
    with connected_as(WEB):
        with database_away(tmp_path):
            refuse_to_serve_as_owner()
        before = len(connection_created.receivers)
        connection.ensure_connection()
        assert len(connection_created.receivers) == before - 1
