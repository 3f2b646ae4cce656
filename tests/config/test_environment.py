"""Settings stop at a value that they cannot understand, and name the variable."""

import os
import subprocess
import sys

import pytest

from tests.config.places import ROOT

GOOD = {"DEBUG": "false", "SECRET_KEY": "k" * 60, "DATABASE_URL": "postgres://web:secret-word@db:5432/baikoo"}


def settings(expression: str, **variables: str | None) -> subprocess.CompletedProcess[str]:
    """Loads the settings in a process of its own; a variable that is None is left out."""
    env = {"PATH": os.environ["PATH"]} | GOOD | variables
    code = f"from config import settings; print({expression})"
    return subprocess.run(
        [sys.executable, "-c", code],
        env={name: value for name, value in env.items() if value is not None},
        cwd=ROOT,
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DEBUG", "yes?"),
        ("HTTPS", "maybe"),
        ("SECRET_KEY", None),
        ("SECRET_KEY", ""),
        ("DATABASE_URL", None),
        ("DATABASE_URL", "mysql://web:secret-word@db/baikoo"),
        ("DATABASE_URL", "postgres://web:secret-word@db:port/baikoo"),
        ("DATABASE_URL", "postgres://web:secret-word@db"),
        ("DATABASE_URL", "baikoo secret-word"),
    ],
)
def test_a_wrong_value_stops_the_start_and_names_its_variable(name: str, value: str | None) -> None:
    done = settings("'started'", **{name: value})
    assert done.returncode != 0
    last_line = done.stderr.strip().splitlines()[-1]
    assert last_line.startswith("django.core.exceptions.ImproperlyConfigured:")
    assert name in last_line
    assert "secret-word" not in done.stderr
    assert settings("'started'").stdout == "started\n"


@pytest.mark.parametrize(("value", "debug"), [("true", True), ("1", True), ("Off", False), ("no", False), ("", False)])
def test_flags_are_read_in_any_usual_spelling(value: str, debug: bool) -> None:
    assert settings("settings.DEBUG", DEBUG=value).stdout == f"{debug}\n"


def test_a_database_address_may_hold_what_an_address_must_escape() -> None:
    url = "postgresql://w%40b:p%2Fw%3A@/bai%20koo?host=/tmp/a%20folder&sslmode=require"
    done = settings(
        "[settings.DATABASES['default'][k] for k in ('NAME', 'USER', 'PASSWORD', 'OPTIONS')]", DATABASE_URL=url
    )
    options = "{'host': '/tmp/a folder', 'sslmode': 'require', 'connect_timeout': 2}"
    assert done.stdout == f"['bai koo', 'w@b', 'p/w:', {options}]\n"


def test_without_debug_the_site_is_for_https_alone() -> None:
    names = "settings.SESSION_COOKIE_SECURE, settings.SECURE_SSL_REDIRECT, settings.SECURE_HSTS_SECONDS > 0"
    assert settings(names).stdout == "True True True\n"
    assert settings(names, HTTPS="false").stdout == "False False False\n"
