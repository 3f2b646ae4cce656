"""Nobody decides on the institution that they belong to, by whichever other role."""

from collections.abc import Callable
from typing import Any

import pytest

from cases.analysis.models import Finding
from cases.registry.models import Membership, Organisation, User
from tests.analysis.several import make_shared
from tests.cast import Cast
from tests.factories import make_recommendation
from tests.kinds.engagements import make_engagement
from tests.kinds.findings import make_confirmed
from tests.kinds.written import make_finding
from tests.workflow.acting import inputs_of, refusal
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
    (State.UNDER_REVIEW, "return_plan", "coordinator"),
    (State.CLAIMED, "confirm", "coordinator"),
    (State.VERIFIED, "close", "head"),
]
SENTENCE = "You belong to the institution concerned; somebody else has to decide."


def make_proposed(cast: Cast) -> Finding:
    return make_finding(cast, make_engagement(cast, "analysis"), "proposed")


def also_in(organisation: Any, person: User, role: Role) -> User:
    Membership.objects.create(person=person, organisation=organisation, role=role, starts=legal_date())
    return User.objects.get(pk=person.pk)


@pytest.mark.parametrize(("state", "action", "who"), DECISIONS)
def test_who_belongs_to_the_institution_does_not_decide_on_it(cast: Cast, state: State, action: str, who: str) -> None:
    case = make_recommendation(cast, state)
    both = also_in(cast.university, getattr(cast, who), Role.INSTITUTION_OFFICER)
    with pytest.raises(Refused, match=SENTENCE):
        perform(case, action, by=both, **inputs_of(action))
    assert {option.action: option.blocked for option in options(case, both)}[action] == SENTENCE


@pytest.mark.parametrize(
    ("make", "action", "who"), [(make_proposed, "send_back", "coordinator"), (make_confirmed, "withdraw", "head")]
)
def test_nobody_takes_a_finding_on_their_own_institution_back_before_it_is_known_there_or_after(
    cast: Cast, make: Callable[[Cast], Finding], action: str, who: str
) -> None:
    finding = make(cast)
    elsewhere = also_in(cast.college, getattr(cast, who), Role.INSTITUTION_HEAD)
    assert refusal(finding, action, elsewhere, reason="It is wrong.") == ""
    both = also_in(cast.university, elsewhere, Role.INSTITUTION_CONTROLLER)
    assert refusal(finding, action, both, reason="It is wrong.") == SENTENCE


@pytest.mark.parametrize("role", [Role.INSTITUTION_HEAD, Role.INSTITUTION_OFFICER, Role.INSTITUTION_CONTROLLER])
@pytest.mark.parametrize(
    ("state", "action", "who"), [("proposed", "send_back", "coordinator"), ("", "withdraw", "head")]
)
def test_nobody_takes_a_finding_on_several_back_who_belongs_to_one_of_them(
    cast: Cast, state: str, action: str, who: str, role: Role
) -> None:
    finding = make_shared(cast, state)
    school = Organisation.objects.get(code="SCH")
    elsewhere = also_in(school, getattr(cast, who), role)
    assert refusal(finding, action, elsewhere, reason="It is wrong.") == ""
    for organisation in (cast.university, cast.college):
        Membership.objects.filter(person=elsewhere, role=role).update(organisation=organisation)
        both = User.objects.get(pk=elsewhere.pk)
        assert refusal(finding, action, both, reason="It is wrong.") == SENTENCE
        assert {option.action: option.blocked for option in options(finding, both)}[action] == SENTENCE


@pytest.mark.parametrize(("state", "action", "who"), DECISIONS)
def test_who_belongs_to_another_institution_does(cast: Cast, state: State, action: str, who: str) -> None:
    case = make_recommendation(cast, state)
    both = also_in(cast.college, getattr(cast, who), Role.INSTITUTION_HEAD)
    assert perform(case, action, by=both, **inputs_of(action)).action == action
