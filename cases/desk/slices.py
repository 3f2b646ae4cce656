"""The history and comments of a case's page: long ones in parts, with as many differences as can be found in time."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

from django.http import HttpRequest

from cases.desk.entries import HistoryEntry, Remark
from cases.ground.differences import effort
from cases.ground.paging import Page, total_text

T = TypeVar("T")
HISTORY, COMMENTS = 100, 50
"""Entries on one page."""
OPEN = 12
"""The lines of the history that are shown at once; the others unfold."""
EFFORT = 4_000_000
"""Pairs of words that are compared for one page, at the worst within a second or two."""


def slice_of(request: HttpRequest, name: str, rows: Sequence[T], size: int) -> Page[T]:
    """The part that the URL asks for in its parameter `name`; the first part where that is missing or invalid."""
    asked = request.GET.get(name, "")
    number = int(asked) if asked.isdecimal() and len(asked) < 6 else 1
    number = number if 1 <= number <= -(-len(rows) // size) else 1
    shown = rows[(number - 1) * size : number * size]
    more = number * size < len(rows)
    return Page(
        list(shown),
        first_url=f"?#{name}" if number > 1 else "",
        next_url=f"?{name}={number + 1}#{name}" if more else "",
        total_text=total_text(len(rows)),
    )


def long_parts(request: HttpRequest, entries: Sequence[HistoryEntry], comments: Sequence[Remark]) -> dict[str, object]:
    """What templates/desk/history.html and comments.html take: lines newest first, the newest comments last."""
    history = slice_of(request, "history", entries, HISTORY)
    lines = list(with_differences(history.rows))
    remarks = slice_of(request, "comments", comments[::-1], COMMENTS)
    return {
        "entries": lines[:OPEN],
        "older_entries": lines[OPEN:],
        "history_page": history,
        "comments": remarks.rows[::-1],
        "comments_page": remarks,
    }


def with_differences(entries: Iterable[HistoryEntry]) -> Iterator[HistoryEntry]:
    """The first ones show differences word by word, until EFFORT is spent; the others show both texts whole."""
    left = EFFORT
    for entry in entries:
        long_changes = (detail for detail in entry.line.details if detail.is_change and detail.is_long)
        left -= sum(effort(detail.old, detail.new) for detail in long_changes)
        yield replace(entry, is_compared=left >= 0)
