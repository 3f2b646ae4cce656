"""One module for each kind of case: how the tests make one in any state, and what its acts take."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from cases.registry.models import User
from tests.cast import Cast
from workflow.case import Case

RECEIVER = 10_008
"""The id of the person to whom a seat of a round is handed over."""
HAND_OVER = {"receiver_id": RECEIVER, "reason": "On leave (test)."}


@dataclass(frozen=True)
class Trial:
    """How a kind is tried.

    `make(cast, state)` gives a case on which every act of its state is possible for those who may do it;
    `new(cast, by)` one that is not stored yet. `inputs` are those with which each act is possible, by its name;
    a function gives one that depends on the case.
    `suit(case, user, action)` changes a case for one person and one act, where rights depend on what the case says;
    `apart` are acts that are possible only then, as they exclude the others of their state.
    """

    model: type[Case]
    make: Callable[[Cast, str], Case]
    new: Callable[[Cast, User], Case]
    inputs: Mapping[str, Mapping[str, Any]]
    suit: Callable[[Any, User, str], None] = lambda case, user, action: None
    apart: frozenset[str] = frozenset()
