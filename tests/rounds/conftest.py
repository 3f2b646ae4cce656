"""What the tests of rounds share."""

from dataclasses import dataclass
from itertools import count
from typing import Any

import pytest

from tests.cast import Cast, make_cast
from workflow.roles import Role
from workflow.rounds.routes import PlannedSeat, RoundStep

NUMBERS = count(1)


@dataclass
class Subject:
    """What a round needs to know of a case."""

    pk: int
    CASE_TYPE: str = "toy"


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def subject() -> Any:
    return Subject(next(NUMBERS))


def seat(cast: Cast, role: Role = Role.DEPARTMENT_HEAD, person: Any = None) -> PlannedSeat:
    organisation = {Role.MINISTRY_LEADER: cast.ministry, Role.CONTRACTOR_LEAD: cast.contractor}
    return PlannedSeat(role, organisation.get(role, cast.department).pk, 5, getattr(person, "pk", None))


def step(cast: Cast, seats: int = 1, **options: Any) -> RoundStep:
    return RoundStep([seat(cast)] * seats, **options)
