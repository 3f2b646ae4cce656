"""System checks of how this Baikoo is set up: what would work, but not as safely as it should."""

from collections.abc import Sequence

from django.conf import settings
from django.core.checks import CheckMessage, Warning


def check_web_role(databases: Sequence[str] | None = None, **kwargs: object) -> list[CheckMessage]:
    """Before a migration: nobody would miss the second role until the trail was changed."""
    if settings.WEB_ROLE or settings.DEBUG or not databases:
        return []
    return [
        Warning(
            "WEB_ROLE is not set: no role of web and worker is given its rights.",
            hint="Set it to the database role of web and worker (docs/decisions/0003-two-database-roles.md).",
            id="config.W001",
        )
    ]
