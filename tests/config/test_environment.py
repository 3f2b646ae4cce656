"""Settings stop at a value that they cannot understand, and name the variable."""

import os
import subprocess
import sys

import pytest

from tests.config.places import ROOT

pytestmark = pytest.mark.slow

GOOD = {
    "DEBUG": "false",
    "SECRET_KEY": "k" * 60,
    "DATABASE_URL": "postgres://web:secret-word@db:5432/baikoo",
    "SITE_URL": "https://baikoo.example",
    "EMAIL_URL": "smtps://baikoo:secret-word@mail.example",
    "TRUSTED_PROXIES": "1",
}


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
        ("SECRET_KEY", "  "),
        ("DATABASE_URL", None),
        ("DATABASE_URL", "mysql://web:secret-word@db/baikoo"),
        ("DATABASE_URL", "postgres://web:secret-word@db:port/baikoo"),
        ("DATABASE_URL", "postgres://web:secret-word@db"),
        ("DATABASE_URL", "baikoo secret-word"),
        ("SITE_URL", None),
        ("EMAIL_URL", None),
        ("EMAIL_URL", "mail.example"),
        ("EMAIL_URL", "http://baikoo:secret-word@mail.example"),
        ("EMAIL_URL", "smtp://baikoo:secret-word@mail.example:port"),
        ("EMAIL_URL", "smtps://"),
        ("TRUSTED_PROXIES", None),
        ("TRUSTED_PROXIES", "one"),
        ("TRUSTED_PROXIES", "-1"),
        ("TRUSTED_PROXIES", "11"),
        ("PROXY_ADDRESSES", "10.0.0.300"),
        ("PROXY_ADDRESSES", "proxy.example"),
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


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("smtp://mail.example", ("mail.example", 25, "", "", False, False)),
        ("smtp+starttls://b%40i:p%2Fw@mail.example:2525", ("mail.example", 2525, "b@i", "p/w", True, False)),
        ("smtps://baikoo:word@mail.example", ("mail.example", 465, "baikoo", "word", False, True)),
    ],
)
def test_a_mail_server_is_read_from_one_address(url: str, told: tuple[object, ...]) -> None:
    names = ("HOST", "PORT", "HOST_USER", "HOST_PASSWORD", "USE_TLS", "USE_SSL")
    done = settings(f"tuple(getattr(settings, f'EMAIL_{{n}}') for n in {names})", EMAIL_URL=url)
    assert done.stdout == f"{told}\n", done.stderr


def test_a_key_that_is_set_but_empty_never_means_the_public_one() -> None:
    assert settings("settings.SECRET_KEY", DEBUG="true", SECRET_KEY=None).stdout == "only-for-development\n"
    assert "Set SECRET_KEY" in settings("settings.SECRET_KEY", DEBUG="true", SECRET_KEY="").stderr


def test_on_a_developers_machine_letters_are_printed() -> None:
    done = settings("settings.EMAIL_BACKEND", DEBUG="true", EMAIL_URL=None, SITE_URL=None)
    assert done.stdout == "django.core.mail.backends.console.EmailBackend\n"


@pytest.mark.parametrize(("value", "debug"), [("true", True), ("1", True), ("Off", False), ("no", False), ("", False)])
def test_flags_are_read_in_any_usual_spelling(value: str, debug: bool) -> None:
    assert settings("settings.DEBUG", DEBUG=value).stdout == f"{debug}\n"


def test_a_database_address_may_hold_what_an_address_must_escape() -> None:
    url = "postgresql://w%40b:p%2Fw%3A@/bai%20koo?host=/tmp/a%20folder&sslmode=require"
    done = settings(
        "[settings.DATABASES['default'][k] for k in ('NAME', 'USER', 'PASSWORD', 'OPTIONS')]", DATABASE_URL=url
    )
    options = "{'connect_timeout': 2, 'host': '/tmp/a folder', 'sslmode': 'require'}"
    assert done.stdout == f"['bai koo', 'w@b', 'p/w:', {options}]\n"


def test_without_debug_the_site_is_for_https_alone() -> None:
    names = "settings.SESSION_COOKIE_SECURE, settings.SECURE_SSL_REDIRECT, settings.SECURE_HSTS_SECONDS > 0"
    assert settings(names).stdout == "True True True\n"
    assert settings(names, HTTPS="false").stdout == "False False False\n"


def test_https_of_a_proxy_is_believed_where_there_is_one() -> None:
    names = "settings.SECURE_PROXY_SSL_HEADER, [str(one) for one in settings.PROXY_ADDRESSES]"
    default = "['127.0.0.1/32', '::1/128']"
    assert settings(names).stdout == f"('HTTP_X_FORWARDED_PROTO', 'https') {default}\n"
    assert settings(names, TRUSTED_PROXIES="0").stdout == f"None {default}\n"
    assert settings(names, PROXY_ADDRESSES="10.0.0.7, 10.1.0.0/24").stdout.endswith("['10.0.0.7/32', '10.1.0.0/24']\n")
    assert settings(names, TRUSTED_PROXIES=None, HTTPS="false").stdout.startswith("None")
