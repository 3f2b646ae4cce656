"""Roles are given and ended; refused with a sentence; recorded."""

from datetime import date, timedelta

import pytest

from cases.registry.models import Membership, User
from cases.registry.verbs import (
    arrange_substitution,
    deactivate_organisation,
    deactivate_person,
    end_membership,
    give_membership,
)
from tests.cast import Cast
from tests.registry.acting import decided, membership_of, refusal
from tests.registry.trail import events
from workflow.roles import Role
from workflow.terms import legal_date

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
TODAY = legal_date()
DAY = timedelta(days=1)


def test_a_role_is_given_from_a_day_to_a_day(cast: Cast) -> None:
    given = give_membership(
        cast.stranger,
        cast.college,
        Role.INSTITUTION_OFFICER,
        starts=TODAY,
        ends=TODAY + DAY,
        by=decided(cast.registrar),
    )
    assert User.objects.get(pk=cast.stranger.pk).role_map == {"institution_officer": {cast.college.pk: given.pk}}
    [event] = events("membership", given.pk)
    assert event.number == f"P-{cast.stranger.pk}"
    assert event.said["inputs"]["role"] == "institution_officer"


def test_a_role_has_to_fit_the_organisation(cast: Cast) -> None:
    assert refusal(
        lambda: give_membership(cast.stranger, cast.college, Role.COORDINATOR, starts=TODAY, by=decided(cast.registrar))
    ) == (
        "Role: In an organisation of this kind (Institution) the roles are: "
        "Head of institution, Responsible officer of the institution, Controller of the institution."
    )
    assert "Value 'king' is not a valid choice" in refusal(
        lambda: give_membership(cast.stranger, cast.college, "king", starts=TODAY, by=decided(cast.registrar))
    )


def test_the_last_day_is_not_before_the_first(cast: Cast) -> None:
    assert "The last day lies before the first." in refusal(
        lambda: give_membership(
            cast.stranger,
            cast.college,
            Role.INSTITUTION_HEAD,
            starts=TODAY,
            ends=TODAY - DAY,
            by=decided(cast.registrar),
        )
    )


@pytest.mark.parametrize(("starts", "ends"), [(TODAY, None), (date(2019, 1, 1), date(2020, 1, 1)), (TODAY, TODAY)])
def test_the_same_role_on_the_same_days_is_refused(cast: Cast, starts: date, ends: date | None) -> None:
    assert (
        refusal(
            lambda: give_membership(
                cast.rector,
                cast.university,
                Role.INSTITUTION_HEAD,
                starts=starts,
                ends=ends,
                by=decided(cast.registrar),
            )
        )
        == "The person holds this role there already: Head of institution since 01.01.2020."
    )


def test_the_same_role_before_or_after_is_given(cast: Cast) -> None:
    end_membership(membership_of(cast.rector), TODAY, by=decided(cast.registrar))
    give_membership(
        cast.rector,
        cast.university,
        Role.INSTITUTION_HEAD,
        starts=TODAY + DAY,
        ends=TODAY + 5 * DAY,
        by=decided(cast.registrar),
    )
    give_membership(
        cast.rector, cast.university, Role.INSTITUTION_HEAD, starts=date(2019, 1, 1), ends=date(2019, 12, 31),
        by=decided(cast.registrar),
    )  # fmt: skip
    assert refusal(
        lambda: give_membership(
            cast.rector, cast.university, Role.INSTITUTION_HEAD, starts=TODAY + 5 * DAY, by=decided(cast.registrar)
        )
    ).startswith("The person holds this role there already: Head of institution from ")


def test_nobody_changes_their_own_roles(cast: Cast) -> None:
    own = "You cannot change your own roles. Another registrar has to do it."
    assert (
        refusal(
            lambda: give_membership(
                cast.registrar, cast.ministry, Role.MINISTRY_LEADER, starts=TODAY, by=decided(cast.registrar)
            )
        )
        == own
    )
    assert refusal(lambda: end_membership(membership_of(cast.registrar), TODAY, by=decided(cast.registrar))) == own
    assert (
        refusal(
            lambda: arrange_substitution(
                membership_of(cast.coordinator), cast.registrar, starts=TODAY, ends=TODAY, by=decided(cast.registrar)
            )
        )
        == own
    )


def test_nothing_is_given_to_the_deactivated_or_in_the_deactivated(cast: Cast) -> None:
    sentence = "The person or the organisation is deactivated."
    deactivate_person(cast.stranger, by=decided(cast.registrar), reason="x")
    deactivate_organisation(cast.college, by=decided(cast.registrar), reason="x")
    cast.college.refresh_from_db()
    for person, place in ((cast.stranger, cast.university), (cast.officer, cast.college)):
        assert (
            refusal(
                lambda person=person, place=place: give_membership(
                    person, place, Role.INSTITUTION_OFFICER, starts=TODAY, by=decided(cast.registrar)
                )
            )
            == sentence
        )


def test_a_role_ends_on_a_day_at_once_or_not_at_all(cast: Cast) -> None:
    membership = membership_of(cast.officer)
    end_membership(membership, TODAY + DAY, by=decided(cast.registrar))
    end_membership(membership, TODAY + DAY, by=decided(cast.registrar))
    end_membership(membership, None, by=decided(cast.registrar))
    end_membership(membership, TODAY - DAY, by=decided(cast.registrar))
    assert User.objects.get(pk=cast.officer.pk).role_map == {}
    _given, *ends = events("membership", membership.pk)
    assert [event.said["changes"]["ends"] for event in ends] == [
        [None, f"{TODAY + DAY}"],
        [f"{TODAY + DAY}", None],
        [None, f"{TODAY - DAY}"],
    ]


def test_what_was_done_under_a_role_stays_done_under_it(cast: Cast) -> None:
    membership = membership_of(cast.officer)
    assert "yesterday at the earliest" in refusal(
        lambda: end_membership(membership, TODAY - 2 * DAY, by=decided(cast.registrar))
    )
    Membership.objects.filter(pk=membership.pk).update(ends=TODAY - 2 * DAY)
    assert refusal(lambda: end_membership(membership, None, by=decided(cast.registrar))) == (
        "This role has already ended. Assign it again."
    )


def test_a_role_that_has_not_begun_is_withdrawn(cast: Cast) -> None:
    given = give_membership(
        cast.stranger, cast.college, Role.INSTITUTION_HEAD, starts=TODAY + DAY, by=decided(cast.registrar)
    )
    end_membership(given, TODAY, by=decided(cast.registrar))
    assert given.is_withdrawn
    assert not Membership.objects.in_force(TODAY + DAY).filter(pk=given.pk)
    give_membership(cast.stranger, cast.college, Role.INSTITUTION_HEAD, starts=TODAY + DAY, by=decided(cast.registrar))


def test_a_later_last_day_may_not_run_into_the_same_role(cast: Cast) -> None:
    membership = membership_of(cast.officer)
    end_membership(membership, TODAY, by=decided(cast.registrar))
    give_membership(
        cast.officer, cast.university, Role.INSTITUTION_OFFICER, starts=TODAY + 9 * DAY, by=decided(cast.registrar)
    )
    assert "already" in refusal(lambda: end_membership(membership, None, by=decided(cast.registrar)))
    assert "already" in refusal(lambda: end_membership(membership, TODAY + 9 * DAY, by=decided(cast.registrar)))
