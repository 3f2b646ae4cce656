"""Nobody decides on the institution that they belong to, by whichever other role."""

from typing import Any

import pytest

from cases.registry.models import Membership, User
from tests.cast import Cast
from tests.factories import make_recommendation
from tests.workflow.acting import inputs_of
from workflow.door import Refused, perform
from workflow.lifecycles.recommendation import State
from workflow.may import options
from workflow.roles import Role
from workflow.terms import legal_date

DECISIONS = [
    (State.DISPUTED, "uphold", "leader"),
    (State.ISSUED, "withdraw", "leader"),
    (State.IN_PROGRESS, "close_unimplemented", "leader"),
    (State.UNDER_REVIEW, "agree_plan", "coordinator"),
    (State.CLAIMED, "confirm", "coordinator"),
    (State.VERIFIED, "close", "head"),
]


def also_in(organisation: Any, person: User, role: Role) -> User:
    Membership.objects.create(person=person, organisation=organisation, role=role, starts=legal_date())
    return User.objects.get(pk=person.pk)


@pytest.mark.parametrize(("state", "action", "who"), DECISIONS)
def test_who_belongs_to_the_institution_does_not_decide_on_it(cast: Cast, state: State, action: str, who: str) -> None:
    case = make_recommendation(cast, state)
    both = also_in(cast.university, getattr(cast, who), Role.INSTITUTION_OFFICER)
    sentence = "You belong to the institution concerned; somebody else has to decide."
    with pytest.raises(Refused, match=sentence):
        perform(case, action, by=both, **inputs_of(action))
    assert {one.action: one.blocked for one in options(case, both)}[action] == sentence


@pytest.mark.parametrize(("state", "action", "who"), DECISIONS)
def test_who_belongs_to_another_institution_does(cast: Cast, state: State, action: str, who: str) -> None:
    case = make_recommendation(cast, state)
    both = also_in(cast.college, getattr(cast, who), Role.INSTITUTION_HEAD)
    assert perform(case, action, by=both, **inputs_of(action)).action == action
