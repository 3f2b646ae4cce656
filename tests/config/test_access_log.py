"""The access log keeps no address that would let its reader set somebody's password."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from gunicorn.config import Config

from config.access_log import AccessLog


@pytest.mark.parametrize(
    ("path", "logged"), [("/recommendations/", True), ("/registry/people/set-password/NDI/c0ffee-1/", False)]
)
def test_links_for_passwords_are_left_out(capfd: pytest.CaptureFixture[str], path: str, logged: bool) -> None:
    config = Config()
    config.set("accesslog", "-")
    response: Any = SimpleNamespace(status="200 OK", sent=1, headers=[])
    request: Any = SimpleNamespace(headers=[], uri=path)
    environ = {"PATH_INFO": path, "RAW_URI": path, "REQUEST_METHOD": "GET", "SERVER_PROTOCOL": "HTTP/1.1"}
    AccessLog(config).access(response, request, environ, timedelta(seconds=1))
    said = capfd.readouterr()
    assert (path in said.out + said.err) == logged
