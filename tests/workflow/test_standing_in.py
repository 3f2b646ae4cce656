"""Who stands in for a coordinator carries the cases assigned to them; who stands in for them otherwise does not."""

from datetime import timedelta

import pytest

from cases.registry.models import Membership, User
from tests.cast import Cast
from tests.factories import make_recommendation
from tests.workflow.acting import inputs_of
from workflow.door import Refused, perform
from workflow.lifecycles.recommendation import State
from workflow.roles import Role
from workflow.terms import legal_date

TODAY = legal_date()


def stand_in(person: User, absent: User, role: Role) -> User:
    organisation = Membership.objects.filter(person=absent).select_related("organisation").get().organisation
    Membership.objects.create(
        person=person, organisation=organisation, role=role, substitutes_for=absent, starts=TODAY,
        ends=TODAY + timedelta(days=5),
    )  # fmt: skip
    return User.objects.get(pk=person.pk)


def test_a_substitute_as_coordinator_carries_the_case(cast: Cast) -> None:
    case = make_recommendation(cast, State.CLAIMED)
    substitute = stand_in(cast.second_coordinator, cast.coordinator, Role.COORDINATOR)
    assert perform(case, "confirm", by=substitute, **inputs_of("confirm")).actor == substitute


def test_a_substitute_in_another_role_does_not(cast: Cast) -> None:
    case = make_recommendation(cast, State.CLAIMED)
    substitute = stand_in(cast.second_coordinator, cast.coordinator, Role.DEPARTMENT_HEAD)
    with pytest.raises(Refused, match="This case is assigned to Aigul"):
        perform(case, "confirm", by=substitute, **inputs_of("confirm"))
