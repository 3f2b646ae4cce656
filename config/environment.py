"""Reads environment variables; a value that cannot be understood stops the start and names its variable."""

import os
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

FLAGS = {"true": True, "yes": True, "on": True, "1": True, "false": False, "no": False, "off": False, "0": False}


def text(name: str, default: str = "") -> str:
    """A variable that is empty counts as not set."""
    return os.environ.get(name) or default


def words(name: str, default: list[str]) -> list[str]:
    """A list written with commas: `ALLOWED_HOSTS=baikoo.kg,www.baikoo.kg`."""
    value = text(name)
    return [word.strip() for word in value.split(",") if word.strip()] if value else default


def flag(name: str, *, default: bool) -> bool:
    value = text(name)
    if not value:
        return default
    if value.lower() not in FLAGS:
        raise ImproperlyConfigured(f"{name} must be true or false, not {value!r}.")
    return FLAGS[value.lower()]


def number(name: str, *, default: int, most: int) -> int:
    """A whole number from 0 to `most`."""
    value = text(name, str(default))
    if not (value.isascii() and value.isdecimal()) or len(value) > 9 or int(value) > most:
        raise ImproperlyConfigured(f"{name} must be a whole number from 0 to {most}, not {value!r}.")
    return int(value)


def networks(name: str, default: list[str]) -> list[IPv4Network | IPv6Network]:
    """Addresses or networks, written with commas: `PROXY_ADDRESSES=10.0.0.7,10.1.0.0/24`."""
    try:
        return [ip_network(word) for word in words(name, default)]
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} must list addresses such as 10.0.0.7,10.1.0.0/24: {error}.") from None


MAIL_PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}


@dataclass(frozen=True)
class MailServer:
    """What Django's settings of the mail server are called, without their EMAIL_ in front."""

    backend: str = "django.core.mail.backends.smtp.EmailBackend"
    host: str = "localhost"
    port: int = 25
    user: str = ""
    password: str = ""
    use_tls: bool = False
    use_ssl: bool = False


def mail_server(name: str, *, default: str) -> MailServer:
    """From `smtp+starttls://user:password@host:587`, or `console:` to print."""
    value = text(name, default)
    if not value:
        raise ImproperlyConfigured(f"Set {name}, such as smtp+starttls://user:password@host:587.")
    if value == "console:":
        return MailServer(backend="django.core.mail.backends.console.EmailBackend")
    address, port = _address(name, value)
    if address.scheme not in MAIL_PORTS or not address.hostname or address.path.strip("/"):
        raise ImproperlyConfigured(f"{name} must look like smtp+starttls://user:password@host:587, or be console:")
    return MailServer(
        host=address.hostname,
        port=port or MAIL_PORTS[address.scheme],
        user=unquote(address.username or ""),
        password=unquote(address.password or ""),
        use_tls=address.scheme == "smtp+starttls",
        use_ssl=address.scheme == "smtps",
    )


def database(name: str) -> dict[str, object]:
    """Django's settings of one PostgreSQL database, from `postgres://role:password@host:port/name?option=value`."""
    value = text(name)
    if not value:
        raise ImproperlyConfigured(f"Set {name}, such as postgres://role:password@host:5432/name, or use `make run`.")
    address, port = _address(name, value)
    if address.scheme not in {"postgres", "postgresql"} or not address.path.strip("/"):
        raise ImproperlyConfigured(f"{name} must look like postgres://role:password@host:5432/name.")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(address.path.strip("/")),
        "USER": unquote(address.username or ""),
        "PASSWORD": unquote(address.password or ""),
        "HOST": unquote(address.hostname or ""),
        "PORT": str(port or ""),
        # With the time-out, /healthz and the page of 503 answer soon.
        "OPTIONS": {"connect_timeout": 2, **dict(parse_qsl(address.query))},
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


def _address(name: str, value: str) -> tuple[SplitResult, int | None]:
    """Its parts, and the port when it names one. The value may hold a password: no message repeats it."""
    try:
        address = urlsplit(value)
        return address, address.port
    except ValueError:
        raise ImproperlyConfigured(f"{name} has a part that cannot be read; is the port a number?") from None
