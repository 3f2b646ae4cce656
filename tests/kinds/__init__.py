"""One module for each kind of case: how the tests make one in any state, and what its acts take."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from cases.registry.models import User
from tests.cast import Cast
from workflow.case import Case


@dataclass(frozen=True)
class Trial:
    """How a kind is tried.

    `make(cast, state)` gives a case on which every act of its state is possible for those who may do it;
    `new(cast, by)` one that is not stored yet. `inputs` are those with which each act is possible, by its name.
    """

    model: type[Case]
    make: Callable[[Cast, str], Case]
    new: Callable[[Cast, User], Case]
    inputs: Mapping[str, Mapping[str, Any]]
