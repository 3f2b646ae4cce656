"""Finds every regular expression of the project, and feeds each with long texts made to be slow; ends when one is slow.

Run as a program: prints each pattern before it is tried, so that the last one printed is the one that did not end.
"""

import ast
import re
import resource
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("workflow", "cases", "notifications", "config")
CALLS = {"compile", "match", "fullmatch", "search", "sub", "subn", "findall", "finditer", "split"}
NAMES = {"RegexValidator", "re_path"}
LENGTH = 40_000
"""Characters, more than a cell or a line may have; too many for a pattern that looks again from each place."""
BEGINNINGS = ("2025", "2025 жыл", "2025-11-21T10:10", "1 я", "D-2025-", "-E1", "+", "'", "(", "\xef\xbb\xbf")
"""Of what our patterns look for: some run away only after a good start."""
SECONDS = 2
"""Of the processor, for one pattern and all its texts; those of ours take a fraction of it."""


class Found(NamedTuple):
    """A pattern and where it is written; `text` is None when it is put together at run time."""

    place: str
    text: Any
    flags: int


def patterns() -> list[Found]:
    files = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
    return [found for path in files if "migrations" not in path.parts for found in _in_file(path)]


def _in_file(path: Path) -> Iterator[Found]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and _is_pattern(node.func):
            value = node.args[0] if node.args else None
            text = value.value if isinstance(value, ast.Constant) else None
            yield Found(f"{path.relative_to(ROOT)}:{node.lineno}", text, _flags(node))


def _is_pattern(called: ast.expr) -> bool:
    if isinstance(called, ast.Attribute):
        return called.attr in CALLS and isinstance(called.value, ast.Name) and called.value.id == "re"
    return isinstance(called, ast.Name) and called.id in NAMES


def _flags(node: ast.Call) -> int:
    given = [*node.args[1:], *(word.value for word in node.keywords)]
    names = [part.attr for one in given for part in ast.walk(one) if isinstance(part, ast.Attribute)]
    return sum({int(getattr(re, name)) for name in names if name in ("IGNORECASE", "DOTALL", "M", "MULTILINE", "A")})


def hostile(pattern: "re.Pattern[Any]") -> Iterator[Any]:
    """Long runs of what the pattern is about, ended by what is none of it."""
    source = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    letters = {letter for letter in source if letter.isalnum()} | set(" \t-.(='\"/") | {"1", "a", "я", "\xa0"}
    units = sorted(one for one in letters if pattern.search(_as(pattern, one)) or not one.isalnum())[:14]
    words = [word for word in re.findall(r"[^\W\d_]{3,}", source)][:3]
    for unit in [*units, *words, "1 ", " 1", "1.", "- ", "2025 жыл "]:
        for other in ["", *units[:5]]:
            for end in ("", "\x01"):
                yield _as(pattern, ((unit + other) * LENGTH)[:LENGTH] + end)
                yield _as(pattern, (unit * LENGTH)[:LENGTH] + (other * LENGTH)[:LENGTH] + end)
        for beginning in BEGINNINGS:
            yield _as(pattern, beginning + (unit * LENGTH)[:LENGTH] + "\x01")


def _as(pattern: "re.Pattern[Any]", text: str) -> Any:
    return text if isinstance(pattern.pattern, str) else text.encode("utf-8")


def try_all(pattern: "re.Pattern[Any]") -> None:
    used = int(sum(resource.getrusage(resource.RUSAGE_SELF)[:2]))
    resource.setrlimit(resource.RLIMIT_CPU, (used + SECONDS + 1, resource.RLIM_INFINITY))
    for text in hostile(pattern):
        pattern.match(text)
        pattern.fullmatch(text)
        pattern.search(text)


def main() -> None:
    for found in patterns():
        if found.text is not None:
            print(found.place, flush=True)
            try_all(re.compile(found.text, found.flags))
    for line in sys.argv[1:]:
        print(line, flush=True)
        try_all(re.compile(line))
    print("all ended", flush=True)


if __name__ == "__main__":
    main()
