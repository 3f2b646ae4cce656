"""A database that is away, as the web server sees it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import connection


@contextmanager
def database_away(folder: Path) -> Iterator[None]:
    """New connections look for the server in a folder where none is, and the present one is gone."""
    settings: dict[str, Any] = connection.settings_dict
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(settings, "HOST", str(folder))
        patch.setitem(settings, "OPTIONS", {"connect_timeout": 2})
        connection.close()
        try:
            yield
        finally:
            connection.close()
