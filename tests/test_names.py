"""One word for one thing: names of classes and variables in the product's code and templates."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from django.db.models import TextChoices
from django.urls import get_resolver

from tests import sizes

VAGUE = {"beside", "found", "given", "one", "said", "told"}
"""They name nothing of the field: a variable is called what it holds."""
REPEATED = {
    "Action": "the acts of each kind of case, and of the registry",
    "Command": "Django's name for a command",
    "State": "the states of each kind of case",
}
"""Names that more than one class has, and why."""
STATELIKE = re.compile(r"(State|Role|Status|Response|Risk|Degree|Decision)\Z")
"""How the classes of what templates do not ask for by name are called."""
COMPARED = re.compile(r"""(?:==|!=|\bin)\s*["'](\w+)["']|["'](\w+)["']\s*(?:==|!=|\bin\b)""")
CONDITION = re.compile(r"{%\s*(?:el)?if\s.*?%}")


def names(tree: ast.AST) -> Iterator[str]:
    """Everything that is given a name in this file: variables, arguments, functions."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name


def aliases(tree: ast.AST) -> Iterator[str]:
    """What statements of SQL in this file call tables and subqueries: `... AS name`, `WITH name AS`."""
    texts = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str))
    for sql in (text for text in texts if re.search(r"\bSELECT\b", text)):
        yield from re.findall(r"\bAS (\w+)", sql)
        yield from re.findall(r"(\w+) AS (?:MATERIALIZED )?\(", sql)


def template_names(text: str) -> Iterator[str]:
    """What `for`, `with`, `include ... with` and `as` give a name to in this template."""
    for tag in re.findall(r"{%.*?%}", text):
        bare = re.sub(r'"[^"]*"', '""', tag)
        yield from re.findall(r"\b(\w+)=", bare)
        yield from re.findall(r"\bas (\w+)", bare)
        if loop := re.match(r"{%\s*for (.*?) in ", bare):
            yield from re.findall(r"\w+", loop[1])


def classes(tree: ast.Module) -> Iterator[str]:
    return (node.name for node in tree.body if isinstance(node, ast.ClassDef))


def compared(text: str) -> set[str]:
    """The texts that conditions of this template compare something with."""
    conditions = re.sub(
        r'\bshow == "\w+"', "", " ".join(CONDITION.findall(text))
    )  # The part that the address asks for.
    return {left or right for left, right in COMPARED.findall(conditions)}


def words_of_choices() -> set[str]:
    """All that a state, a role, an answer or the like can be."""
    assert get_resolver().url_patterns  # Imports every view, and with them all that they offer to choose.
    kinds = [kind for kind in TextChoices.__subclasses__() if kind.__module__.startswith(sizes.PRODUCT)]
    return {str(value) for kind in kinds if STATELIKE.search(kind.__name__) for value in kind.values}


def templates() -> dict[str, str]:
    paths = sorted(Path(sizes.ROOT, "templates").rglob("*.html"))
    return {str(path.relative_to(sizes.ROOT)): path.read_text(encoding="utf-8") for path in paths}


def test_variables_are_called_what_they_hold() -> None:
    code = {name: ast.parse(text) for name, text in sizes.code(sizes.PRODUCT)}
    assert {name: vague for name, tree in code.items() if (vague := VAGUE & set(names(tree)))} == {}
    assert {name: vague for name, tree in code.items() if (vague := VAGUE & set(aliases(tree)))} == {}
    pages = templates()
    assert {name: vague for name, text in pages.items() if (vague := VAGUE & set(template_names(text)))} == {}


def test_each_class_has_a_name_of_its_own() -> None:
    places = defaultdict(list)
    for name, text in sizes.code(sizes.PRODUCT):
        for called in classes(ast.parse(text)):
            places[called].append(name)
    repeated = {called: where for called, where in places.items() if len(where) > 1}
    assert {called: where for called, where in repeated.items() if called not in REPEATED} == {}
    assert [called for called in REPEATED if called not in repeated] == []


def test_templates_ask_properties_and_compare_no_state_role_or_answer() -> None:
    words = words_of_choices()
    assert {"draft", "in_progress", "coordinator", "disputed", "high", "wrong"} <= words
    pages = templates()
    assert {name: literals for name, text in pages.items() if (literals := words & compared(text))} == {}


def test_a_vague_name_a_second_class_and_a_comparison_are_noticed() -> None:
    code = "for one in rows:\n    pass\ndef said(told): ...\nfound = [x for x in y]\nother.given = 1\n"
    assert VAGUE & set(names(ast.parse(code))) == {"one", "said", "told", "found"}
    sql = 'found = "WITH told AS MATERIALIZED (SELECT 1), said AS (SELECT 2) SELECT one FROM t AS given"'
    assert VAGUE & set(aliases(ast.parse(sql))) == {"told", "said", "given"}
    page = '{% for a, one in x %}{% with said=y %}{% url "found" as told %}{% translate "one = two" %}{% endwith %}'
    assert VAGUE & set(template_names(page)) == {"one", "said", "told"}
    assert list(classes(ast.parse("class A: ...\nclass A: ...\n"))) == ["A", "A"]
    page = """{% if case.state != "draft" %}{% elif 'high' == risk %}{% endif %}{% translate "x == 'closed'" %}"""
    assert compared(page) == {"draft", "high"}
