"""What takes long says how far it is: on one line of a terminal, on plain lines elsewhere, and never too often."""

import io

import pytest

from config.progress import Progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class Clock:
    """Seconds that pass when the test says so."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_terminal_has_one_line_that_the_result_takes_the_place_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "20")
    out, clock = Terminal(), Clock()
    progress = Progress(out, clock)
    for step in ("first", "second", "a third with a long name"):
        clock.now += 0.2
        progress.show(step)
    progress.end("Done.")
    lines = out.getvalue().split("\r")
    assert lines == ["", "  first, 0 s\x1b[K", "  second, 0 s\x1b[K", "  a third with a lo\x1b[K", "\x1b[KDone.\n"]


@pytest.mark.parametrize(("out", "term"), [(io.StringIO(), "xterm"), (Terminal(), "dumb")])
def test_elsewhere_there_are_plain_lines(out: io.StringIO, term: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", term)
    clock = Clock()
    progress = Progress(out, clock)
    for step in range(1, 13):
        clock.now += 1
        progress.show(f"step {step}")
    progress.show("too soon")
    progress.end("Done.")
    assert out.getvalue() == "  step 5, 5 s\n  step 10, 10 s\nDone.\n"


def test_what_is_short_says_nothing_but_its_end() -> None:
    out, clock = io.StringIO(), Clock()
    progress = Progress(out, clock)
    clock.now += 0.1
    progress.show("at work")
    progress.end()
    assert out.getvalue() == ""


def test_a_terminal_that_was_closed_does_not_end_the_work() -> None:
    class Closed(Terminal):
        def write(self, text: str) -> int:
            raise OSError

    progress = Progress(Closed(), clock := Clock())
    clock.now += 10
    progress.show("at work")
    progress.end("Done.")
