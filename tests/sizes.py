"""How large things are: the lines of files, functions and templates, and what ruff counts in functions."""

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PRODUCT = ("workflow", "cases", "notifications", "config")
ALL = (*PRODUCT, "tests", "bench", "docs")
WIDEST = 160
"""Characters of a template's line."""
Sizes = dict[str, int]
"""What it is, by its path -> how large it is."""


def files(folders: Iterable[str] = ALL) -> Sizes:
    """Lines of every file."""
    return {name: text.count("\n") for name, text in code(folders)}


def functions(folders: Iterable[str] = ALL) -> Sizes:
    """Lines of every function, from `def` to its end, with its docstring."""
    return {
        f"{name}:{node.name}": (node.end_lineno or node.lineno) - node.lineno + 1
        for name, text in code(folders)
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }


def complexity() -> Sizes:
    """Independent paths through every function."""
    return _by_ruff("C901", "lint.mccabe.max-complexity=0", ALL)


def arguments() -> Sizes:
    """Arguments of every function but those of tests, whose arguments are fixtures."""
    return _by_ruff("PLR0913", "lint.pylint.max-args=0", PRODUCT)


def templates() -> Sizes:
    """Lines of every template."""
    return {name: text.count("\n") for name, text in _templates()}


def wide_lines() -> Sizes:
    """Of the pages' templates that have such: lines of more than WIDEST characters.

    Letters are plain text, where a line break in the template is one in the letter: each paragraph is one line.
    """
    pages = [(name, text) for name, text in _templates() if name.endswith(".html")]
    counted = {name: sum(len(line) > WIDEST for line in text.splitlines()) for name, text in pages}
    return {name: count for name, count in counted.items() if count}


def untyped() -> Sizes:
    """How often the product's types say `Any`, and how often an error of types is silenced."""
    sources = [text for _name, text in code(PRODUCT)]
    names = (node for text in sources for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Name))
    return {
        "Any": sum(node.id == "Any" for node in names),
        "type: ignore": sum(text.count("# type: ignore") for text in sources),
    }


def most(sizes: Sizes, share: float) -> int:
    """What this share of all does not exceed, such as the nine tenths of 0.9."""
    ordered = sorted(sizes.values())
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


def code(folders: Iterable[str]) -> Iterator[tuple[str, str]]:
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                yield str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")


def _templates() -> Iterator[tuple[str, str]]:
    for path in sorted([*ROOT.glob("templates/**/*.*"), *ROOT.glob("tests/*/templates/**/*.*")]):
        yield str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")


def _by_ruff(rule: str, option: str, folders: Iterable[str]) -> Sizes:
    command = [sys.executable, "-m", "ruff", "check", "--isolated", "--ignore-noqa", "--no-cache", "--exit-zero"]
    command += ["--select", rule, "--config", option, "--exclude", "migrations", "--output-format", "json", *folders]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return dict(_counted(row) for row in json.loads(done.stdout))


def _counted(row: dict[str, str | dict[str, int]]) -> tuple[str, int]:
    """ruff says "`name` is too complex (9 > 0)" of the line that the function begins in."""
    count = re.search(r"[(](\d+) > 0[)]", str(row["message"]))
    place = row["location"]
    assert count is not None
    assert isinstance(place, dict)
    path = Path(str(row["filename"]))
    line = path.read_text(encoding="utf-8").splitlines()[place["row"] - 1]
    name = re.sub(r".*?def (\w+).*", r"\1", line)
    return f"{path.relative_to(ROOT)}:{name}", int(count[1])
