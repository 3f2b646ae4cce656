"""Says how far something long is: one line that is written over on a terminal, a plain line now and then elsewhere."""

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
    """Of one thing, from its beginning; `out` is where people read, `clock` gives seconds."""

    def __init__(self, out: TextIO | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self.out = out or sys.stdout
        self.clock = clock
        self.begun = self.said = clock()
        self.rewrites = self.out.isatty() and os.environ.get("TERM", "dumb") != "dumb"
        self.is_open = False

    @property
    def seconds(self) -> float:
        return self.clock() - self.begun

    def say(self, text: str) -> None:
        """What happens just now; most of these are left out, so it may be called as often as one likes."""
        if self.clock() - self.said < (ON_TERMINAL if self.rewrites else ELSEWHERE):
            return
        self.said = self.clock()
        line = f"  {text}, {self.seconds:.0f} s" if text else f"  {self.seconds:.0f} s"
        if self.rewrites:
            width = shutil.get_terminal_size().columns - 1
            self._write(f"\r{line[:width]}\x1b[K")
            self.is_open = True
        else:
            self._write(f"{line}\n")

    def end(self, text: str = "") -> None:
        """Leaves `text` in the place of what was said on a terminal, and below it elsewhere; nothing without a text."""
        self._write(("\r\x1b[K" if self.is_open else "") + (f"{text}\n" if text else ""))
        self.is_open = False

    def _write(self, text: str) -> None:
        # A terminal that was closed is no reason to leave the work undone.
        with suppress(OSError):
            self.out.write(text)
            self.out.flush()
