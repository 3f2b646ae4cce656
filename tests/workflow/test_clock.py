"""Acts go by the database's clock: the clock of a web server that is wrong by days changes nothing."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from cases.desk.talking import comment
from cases.followup.models import Recommendation
from cases.registry import two_people
from cases.registry.models import User
from cases.registry.verbs import invite
from tests.cast import Cast
from tests.factories import make_extension, make_recommendation
from tests.kinds.engagements import make_engagement
from tests.kinds.planning import make_plan
from tests.kinds.written import make_finding
from tests.registry.acting import refusal
from workflow.case import Case
from workflow.door import perform
from workflow.lifecycles.account_change import Change
from workflow.many import perform_many
from workflow.models import Event, Expectation
from workflow.terms import legal_date

DAYS = [-400, -1, 1, 400]


@pytest.fixture(params=DAYS)
def today(request: pytest.FixtureRequest, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> date:
    """The database's day, while the web server's clock is this many days off."""
    right, day = timezone.now, legal_date()
    monkeypatch.setattr("django.utils.timezone.now", lambda: right() + timedelta(days=request.param))
    assert legal_date() == day + timedelta(days=request.param)
    return day


def starts(case: Case) -> set[date]:
    return {owed.start for owed in Expectation.objects.open().of(case.CASE_TYPE, case.pk)}


def test_what_an_act_writes_is_of_the_day_of_the_database(cast: Cast, today: date) -> None:
    one, other = make_recommendation(cast), make_recommendation(cast)
    perform(one, "issue", by=cast.coordinator)
    perform_many(Recommendation.objects.filter(pk=other.pk), "issue", by=cast.coordinator)
    for case in (one, Recommendation.objects.get(pk=other.pk)):
        assert (case.issued_on, starts(case)) == (today, {today})
    comment(one, "We look into it (test).", by=cast.coordinator, is_internal=True)
    assert {legal_date(event.at) for event in Event.objects.of("recommendation", one.pk)} == {today}


def test_what_is_begun_has_the_number_and_the_term_of_that_day(cast: Cast, today: date) -> None:
    plan = make_plan(cast)
    asked = two_people.ask(Change.ADDRESS, by=cast.registrar, person=cast.officer, email="new@test.example")
    for case in (plan, asked):
        assert case.number.split("-")[1] == str(today.year)
        assert starts(case) == {today}


def test_a_finding_has_them_as_well(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    engagement, day, right = make_engagement(cast, "analysis"), legal_date(), timezone.now
    monkeypatch.setattr("django.utils.timezone.now", lambda: right() + timedelta(days=400))
    finding = make_finding(cast, engagement)
    assert (finding.number.split("-")[1], starts(finding)) == (str(day.year), {day})


def test_a_date_that_lies_ahead_is_judged_by_that_day(cast: Cast, today: date) -> None:
    due = {"first_due": today, "current_due": today}
    extension = make_extension(cast, make_recommendation(cast, "in_progress", **due), until=today + timedelta(days=1))
    perform(extension, "grant", by=cast.leader)
    assert extension.decided_on == today


def test_links_wait_for_72_hours_of_the_database(cast: Cast, today: date) -> None:
    asked = two_people.ask(Change.ADDRESS, by=cast.registrar, person=cast.officer, email="new@test.example")
    perform(asked, "approve", by=cast.head)
    person = User.objects.get(pk=cast.officer.pk)
    assert "for 72 hours" in refusal(lambda: invite(person, by=cast.registrar))
