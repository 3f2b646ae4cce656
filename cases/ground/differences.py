"""What differs between two texts, marked word by word; what stayed the same can be folded."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString

WORDS_COMPARED = 4_000
"""Words and punctuation of both texts together.

Longer texts are compared by lines first, as words would take seconds.
"""
LINES_COMPARED = 2_000
"""Texts of more lines are shown as wholly removed and wholly added."""
SHOWN_AROUND = 1
"""Unchanged paragraphs that are shown before and after a change."""

Blocks = Iterator[tuple[Sequence[str], Sequence[str], bool]]
"""Runs of (old pieces, new pieces, whether they are the same)."""


@dataclass(frozen=True)
class Passage:
    """A part of a text: one that changed, with its words marked, or one that did not."""

    marked: SafeString
    paragraphs: int = 0
    """How many of them are unchanged and need not be read; 0: it is to be read."""


def marked(old: str, new: str) -> SafeString:
    """Both texts as one: removed words in `<del class="d">`, added ones in `<ins class="d">`, escaped."""
    return format_html_join("", "{}", ((part,) for part in _parts(old, new)))


def passages(old: str, new: str) -> Iterator[Passage]:
    """Both texts as one, divided into what changed (with a paragraph around it) and what did not."""
    runs = list(_lines(old, new))
    for place, (before, after, same) in enumerate(runs):
        if not same:
            yield Passage(marked("".join(before), "".join(after)))
            continue
        first = SHOWN_AROUND if place > 0 else 0
        last = len(after) - (SHOWN_AROUND if place < len(runs) - 1 else 0)
        if last - first <= SHOWN_AROUND:
            yield Passage(conditional_escape("".join(after)))
            continue
        for lines, is_folded in ((after[:first], False), (after[first:last], True), (after[last:], False)):
            if lines:
                paragraphs = sum(bool(line.strip()) for line in lines) if is_folded else 0
                yield Passage(conditional_escape("".join(lines)), paragraphs)


def compared(old: str, new: str) -> Blocks:
    """Word by word; of long texts, words are compared within the lines that differ."""
    left, right = _words(old), _words(new)
    return _blocks(left, right) if len(left) + len(right) <= WORDS_COMPARED else _words_of_lines(old, new)


def effort(old: str, new: str) -> int:
    """How many pairs of words or lines are compared at the worst."""
    words = len(_words(old)), len(_words(new))
    if sum(words) <= WORDS_COMPARED:
        return words[0] * words[1]
    runs = ((_words("".join(before)), _words("".join(after))) for before, after, same in _lines(old, new) if not same)
    compared_words = sum(len(left) * len(right) for left, right in runs if len(left) + len(right) <= WORDS_COMPARED)
    return compared_words + old.count("\n") * new.count("\n")


def _parts(old: str, new: str) -> Iterator[SafeString]:
    for before, after, same in compared(old, new):
        if same:
            yield conditional_escape("".join(before))
            continue
        if before:
            yield format_html('<del class="d">{}</del>', "".join(before))
        if after:
            yield format_html('<ins class="d">{}</ins>', "".join(after))


def _words_of_lines(old: str, new: str) -> Blocks:
    for before, after, same in _lines(old, new):
        left, right = _words("".join(before)), _words("".join(after))
        if same or len(left) + len(right) > WORDS_COMPARED:
            yield before, after, same
        else:
            yield from _blocks(left, right)


def _lines(old: str, new: str) -> Blocks:
    """Runs of whole lines."""
    left, right = old.splitlines(keepends=True), new.splitlines(keepends=True)
    if len(left) + len(right) > LINES_COMPARED:
        yield left, right, left == right
        return
    for tag, a, b, c, d in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        yield left[a:b], right[c:d], tag == "equal"


def _blocks(old: list[str], new: list[str]) -> Blocks:
    """Runs of words; a lone space between two changes belongs to them."""
    left: list[str] = []
    right: list[str] = []
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        gap = tag == "equal" and b - a == 1 and old[a].isspace() and 0 < b < len(old) and a > 0
        if tag != "equal" or gap:
            left += old[a:b]
            right += new[c:d]
            continue
        if left or right:
            yield left, right, False
            left, right = [], []
        yield old[a:b], new[c:d], True
    if left or right:
        yield left, right, False


def _words(text: str) -> list[str]:
    return re.findall(r"\w+|\s+|[^\w\s]", text)
