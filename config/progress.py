"""Shows how far a long task is: one line that is overwritten on a terminal, a plain line now and then elsewhere."""

import os
import shutil
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from typing import TextIO

ON_TERMINAL, ELSEWHERE = 0.2, 5.0
"""Seconds between two lines."""


class Progress:
    """The progress of one task, from its start; `out` is where people read, `clock` gives seconds."""

    def __init__(self, out: TextIO | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self.out = out or sys.stdout
        self.clock = clock
        self.started = self.last_shown = clock()
        self.rewrites = self.out.isatty() and os.environ.get("TERM", "dumb") != "dumb"
        self.is_open = False

    @property
    def seconds(self) -> float:
        return self.clock() - self.started

    def show(self, text: str) -> None:
        """Show what is being done. Calls that follow too soon after another are ignored."""
        if self.clock() - self.last_shown < (ON_TERMINAL if self.rewrites else ELSEWHERE):
            return
        self.last_shown = self.clock()
        line = f"  {text}, {self.seconds:.0f} s" if text else f"  {self.seconds:.0f} s"
        if self.rewrites:
            width = shutil.get_terminal_size().columns - 1
            self._write(f"\r{line[:width]}\x1b[K")
            self.is_open = True
        else:
            self._write(f"{line}\n")

    def end(self, text: str = "") -> None:
        """Leave `text` as the result; on a terminal it replaces the line of progress."""
        self._write(("\r\x1b[K" if self.is_open else "") + (f"{text}\n" if text else ""))
        self.is_open = False

    def _write(self, text: str) -> None:
        # A terminal that was closed is no reason to leave the work undone.
        with suppress(OSError):
            self.out.write(text)
            self.out.flush()
