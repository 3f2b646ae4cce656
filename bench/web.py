"""Pages over HTTP: gunicorn with two processes and 32 clients on this machine, and the bytes of a first visit."""

import gzip
import http.client
import re
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from bench.checkouts import Checkout, Process
from config.embedded.server import WEB

CLIENTS, SECONDS, PROCESSES = 32, 12, 2
SLOW_LINE = 50_000 / 8
"""Bytes a second of a line of 50 kbit/s."""
LINKED = re.compile(rb'<(?:link[^>]*href|script[^>]*src|img[^>]*src)="([^"]+)"')
PAGES = {"sign-in page": "/login/", "list": "/recommendations/", "inbox": "/"}


def measure_web(checkout: Checkout, database: str, process: Process) -> dict[str, Any]:
    """Pages a second and their 95th percentile, and seconds until a first page is there on a slow line."""
    cookie, number = process.ask("sign_in")
    pages = {**PAGES, "case page": f"/recommendations/{number}/"}
    with _served(checkout, database) as port:
        cookies = {name: "" if path == "/login/" else cookie for name, path in pages.items()}
        visits = {name: _visit(port, path, cookies[name]) for name, path in pages.items()}
        loads = {name: _load(port, path, cookies[name]) for name, path in pages.items()}
    return {name: {**loads[name], **visits[name]} for name in pages}


@contextmanager
def _served(checkout: Checkout, database: str) -> Iterator[int]:
    port = _free_port()
    environment = {
        **checkout.environment(database, WEB), "WEB_WORKERS": str(PROCESSES), "BIND": f"127.0.0.1:{port}",
    }  # fmt: skip
    command = [sys.executable, "-m", "gunicorn", "--config", str(checkout.folder / "config/gunicorn.py"),
               "--access-logfile", "/dev/null", "config.wsgi"]  # fmt: skip
    server = subprocess.Popen(command, cwd=checkout.folder, env=environment, stderr=subprocess.DEVNULL)
    try:
        _wait_for(port)
        yield port
    finally:
        server.terminate()
        server.wait()


def _load(port: int, path: str, cookie: str) -> dict[str, float]:
    """Every client asks again as soon as it has its answer."""
    end, times, failures = time.monotonic() + SECONDS, list[float](), list[int]()

    def ask_on() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        while time.monotonic() < end:
            start = time.perf_counter()
            status, _body, _headers = _get(connection, path, cookie)
            times.append((time.perf_counter() - start) * 1000)
            if status != 200:
                failures.append(status)
        connection.close()

    threads = [threading.Thread(target=ask_on) for _client in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    p95 = statistics.quantiles(times, n=20)[-1] if len(times) > 1 else 0.0
    return {"a_second": round(len(times) / SECONDS, 1), "p95": round(p95), "failed": len(failures)}


def _visit(port: int, path: str, cookie: str) -> dict[str, float]:
    """Bytes and seconds of the page with its styles, on a slow line; `again` without what the browser has kept."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    _status, body, headers = _get(connection, path, cookie)
    page = len(body)
    text = _unpacked(body, headers)
    rest = sum(len(_get(connection, url.decode(), cookie)[1]) for url in set(LINKED.findall(text)))
    connection.close()
    return {"page_bytes": page, "all_bytes": page + rest, "first_visit_s": round((page + rest) / SLOW_LINE, 1),
            "again_s": round(page / SLOW_LINE, 1)}  # fmt: skip


def _get(connection: http.client.HTTPConnection, path: str, cookie: str) -> tuple[int, bytes, Mapping[str, str]]:
    connection.request("GET", path, headers={"Cookie": cookie, "Accept-Encoding": "gzip, br"})
    response = connection.getresponse()
    return response.status, response.read(), dict(response.getheaders())


def _unpacked(body: bytes, headers: Mapping[str, str]) -> bytes:
    return gzip.decompress(body) if headers.get("Content-Encoding") == "gzip" else body


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int) -> None:
    for _try in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("gunicorn did not start")
