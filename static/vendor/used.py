"""Cuts tabler.css to the rules that our pages use, as static/css/tabler.css: `make css`; a test says when it is due.

A selector stays when all classes, ids and data attributes in it stand in a template or in a text of the code; of what
stands in brackets, as in `:not(.disabled)`, nothing is asked. Variables and animations stay that something left uses.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
WHOLE = ROOT / "static/vendor/tabler/tabler.css"
USED = ROOT / "static/css/tabler.css"
OURS = ("baikoo.css", "dark.css", "parts.css")
CODE = ("cases", "config", "notifications", "workflow")
NESTING = ("@media", "@supports", "@layer", "@container")
TAG = re.compile(r"\{%|%\}|\{\{|\}\}|[\"'|,:]")
WORD = re.compile(r"[A-Za-z_][\w-]*")
CLASSES = re.compile(r"""class=(["'])(.*?)\1(?=[\s>{/]|$)""", re.DOTALL)
ID = re.compile(r'\sid="([\w-]+)')
DATA = re.compile(r"\s(data-[\w-]+)")
BRACKETS = re.compile(r"\((?:[^()]|\([^()]*\))*\)")
NAMED = re.compile(r"""\.((?:[\w-]|\\.)+)|#([\w-]+)|\[(data-[\w-]+)""")
READ = re.compile(r"var\(\s*(--[\w-]+)")
STRING_OR = r""""[^"]*"|'[^']*'|[%s]"""


@dataclass
class Rule:
    """`prelude{body}`; of a nesting rule the body is its rules."""

    prelude: str
    declarations: list[str] = field(default_factory=list)
    rules: "list[Rule]" = field(default_factory=list)

    def __str__(self) -> str:
        if not self.prelude.startswith(NESTING) and "keyframes" not in self.prelude:
            return f"{self.prelude}{{{';'.join(self.declarations)}}}"
        return f"{self.prelude}{{{''.join(map(str, self.rules))}}}"


def main() -> None:
    USED.write_text(used_css(), encoding="utf-8")


def used_css() -> str:
    whole = WHOLE.read_text(encoding="utf-8")
    licence = whole[whole.index("/*!") : whole.index("*/") + 2]
    rules = list(_cut(_parsed(whole.partition("*/")[2]), words()))
    ours = "".join((USED.parent / name).read_text(encoding="utf-8") for name in OURS)
    text = "\n".join(map(str, _without_spare(rules, ours))).replace('url("img/', 'url("../vendor/tabler/img/')
    return f'@charset "UTF-8";{licence}\n/* Cut by `make css`: change nothing here. */\n{text}\n'


def words() -> set[str]:
    """Everything that may be a class, an id or an attribute of a page of ours."""
    found: set[str] = set()
    for path in (ROOT / "templates").rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        found |= {*classes(text), *ID.findall(text), *DATA.findall(text)}
    for path in (path for folder in CODE for path in (ROOT / folder).rglob("*.py")):
        found |= set(_names(path.read_text(encoding="utf-8")))
    return found


def classes(html: str) -> Iterator[str]:
    """Of a page or a template, whichever of its branches is taken."""
    for _quote, value in CLASSES.findall(html):
        yield from WORD.findall(TAG.sub(" ", value))


def _names(code: str) -> Iterator[str]:
    """Short texts of lower-case words: the classes of controls and badges are among them."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from classes(node.value)
            if re.fullmatch(r"[a-z][a-z0-9-]*( [a-z][a-z0-9-]*)?", node.value):
                yield from node.value.split()


def _parsed(css: str) -> list[Rule]:
    rules, place = [], 0
    while (start := css.find("{", place)) >= 0:
        end = _end(css, start)
        prelude, body = css[place:start].strip(), css[start + 1 : end]
        prelude = prelude.rpartition(";")[2].strip()
        if prelude.startswith(NESTING) or "keyframes" in prelude:
            rules.append(Rule(prelude, rules=_parsed(body)))
        else:
            rules.append(Rule(prelude, list(_declarations(body))))
        place = end + 1
    return rules


def _end(css: str, start: int) -> int:
    """Where the block that begins at `start` ends."""
    depth = 0
    for match in re.finditer(STRING_OR % "{}", css[start:]):
        depth += {"{": 1, "}": -1}.get(match[0], 0)
        if depth == 0:
            return start + match.start()
    raise ValueError("a block has no end")


def _declarations(body: str) -> Iterator[str]:
    """Parted by semicolons, but for those in brackets."""
    depth = first = 0
    for match in re.finditer(STRING_OR % "();", f"{body};"):
        depth += {"(": 1, ")": -1}.get(match[0], 0)
        if match[0] == ";" and depth == 0:
            if part := body[first : match.start()].strip():
                yield part
            first = match.end()


def _cut(rules: Iterable[Rule], known: set[str]) -> Iterator[Rule]:
    for rule in rules:
        if rule.prelude.startswith(NESTING):
            inner = list(_cut(rule.rules, known))
            if inner:
                yield Rule(rule.prelude, rules=inner)
        elif rule.prelude.startswith("@"):
            yield rule
        else:
            kept = [one for one in _selectors(rule.prelude) if _is_used(one, known)]
            if kept:
                yield Rule(",".join(kept), rule.declarations)


def _selectors(prelude: str) -> list[str]:
    flat = BRACKETS.sub(lambda match: match[0].replace(",", "\0"), prelude)
    return [one.replace("\0", ",") for one in flat.split(",")]


def _is_used(selector: str, known: set[str]) -> bool:
    names = NAMED.findall(BRACKETS.sub("", selector))
    return all("".join(name).replace("\\", "") in known for name in names)


def _without_spare(rules: list[Rule], ours: str) -> list[Rule]:
    """Without variables and animations that nothing left names, until there are none."""
    while True:
        text = "".join(map(str, rules)) + ours
        read = set(READ.findall(text))
        left = list(_spared(rules, read, text))
        if "".join(map(str, left)) == "".join(map(str, rules)):
            return left
        rules = left


def _spared(rules: Iterable[Rule], read: set[str], text: str) -> Iterator[Rule]:
    for rule in rules:
        if "keyframes" in rule.prelude:
            name = rule.prelude.split()[-1]
            if re.search(rf"animation[\w-]*:[^;}}]*\b{re.escape(name)}\b", text):
                yield rule
        elif rule.prelude.startswith(NESTING):
            inner = list(_spared(rule.rules, read, text))
            if inner:
                yield Rule(rule.prelude, rules=inner)
        else:
            kept = [one for one in rule.declarations if not one.startswith("--") or one.partition(":")[0] in read]
            if kept:
                yield Rule(rule.prelude, kept)


if __name__ == "__main__":
    main()
