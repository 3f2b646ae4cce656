"""The routes of the project, as the resolver names them."""

import re
from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, resolve


def routes() -> set[str]:
    return set(_routes(get_resolver().url_patterns, ""))


def route_of(address: str) -> str:
    """The route that an address takes; what stands in braces may be anything."""
    return resolve(re.sub(r"\{\w+\}", "1", address).partition("?")[0]).route.replace("^", "")


def _routes(patterns: list[Any], prefix: str) -> Iterator[str]:
    for one in patterns:
        route = f"{prefix}{one.pattern}".replace("^", "")
        if isinstance(one, URLResolver):
            yield from _routes(one.url_patterns, route)
        elif isinstance(one, URLPattern):
            yield route
