"""Who may act: not on one's own work, only while it lasts, and in place of whom one stands in for."""

from datetime import date, timedelta

import pytest

from cases.followup.models import Recommendation
from cases.registry.models import Membership, Organisation, User
from tests.cast import Cast, person
from tests.factories import make_extension, make_recommendation
from tests.workflow.acting import inputs_of
from workflow.door import Refused, perform
from workflow.may import options
from workflow.models import Event
from workflow.roles import Role
from workflow.terms import legal_date

YESTERDAY, TODAY, TOMORROW = (legal_date() + timedelta(days=days) for days in (-1, 0, 1))
NOT_YOURS = "You may not do this: it is for Coordinator."


def again(user: User) -> User:
    """The person as the next request sees them."""
    return User.objects.get(pk=user.pk)


def joins(user: User, organisation: Organisation, role: Role) -> User:
    Membership.objects.create(person=user, organisation=organisation, role=role, starts=date(2020, 1, 1))
    return again(user)


def substitute(cast: Cast, starts: date, ends: date) -> User:
    """Sabyr, who stands in for the coordinator from a day to a day."""
    sabyr = person("Sabyr")
    Membership.objects.create(
        person=sabyr, organisation=cast.department, role=Role.COORDINATOR, starts=starts, ends=ends,
        substitutes_for=cast.coordinator,
    )  # fmt: skip
    return again(sabyr)


def answer(case: Recommendation, action: str, user: User) -> str:
    """How the act ends: the new state, or the refusal's sentence."""
    fresh = Recommendation.objects.get(pk=case.pk)
    try:
        perform(fresh, action, by=again(user), **inputs_of(action))
    except Refused as refused:
        return refused.sentence
    return str(fresh.state)


def test_whoever_claimed_cannot_verify_even_as_a_coordinator(cast: Cast) -> None:
    moved = person("Moved", (cast.department, Role.COORDINATOR))
    case = make_recommendation(cast, "claimed", claimed_by=moved, coordinator=None, classification="improvement")
    for action in ("confirm", "not_confirmed", "accept_claim"):
        assert answer(case, action, moved) == "You reported this as done yourself; somebody else has to verify it."
    assert answer(case, "confirm", cast.coordinator) == "verified"


def test_whoever_belongs_to_the_institution_cannot_verify_for_it(cast: Cast) -> None:
    case = make_recommendation(cast, "claimed", classification="improvement")
    both = joins(cast.coordinator, cast.university, Role.INSTITUTION_OFFICER)
    for action in ("confirm", "not_confirmed", "accept_claim"):
        assert answer(case, action, both).startswith("You belong to the institution concerned")
    elsewhere = make_recommendation(cast, "claimed", institution=cast.college)
    assert answer(elsewhere, "confirm", both) == "verified"


def test_whoever_verified_cannot_close_even_as_head_of_department(cast: Cast) -> None:
    both = joins(cast.coordinator, cast.department, Role.DEPARTMENT_HEAD)
    case = make_recommendation(cast, "claimed")
    assert answer(case, "confirm", both) == "verified"
    assert answer(case, "close", both) == "You verified this yourself; another head of department has to close it."
    assert answer(case, "close", cast.second_head) == "closed"


def test_another_coordinator_cannot_act_on_an_assigned_case(cast: Cast) -> None:
    case = make_recommendation(cast, "under_review")
    assert answer(case, "agree_plan", cast.second_coordinator) == "This case is assigned to Aigul (test)."
    assert answer(case, "agree_plan", cast.coordinator) == "in_progress"


def test_every_coordinator_of_the_department_may_act_on_an_unassigned_case(cast: Cast) -> None:
    case = make_recommendation(cast, "draft", coordinator=None)
    assert answer(case, "issue", cast.second_coordinator) == "issued"
    assert Recommendation.objects.get(pk=case.pk).coordinator == cast.second_coordinator


@pytest.mark.parametrize(("starts", "ends"), [(TODAY, TODAY), (YESTERDAY, TOMORROW), (YESTERDAY, TODAY)])
def test_a_substitute_acts_for_the_assigned_coordinator_while_it_lasts(cast: Cast, starts: date, ends: date) -> None:
    case = make_recommendation(cast, "under_review")
    sabyr = substitute(cast, starts, ends)
    assert answer(case, "agree_plan", sabyr) == "in_progress"
    event = Event.objects.of("recommendation", case.pk).latest("position")
    assert (event.actor, event.membership_id) == (sabyr, sabyr.current_memberships[0].pk)


