"""Sentences are compared in English, and a block may run with the rights of the web's role."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from django.utils import translation

from config.grants import grant
from tests.cast import Cast, make_told_cast


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def cast(db: None) -> Cast:
    """Told by the trail altogether: what is stored without a trail is a finding."""
    return make_told_cast()


@pytest.fixture
def as_web(db: None) -> Any:
    """Runs a block with the rights of the web's role and no others; role and grants go away with the transaction."""
    role = f"web_of_{connection.settings_dict['NAME']}"  # Roles are shared by all databases, tests run side by side.
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE ROLE {role} NOLOGIN NOSUPERUSER")
    grant(role)

    @contextmanager
    def web() -> Iterator[None]:
        with connection.cursor() as cursor:
            cursor.execute(f"SET ROLE {role}")
            try:
                yield
            finally:
                cursor.execute("RESET ROLE")

    return web
