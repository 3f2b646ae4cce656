"""Long work in a thread of its own: messages do not wait for it."""

import logging
from collections.abc import Callable
from threading import Thread

from django.db import connection

log = logging.getLogger(__name__)


class Apart:
    """Runs one job at a time in a thread; a failure is logged, and the next start tries again."""

    def __init__(self, do: Callable[[], object], name: str) -> None:
        self.do, self.name = do, name
        self.thread: Thread | None = None

    def is_busy(self) -> bool:
        return self.thread is not None and self.thread.is_alive()

    def start(self) -> None:
        self.thread = Thread(target=self._run, name=self.name, daemon=True)
        self.thread.start()

    def _run(self) -> None:
        try:
            self.do()
        except Exception:  # An exception that ends a thread is reported by nobody else.
            log.exception("The %s failed.", self.name)
        finally:
            connection.close()
