"""What the access log of the web server leaves out."""

from datetime import timedelta
from typing import Any

from gunicorn.glogging import Logger  # type: ignore[import-untyped]

LINKS = "/registry/people/set-password/"
"""Anybody who reads such an address can set somebody's password until the link is used."""


class AccessLog(Logger):  # type: ignore[misc]
    def access(self, resp: Any, req: Any, environ: dict[str, Any], request_time: timedelta) -> None:
        if not environ["PATH_INFO"].startswith(LINKS):
            super().access(resp, req, environ, request_time)
