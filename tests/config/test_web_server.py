"""The web server under load: health is answered, the queue has an end, and silent clients keep nobody out."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import pytest

from config.web_server import RETRY_AFTER
from tests.config.places import ROOT, plain_environment

pytestmark = pytest.mark.slow
QUEUE = 2
PATIENCE = 20
"""Seconds after which a test that hangs is ended."""


class Served:
    """One process with one thread, and its folder."""

    def __init__(self, folder: Path, listener: socket.socket) -> None:
        self.folder, self.port = folder, listener.getsockname()[1]

    def ask(self, path: str, method: str = "GET") -> http.client.HTTPConnection:
        """Send a request and do not wait for the answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        connection.request(method, path, body=b"typed" if method == "POST" else None)
        return connection

    def get(self, path: str) -> tuple[int, str]:
        with closing(self.ask(path)) as connection:
            answer = connection.getresponse()
            return answer.status, answer.read().decode()

    def queue(self, path: str, method: str = "GET") -> http.client.HTTPConnection:
        """The request has its place in the queue when a later one was answered."""
        connection = self.ask(path, method)
        assert self.get("/healthz") == (200, "/healthz")
        return connection

    def has_started(self, path: str) -> bool:
        return (self.folder / f"started{path.replace('/', '-')}").exists()

    def go_on(self) -> None:
        (self.folder / "go-on").touch()


@contextmanager
def served(folder: Path) -> Iterator[Served]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        command = [sys.executable, "-m", "gunicorn", "--config", "config/gunicorn.py", "--access-logfile", os.devnull]
        command += ["--bind", f"fd://{listener.fileno()}", "tests.config.blocking_app:application"]
        numbers = {"WEB_WORKERS": "1", "WEB_THREADS": "1", "WEB_QUEUE": str(QUEUE), "FOLDER": str(folder)}
        server = subprocess.Popen(
            command, cwd=ROOT, env=plain_environment(**numbers), pass_fds=[listener.fileno()], stderr=subprocess.DEVNULL
        )
        try:
            yield Served(folder, listener)
        finally:
            server.send_signal(signal.SIGQUIT)
            server.wait(PATIENCE)


def wait_until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_health_is_answered_and_the_queue_has_an_end_while_every_thread_is_taken(tmp_path: Path) -> None:
    with served(tmp_path) as server, ExitStack() as stack:
        working = stack.enter_context(closing(server.ask("/work")))
        wait_until(lambda: server.has_started("/work"))
        queued = [stack.enter_context(closing(server.queue(f"/queued/{place}"))) for place in range(QUEUE)]
        refused = stack.enter_context(closing(server.ask("/one-too-many"))).getresponse()
        assert (refused.status, refused.headers["Retry-After"]) == (503, str(RETRY_AFTER))
        assert "Too many people" in refused.read().decode()
        typed = [stack.enter_context(closing(server.queue("/typed", "POST"))) for _place in range(QUEUE)]
        assert stack.enter_context(closing(server.ask("/typed", "POST"))).getresponse().status == 503
        server.go_on()
        assert [connection.getresponse().status for connection in (working, *queued, *typed)] == [200] * 5
        assert not server.has_started("/one-too-many")
        assert server.get("/afterwards") == (200, "/afterwards")


def test_clients_that_say_nothing_hold_no_thread(tmp_path: Path) -> None:
    with served(tmp_path) as server, ExitStack() as stack:
        server.go_on()
        for _client in range(30):
            stack.enter_context(socket.create_connection(("127.0.0.1", server.port)))
        begun = stack.enter_context(socket.create_connection(("127.0.0.1", server.port)))
        begun.sendall(b"GET /healthz HTTP/1.1\r\nHost: a")
        start = time.monotonic()
        assert server.get("/healthz") == (200, "/healthz")
        assert time.monotonic() - start < 4, "gunicorn gives each of them five seconds of its only thread"


def test_a_connection_that_is_kept_serves_one_request_after_another(tmp_path: Path) -> None:
    with served(tmp_path) as server, closing(http.client.HTTPConnection("127.0.0.1", server.port)) as connection:
        server.go_on()
        for path in ("/one", "/healthz", "/two"):
            connection.request("GET", path)
            assert connection.getresponse().read() == path.encode()
