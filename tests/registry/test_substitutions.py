"""Who stands in holds the role for the days, and no more than the absent person has."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from cases.registry.models import Membership, User
from cases.registry.verbs import (
    arrange_substitution,
    end_membership,
)
from tests.cast import Cast
from tests.registry.acting import decided, membership_of, refusal
from tests.registry.trail import events
from workflow.roles import Role
from workflow.terms import legal_date

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
TODAY = legal_date()
DAY = timedelta(days=1)


def test_a_substitute_holds_the_role_of_the_absent_person_for_the_days(cast: Cast) -> None:
    absent = membership_of(cast.coordinator)
    arranged = arrange_substitution(
        absent, cast.second_coordinator, starts=TODAY, ends=TODAY + DAY, by=decided(cast.registrar)
    )
    substitute = User.objects.get(pk=cast.second_coordinator.pk)
    assert substitute.carries_for(Role.COORDINATOR) == {substitute.pk, cast.coordinator.pk}
    assert arranged.ends == TODAY + DAY
    [event] = events("membership", arranged.pk)
    assert event.said["inputs"]["substitutes_for_id"] == cast.coordinator.pk
    assert "already" in refusal(
        lambda: arrange_substitution(
            absent, cast.second_coordinator, starts=TODAY, ends=TODAY, by=decided(cast.registrar)
        )
    )


def test_nobody_stands_in_for_themselves_or_for_a_substitute(cast: Cast) -> None:
    absent = membership_of(cast.rector)
    assert "Nobody can substitute for themselves." in refusal(
        lambda: arrange_substitution(absent, cast.rector, starts=TODAY, ends=TODAY, by=decided(cast.registrar))
    )
    arranged = arrange_substitution(absent, cast.officer, starts=TODAY, ends=TODAY, by=decided(cast.registrar))
    assert "A substitute cannot have a substitute" in refusal(
        lambda: arrange_substitution(arranged, cast.stranger, starts=TODAY, ends=TODAY, by=decided(cast.registrar))
    )


def test_a_substitute_gets_no_more_than_the_absent_person_has(cast: Cast) -> None:
    absent = membership_of(cast.rector)
    end_membership(absent, TODAY + DAY, by=decided(cast.registrar))
    sentence = "The absent person does not hold this role on all of these days."
    for starts, ends in ((TODAY, TODAY + 2 * DAY), (date(2019, 12, 31), TODAY)):
        assert (
            refusal(
                lambda starts=starts, ends=ends: arrange_substitution(
                    absent, cast.officer, starts=starts, ends=ends, by=decided(cast.registrar)
                )
            )
            == sentence
        )


@pytest.mark.parametrize("days", [-3, 3])
def test_a_wrong_clock_of_the_web_server_gives_and_takes_no_role(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, days: int
) -> None:
    right, today = timezone.now, legal_date()
    Membership.objects.filter(person=cast.coordinator).update(ends=today - timedelta(days=1))
    Membership.objects.filter(person=cast.rector).update(starts=today, ends=today)
    monkeypatch.setattr("django.utils.timezone.now", lambda: right() + timedelta(days=days))
    holding = set(Membership.objects.in_force().values_list("person", flat=True))
    assert cast.rector.pk in holding
    assert cast.coordinator.pk not in holding
