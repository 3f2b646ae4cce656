"""The small ways to break code: a limit moved by one, a condition turned round, an effect left out, and so on."""

import ast
from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass

OPPOSITES: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
OF_COLUMNS = {"max_length", "verbose_name", "db_index"}
"""Arguments that only a migration would notice."""
LEFT_ALONE = {"annotation", "returns", "type_comment"}
"""Parts of a node that say nothing of what it does."""


@dataclass(frozen=True)
class Mutant:
    """A changed source; `first` to `last` are the lines of the statement that was changed."""

    first: int
    last: int
    before: str
    after: str
    source: str


def mutants(source: str) -> Iterator[Mutant]:
    """Every changed source that is still Python."""
    lines = source.encode().splitlines(keepends=True)
    for statement, node, changed in _changes(ast.parse(source)):
        start, end = _place(lines, node.lineno, node.col_offset), _place(lines, node.end_lineno, node.end_col_offset)
        whole = source.encode()
        before, after = whole[start:end].decode(), _written(changed)
        mutated = (whole[:start] + after.encode() + whole[end:]).decode()
        if _is_python(mutated):
            yield Mutant(statement.lineno, statement.end_lineno or statement.lineno, before, after, mutated)


def _place(lines: list[bytes], line: int | None, column: int | None) -> int:
    assert line is not None
    assert column is not None
    return sum(map(len, lines[: line - 1])) + column


def _written(node: ast.AST) -> str:
    text = ast.unparse(node)
    return f"({text})" if isinstance(node, ast.BoolOp | ast.Compare | ast.UnaryOp) else text


def _is_python(source: str) -> bool:
    try:
        compile(source, "mutant", "exec")
    except (SyntaxError, ValueError):
        return False
    return True


def _changes(
    node: ast.AST, statement: ast.stmt | None = None
) -> Iterator[tuple[ast.stmt, ast.expr | ast.stmt, ast.AST]]:
    """(the statement, a node in it, what to put in its place), in the order of the source."""
    if isinstance(node, ast.stmt):
        statement = node
    if statement is not None and isinstance(node, ast.expr | ast.stmt):
        yield from ((statement, *change) for change in (*_of_node(node), *_of_tests(node)))
    for name, value in ast.iter_fields(node):
        if name not in LEFT_ALONE:
            for child in value if isinstance(value, list) else [value]:
                if isinstance(child, ast.AST) and not _is_left_out(child):
                    yield from _changes(child, statement)


def _is_left_out(node: ast.AST) -> bool:
    """What has no rule in it: imports, and what a model says to the database, which migrations are compared with.

    Texts put together are left out because their parts have no places of their own before Python 3.12.
    """
    match node:
        case ast.JoinedStr() | ast.Import() | ast.ImportFrom() | ast.ClassDef(name="Meta"):
            return True
        case ast.Assign(targets=[ast.Name(id="__all__")]):
            return True
    return False


def _of_node(node: ast.expr | ast.stmt) -> Iterator[tuple[ast.expr | ast.stmt, ast.AST]]:
    match node:
        case ast.Constant(value=bool() as value):
            yield node, ast.Constant(not value)
        case ast.Constant(value=int() as value):
            yield node, ast.Constant(value + 1)
        case ast.Compare(ops=[operator]):
            yield node, _with(node, ops=[OPPOSITES[type(operator)]()])
        case ast.BoolOp():
            yield node, _with(node, op=ast.Or() if isinstance(node.op, ast.And) else ast.And())
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield node, operand
        case ast.List() | ast.Tuple() | ast.Set() | ast.Dict() | ast.Call():
            yield from ((node, shorter) for shorter in _shorter(node))
        case ast.stmt():
            yield from _of_statement(node)


def _of_statement(node: ast.stmt) -> Iterator[tuple[ast.stmt, ast.AST]]:
    """Nothing in the place of what has an effect."""
    match node:
        case ast.Expr(value=ast.Call()) | ast.AugAssign() | ast.Delete() | ast.Raise():
            yield node, ast.Pass()
        case ast.Assign(targets=[ast.Attribute() | ast.Subscript() | ast.Tuple(), *_]):
            yield node, ast.Pass()


def _of_tests(node: ast.AST) -> Iterator[tuple[ast.expr, ast.AST]]:
    """What is asked, where it is a plain name or call: its opposite. (Comparisons have theirs already.)"""
    asked = [node.test] if isinstance(node, ast.If | ast.IfExp | ast.While) else []
    for generator in getattr(node, "generators", []):
        asked += generator.ifs
    for test in asked:
        if isinstance(test, ast.Name | ast.Attribute | ast.Call | ast.NamedExpr):
            yield test, ast.UnaryOp(ast.Not(), test)


def _shorter(node: ast.expr) -> Iterator[ast.AST]:
    """The same without one of its parts, such as a condition in a list of conditions, or a role among roles."""
    match node:
        case ast.Dict():
            for place in range(len(node.keys)):
                yield _with(node, keys=_without(node.keys, place), values=_without(node.values, place))
        case ast.Call():
            named = [place for place, keyword in enumerate(node.keywords) if keyword.arg not in OF_COLUMNS]
            yield from (_with(node, keywords=_without(node.keywords, place)) for place in named)
            if isinstance(node.func, ast.Name) and node.func.id == "by":
                yield from (_with(node, args=_without(node.args, place)) for place in range(len(node.args)))
        case ast.List(ctx=ast.Load()) | ast.Tuple(ctx=ast.Load()) | ast.Set():
            yield from (_with(node, elts=_without(node.elts, place)) for place in range(len(node.elts)))


def _with(node: ast.AST, **parts: object) -> ast.AST:
    changed = copy(node)
    for name, value in parts.items():
        setattr(changed, name, value)
    return changed


def _without(parts: list[ast.expr] | list[ast.expr | None] | list[ast.keyword], place: int) -> list[object]:
    return [part for other, part in enumerate(parts) if other != place]