@pytest.mark.parametrize(
    ("starts", "ends"),
    [(TODAY - timedelta(days=9), YESTERDAY), (TOMORROW, TOMORROW + timedelta(days=9))],
    ids=["over", "not begun"],
)
def test_a_substitute_may_do_nothing_before_or_after(cast: Cast, starts: date, ends: date) -> None:
    case = make_recommendation(cast, "under_review")
    sabyr = substitute(cast, starts, ends)
    assert answer(case, "agree_plan", sabyr) == NOT_YOURS
    assert options(case, sabyr) == []
    assert not Recommendation.objects.visible_to(sabyr).exists()


def test_a_substitute_of_somebody_else_cannot_act_on_the_case(cast: Cast) -> None:
    case = make_recommendation(cast, "under_review", coordinator=cast.second_coordinator)
    assert answer(case, "agree_plan", substitute(cast, TODAY, TODAY)) == "This case is assigned to Asan (test)."


def test_a_substitute_cannot_verify_what_they_claimed(cast: Cast) -> None:
    sabyr = substitute(cast, TODAY, TODAY)
    case = make_recommendation(cast, "claimed", claimed_by=sabyr)
    assert answer(case, "confirm", sabyr).startswith("You reported this as done yourself")


@pytest.mark.parametrize(
    ("starts", "ends", "may"),
    [
        (TODAY, None, True),
        (TODAY, TODAY, True),
        (YESTERDAY, TODAY, True),
        (YESTERDAY, YESTERDAY, False),
        (TOMORROW, None, False),
    ],
)
def test_a_membership_counts_from_its_first_to_its_last_day(
    cast: Cast, starts: date, ends: date | None, may: bool
) -> None:
    case = make_recommendation(cast, "under_review")
    Membership.objects.filter(person=cast.coordinator).update(starts=starts, ends=ends)
    assert answer(case, "agree_plan", cast.coordinator) == ("in_progress" if may else NOT_YOURS)


def test_a_deactivated_person_may_do_nothing(cast: Cast) -> None:
    case = make_recommendation(cast, "under_review")
    User.objects.filter(pk=cast.coordinator.pk).update(is_active=False)
    assert answer(case, "agree_plan", cast.coordinator) == NOT_YOURS
    User.objects.filter(pk=cast.coordinator.pk).update(is_active=True)
    assert answer(case, "agree_plan", cast.coordinator) == "in_progress"


def test_nobody_acts_for_a_deactivated_organisation(cast: Cast) -> None:
    case = make_recommendation(cast, "under_review")
    Organisation.objects.filter(pk=cast.department.pk).update(is_active=False)
    assert answer(case, "agree_plan", cast.coordinator) == NOT_YOURS


def test_the_role_counts_only_in_the_organisation_that_is_related_to_the_case(cast: Cast) -> None:
    case = make_recommendation(cast, "issued")
    away = person("Away", (cast.other_department, Role.INSTITUTION_HEAD), (cast.college, Role.INSTITUTION_HEAD))
    assert answer(case, "respond", away) == "You may not do this: it is for Head of institution."
    assert answer(case, "respond", joins(away, cast.university, Role.INSTITUTION_HEAD)) == "under_review"


def test_somebody_without_any_membership_sees_and_does_nothing(cast: Cast) -> None:
    case = make_recommendation(cast, "issued")
    assert options(case, cast.stranger) == []
    assert not Recommendation.objects.visible_to(cast.stranger).exists()
    assert answer(case, "respond", cast.stranger).startswith("You may not do this")


def test_the_ministry_leader_of_the_institution_too_cannot_decide_its_dispute(cast: Cast) -> None:
    case = make_recommendation(cast, "disputed")
    both = joins(cast.leader, cast.university, Role.INSTITUTION_HEAD)
    assert answer(case, "uphold", both).startswith("You belong to the institution concerned")


def test_nobody_decides_on_more_time_for_their_own_institution(cast: Cast) -> None:
    extension = make_extension(cast, make_recommendation(cast, "in_progress", risk="low"))
    both = joins(cast.coordinator, cast.university, Role.INSTITUTION_HEAD)
    for action in ("grant", "refuse", "return_request"):
        with pytest.raises(Refused, match="You belong to the institution concerned"):
            perform(extension, action, by=both, **inputs_of(action))
    perform(extension, "grant", by=again(cast.head))
    assert extension.state == "granted"


def test_whoever_holds_several_roles_decides_in_the_one_that_suffices(cast: Cast) -> None:
    extension = make_extension(cast, make_recommendation(cast, "in_progress", risk="high"))
    assert extension.level == "department_head"
    both = joins(cast.coordinator, cast.department, Role.DEPARTMENT_HEAD)
    perform(extension, "grant", by=both)
    event = Event.objects.of("extension", extension.pk).latest("position")
    assert (event.role, Membership.objects.get(pk=event.membership_id or 0).role) == ("department_head",) * 2
