"""Somebody's session ends while they write; what they wrote arrives all the same."""

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page

from cases.followup.models import ResponseVersion
from tests.browser import too_wide, violations
from tests.cast import PASSWORD, Cast
from tests.factories import make_recommendation
from tests.journeys.steps import address, state_of
from tests.journeys.walking import Town
from workflow.lifecycles.recommendation import State

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WHY = "Бул сунуштама биздин мекемеге тиешелүү эмес: «китепкана» жок.\nЭкинчи сап."


def is_sound(page: Page) -> bool:
    return violations(page) == [] and too_wide(page) <= 0


@pytest.mark.parametrize("windows", ["town", "plain_town"])
def test_a_dispute_that_was_written_while_the_session_ended(
    windows: str, cast: Cast, request: pytest.FixtureRequest
) -> None:
    town: Town = request.getfixturevalue(windows)
    case = make_recommendation(cast, State.ISSUED)
    rector = town.of(cast.rector)
    rector.go(address(case, "act", "dispute"))
    rector.fill(reason=WHY, asked="Алып салуу")
    Session.objects.all().delete()
    assert rector.send() == 403
    assert windows == "plain_town" or is_sound(rector.page)
    assert state_of(case) == State.ISSUED
    rector.fill(username=cast.rector.email, password=PASSWORD)
    assert rector.send() == 200
    assert windows == "plain_town" or is_sound(rector.page)
    assert state_of(case) == State.ISSUED
    assert rector.send() == 200
    assert rector.path() == case.get_absolute_url()
    assert state_of(case) == State.DISPUTED
    assert ResponseVersion.objects.get(recommendation=case).text == WHY


def test_a_form_from_before_signing_in_anew(town: Town, cast: Cast) -> None:
    case = make_recommendation(cast, State.ISSUED)
    rector = town.of(cast.rector)
    rector.go(address(case, "act", "dispute"))
    rector.fill(reason=WHY, asked="Алып салуу")
    token = rector.main.locator("form [name=csrfmiddlewaretoken]")
    token.evaluate("field => { field.value = 'x'.repeat(64) }")
    assert rector.send() == 403
    assert state_of(case) == State.ISSUED
    assert is_sound(rector.page)
    assert rector.send() == 200
    assert state_of(case) == State.DISPUTED
