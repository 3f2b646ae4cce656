"""One run in each checkout, and the address it has."""

import os
import re
import socket
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from typing import IO

from config.embedded.place import Trouble
from config.embedded.server import VAR, Busy, take_lock
from config.environment import text
from config.gunicorn import graceful_timeout
from config.start.children import say


@contextmanager
def only_one_run() -> Iterator[IO[str]]:
    """The file says who runs and where; it is emptied by a clean stop."""
    path = VAR / "run.lock"
    before = path.read_text(errors="replace") if path.exists() else ""
    try:
        lock = take_lock(path)
    except Busy:
        pid, _, address = before.partition(" ")
        where = address if _port(address) else "starting"
        raise Trouble(
            f"it already runs in this checkout: {where} (process {pid if pid.isdecimal() else 'unknown'})."
        ) from None
    with lock:
        _, _, address = before.partition(" ")
        if port := _port(address):
            wait_until_free(port)
        try:
            yield lock
        finally:
            lock.truncate(0)


def note(lock: IO[str], address: str) -> None:
    lock.truncate(0)
    lock.write(f"{os.getpid()} {address}")
    lock.flush()


def _port(address: str) -> int:
    """The port of an address such as http://127.0.0.1:8000/; 0 when it is no address, as in a damaged file."""
    match = re.fullmatch(r"http://127\.0\.0\.1:(\d{1,5})/", address)
    return int(match[1]) if match and int(match[1]) < 65_536 else 0


def wait_until_free(port: int, seconds: float = graceful_timeout + 5) -> None:
    """After a kill -9 the old web server frees its port within moments: waiting keeps the address the same.

    At the latest when it has given its own processes the time that it gives them.
    """
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with suppress(OSError), closing(bind(port)):
            return
        time.sleep(0.1)


def listen() -> socket.socket:
    """The web server inherits this socket, so nobody can take the port in between."""
    wanted = text("PORT", "8000")
    if not wanted.isdecimal() or not 0 < int(wanted) < 65_536:
        raise Trouble(f"PORT must be a number from 1 to 65535, not {wanted!r}.")
    for port in range(int(wanted), min(int(wanted) + 100, 65_536)):
        try:
            listener = bind(port)
        except PermissionError:
            raise Trouble(f"port {port} is reserved for root: set PORT to 1024 or more.") from None
        except OSError:
            continue
        if port != int(wanted):
            say(f"Port {wanted} is taken by another program: using {port} instead.")
        return listener
    raise Trouble(f"ports {wanted} to {port} are all taken: set PORT to a free one.")


def bind(port: int) -> socket.socket:
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
        listener.listen(64)
    except OSError:
        listener.close()
        raise
    return listener
