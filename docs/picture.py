"""Draws docs/architecture.svg: the packages in the order of pyproject.toml, and who imports whom.

`make picture` runs it; a test notices when the code has got another shape.
"""

import ast
import textwrap
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path

import grimp

ROOT = Path(__file__).resolve().parent.parent
PICTURE = ROOT / "docs" / "architecture.svg"
INNER = "cases"
"""The package whose apps have an order of their own."""
Arrows = set[tuple[str, str]]
"""Who imports whom."""

BOX, INSET, LANE, LINE, MARGIN, GAP = 600, 16, 26, 18, 20, 14
STYLE = """\
    svg { --paper: #fff; --ink: #1b2430; --soft: #52606d; --box: #f3f6f9; --edge: #9aa8b5; --arrow: #1f5f99; }
    @media (prefers-color-scheme: dark) {
      svg { --paper: #14181d; --ink: #e8edf2; --soft: #a9b6c2; --box: #20272f; --edge: #5b6976; --arrow: #7db8ee; }
    }
    .paper { fill: var(--paper); }
    .box { fill: var(--box); stroke: var(--edge); }
    .group { fill: none; stroke: var(--edge); stroke-dasharray: 4 4; }
    text { fill: var(--soft); font: 13px system-ui, sans-serif; }
    .name { fill: var(--ink); font: 600 14px ui-monospace, monospace; }
    .line { fill: none; stroke: var(--arrow); stroke-width: 1.5; }
    .dot, .tip { fill: var(--arrow); }"""


@dataclass(frozen=True)
class Box:
    """A package at its place: what it holds, and the heights at which arrows leave and come in."""

    name: str
    about: tuple[str, ...]
    left: int
    top: int

    @property
    def height(self) -> int:
        return 2 * LINE + LINE * len(self.about)

    @property
    def comes_in(self) -> int:
        return self.top + LINE

    @property
    def leaves(self) -> int:
        return self.top + self.height - LINE // 2 - 4


def order() -> list[str]:
    """The packages from the one that knows all others to the one that knows none, as import-linter holds them."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    outer, inner = (contract["layers"] for contract in contracts)
    return [name for layer in outer for name in ([f"{INNER}.{app}" for app in inner] if layer == INNER else [layer])]


def imports(packages: list[str]) -> Arrows:
    """Between packages, from the import statements of all their modules."""
    graph = grimp.build_graph(*dict.fromkeys(name.split(".")[0] for name in packages), cache_dir=None)
    pairs = {
        (_package(module, packages), _package(imported, packages))
        for module in graph.modules
        for imported in graph.find_modules_directly_imported_by(module)
    }
    return {(importer, imported) for importer, imported in pairs if importer and imported and importer != imported}


def _package(module: str, packages: list[str]) -> str:
    return next((name for name in packages if f"{module}.".startswith(f"{name}.")), "")


def boxes(packages: list[str]) -> list[Box]:
    placed, top = [], MARGIN
    for name in packages:
        left = MARGIN + (INSET if name.startswith(f"{INNER}.") else 0)
        placed.append(Box(name, _about(name), left, top))
        top += placed[-1].height + GAP
    return placed


def _about(name: str) -> tuple[str, ...]:
    """The sentence that its `__init__.py` begins with."""
    source = (ROOT / name.replace(".", "/") / "__init__.py").read_text(encoding="utf-8")
    sentence = (ast.get_docstring(ast.parse(source)) or "").split("\n\n")[0]
    return tuple(textwrap.wrap(sentence, 84))


def draw(packages: list[str], arrows: Arrows) -> str:
    """The picture: each package that is imported has a lane at the right, which its importers join at a dot."""
    placed = {box.name: box for box in boxes(packages)}
    imported = [name for name in packages if any(target == name for _source, target in arrows)]
    lanes = {name: MARGIN + BOX + LANE * (place + 1) for place, name in enumerate(imported)}
    last = placed[packages[-1]]
    width, height = max(lanes.values()) + MARGIN, last.top + last.height + MARGIN
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img">',
        f"  <title>{escape(_title(packages))}</title>",
        f"  <style>\n{STYLE}\n  </style>",
        f'  <rect class="paper" width="{width}" height="{height}"/>',
        *_group([box for box in placed.values() if box.name.startswith(f"{INNER}.")]),
        *(line for box in placed.values() for line in _box(box)),
        *(line for name, x in lanes.items() for line in _lane(placed, arrows, name, x)),
        *(line for box in placed.values() for line in _leaving(box, arrows, lanes)),
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _title(packages: list[str]) -> str:
    return f"Imports point down: {', '.join(packages)}"


def _group(inner: list[Box]) -> Iterator[str]:
    top, bottom = inner[0].top - GAP // 2, inner[-1].top + inner[-1].height + GAP // 2
    yield f'  <rect class="group" x="{MARGIN}" y="{top}" width="{BOX + INSET // 2}" height="{bottom - top}" rx="6"/>'


def _box(box: Box) -> Iterator[str]:
    width = BOX - (box.left - MARGIN)
    yield f'  <rect class="box" x="{box.left}" y="{box.top}" width="{width}" height="{box.height}" rx="4"/>'
    yield f'  <text class="name" x="{box.left + 12}" y="{box.top + LINE + 4}">{escape(box.name)}</text>'
    for place, line in enumerate(box.about, start=2):
        yield f'  <text x="{box.left + 12}" y="{box.top + LINE * place + 6}">{escape(line)}</text>'


def _lane(placed: dict[str, Box], arrows: Arrows, name: str, x: int) -> Iterator[str]:
    """From its highest importer down into the package."""
    importers = [placed[source] for source, target in arrows if target == name]
    start, end, edge = min(box.leaves for box in importers), placed[name].comes_in, MARGIN + BOX
    yield f'  <path class="line" d="M {x} {start} V {end} H {edge + 8}"/>'
    yield f'  <path class="tip" d="M {edge} {end} l 9 -4 v 8 z"/>'


def _leaving(box: Box, arrows: Arrows, lanes: dict[str, int]) -> Iterator[str]:
    joined = sorted(lanes[target] for source, target in arrows if source == box.name)
    if joined:
        yield f'  <path class="line" d="M {MARGIN + BOX} {box.leaves} H {joined[-1]}"/>'
    for x in joined:
        yield f'  <circle class="dot" cx="{x}" cy="{box.leaves}" r="3.5"/>'


def picture() -> str:
    packages = order()
    return draw(packages, imports(packages))


if __name__ == "__main__":
    PICTURE.write_text(picture(), encoding="utf-8")
