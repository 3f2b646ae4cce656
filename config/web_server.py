"""gunicorn's worker with threads, but health is asked first, queues are short, and silent clients hold no thread.

gunicorn hands each connection to a pool of threads as soon as it is accepted. Then /healthz waits behind everybody
else, the queue grows without end, and a client that sends nothing holds a thread for seconds.
"""

import os
import socket
import struct
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from selectors import EVENT_READ
from types import FrameType

from gunicorn.workers.gthread import TConn, ThreadWorker  # type: ignore[import-untyped]

from config.environment import number

HEALTH = (b"GET /healthz ", b"HEAD /healthz ")
READING = (b"GET ", b"HEAD ")
"""Requests that lose nothing when they are refused; others carry what somebody typed."""
HEADERS_END = b"\r\n\r\n"
PEEKED = 4096
QUEUE = number("WEB_QUEUE", default=64, most=10_000)
"""Requests that may wait in one process before reading ones are refused; all others are refused beyond twice that."""
STALLED = 60
"""Seconds after which a client that neither sends nor takes anything is given up."""
RETRY_AFTER = 5
"""Seconds."""
PAGE = """<!doctype html><html lang="ky"><head><meta charset="utf-8"><title>503 · Байкоо</title></head><body>
<p lang="ky">Учурда системада өтө көп адам иштеп жатат. Бир нече секунддан кийин баракты жаңыртыңыз.</p>
<p lang="ru">Сейчас с системой работает слишком много людей. Обновите страницу через несколько секунд.</p>
<p lang="en">Too many people are using Baikoo at the moment. Reload the page in a few seconds.</p>
</body></html>""".encode()
REFUSAL = (
    b"HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Type: text/html; charset=utf-8\r\n"
    b"Cache-Control: no-store\r\nRetry-After: %d\r\nContent-Length: %d\r\n\r\n%s" % (RETRY_AFTER, len(PAGE), PAGE)
)


class WebWorker(ThreadWorker):  # type: ignore[misc]
    """The methods run in the main thread, which must never wait for a client."""

    def init_process(self) -> None:
        self.health_pool = ThreadPoolExecutor(max_workers=2, thread_name_prefix="health")
        self.closing_pool = ThreadPoolExecutor(max_workers=4, thread_name_prefix="closing")
        self.is_full = False
        super().init_process()

    def handle_quit(self, sig: int, frame: FrameType | None) -> None:
        """At once. gunicorn's way takes the lock of the pool, which this thread may hold when the signal comes."""
        os._exit(0)

    def accept(self, listener: socket.socket) -> None:
        """A thread is taken when data has come, as gunicorn does with connections that are kept alive."""
        with suppress(BlockingIOError, ConnectionAbortedError):
            client, address = listener.accept()
            for option in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
                client.setsockopt(socket.SOL_SOCKET, option, struct.pack("ll", STALLED, 0))
            self.nr_conns += 1
            conn = TConn(self.cfg, client, address, listener.getsockname())
            conn.timeout = time.monotonic() + self.cfg.keepalive
            self.pending_conns.append(conn)
            self.poller.register(client, EVENT_READ, partial(self.on_pending_socket_readable, conn))

    def enqueue_req(self, conn: TConn) -> None:
        """The connection has data, or has ended."""
        start = _peek(conn.sock)
        if start is None:
            self._close(conn)
        elif start.startswith(HEALTH) and HEADERS_END in start:  # Whole, so that no slow client holds these threads.
            self._submit(self.health_pool, self.handle, conn)
        elif self._is_refused(start):
            self._submit(self.closing_pool, refuse, conn)
        else:
            self._submit(self.tpool, self.handle, conn)

    def finish_request(self, conn: TConn, future: "Future[bool]") -> None:
        """Closing waits for the client's own end, so it is done elsewhere."""
        if not future.cancelled() and not future.exception() and future.result():
            super().finish_request(conn, future)
        else:
            self._close(conn)

    def _close(self, conn: TConn) -> None:
        closing = self.closing_pool.submit(conn.close, graceful=True)
        closing.add_done_callback(lambda _closed: self.method_queue.defer(self._forget))

    def _forget(self) -> None:
        self.nr_conns -= 1

    def _submit(self, pool: ThreadPoolExecutor, work: Callable[[TConn], bool], conn: TConn) -> None:
        future = pool.submit(work, conn)
        future.add_done_callback(lambda done: self.method_queue.defer(self.finish_request, conn, done))

    def _is_refused(self, start: bytes) -> bool:
        waiting = self.tpool._work_queue.qsize()
        is_full = bool(waiting >= (QUEUE if start.startswith(READING) else 2 * QUEUE))
        if is_full and not self.is_full:  # One line each time it fills up, not one for each request.
            self.log.warning("%d requests are waiting in this process; more are refused (503).", waiting)
        self.is_full = is_full or (self.is_full and waiting > 0)
        return is_full


def refuse(conn: TConn) -> bool:
    """Returns False: the connection is to be closed."""
    conn.sock.setblocking(True)
    with suppress(OSError):
        conn.sock.sendall(REFUSAL)
    return False


def _peek(client: socket.socket) -> bytes | None:
    """What has come, left where it is; empty when gunicorn has read it already or it is encrypted; None at its end."""
    try:
        return client.recv(PEEKED, socket.MSG_PEEK | socket.MSG_DONTWAIT) or None
    except (OSError, ValueError):
        return b""
