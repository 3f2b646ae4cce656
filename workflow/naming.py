"""The names of conditions: a lifecycle file gives them, and the matrix prints them."""

import sys
from collections.abc import Iterator, Mapping
from functools import cache
from types import ModuleType

from workflow.case import Case
from workflow.conditions import Condition


def name_of(model: type[Case], condition: Condition) -> str:
    """As the lifecycle file, or a module that it imports, names it; else the name that it brings. Empty without any."""
    return _names(model).get(id(condition), condition.name)


@cache
def _names(model: type[Case]) -> Mapping[int, str]:
    """id of a condition -> the variable that holds it; modules live as long as the process, and so do the ids."""
    names: dict[int, str] = {}
    for module in _modules(model):
        for name, value in vars(module).items():
            if isinstance(value, Condition):
                names.setdefault(id(value), name)
    return names


def _modules(model: type[Case]) -> Iterator[ModuleType]:
    """Those of the lifecycle and of what it inherits first, then those that they import as a whole."""
    own = [sys.modules[base.__module__] for base in model.__mro__ if issubclass(base, Case)]
    yield from own
    yield from (value for module in own for value in vars(module).values() if isinstance(value, ModuleType))
