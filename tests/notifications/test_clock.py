"""What is due by a date alone is done once, also late, twice or by two at once, and one fault stops no other."""

import logging
from datetime import date, datetime, time, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import OperationalError, connection

from cases.followup.kind import RECOMMENDATIONS
from cases.followup.models import Contributor, EffectReview, Recommendation
from cases.followup.verbs import clock, draft_successor
from cases.registry.models import Membership, Organisation
from notifications import tasks
from notifications.clock import run_clock
from notifications.loop import Loop
from notifications.models import Message
from tests.cast import Cast, make_cast
from tests.factories import TEXTS, make_recommendation
from tests.followup.pages import browser, plain, text_of
from workflow.door import Refused, amend, by_clock
from workflow.models import Event, Expectation
from workflow.terms import BISHKEK, legal_date

TODAY = legal_date()
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)


def at(day: date) -> datetime:
    return datetime.combine(day, time(12), tzinfo=BISHKEK)


def accepted(cast: Cast, until: date = YESTERDAY, **fields: Any) -> Recommendation:
    """Closed as not implemented, the risk accepted until a day."""
    columns = {"closing_reason": "not_implemented", "risk_reason": "Costly", "risk_owner": "Rector"}
    return make_recommendation(cast, "closed", risk_expires_on=until, effect_review_on=None, **{**columns, **fields})


def done(cast: Cast, review_on: date = TODAY, **fields: Any) -> Recommendation:
    """Closed as done, its effect to be reviewed on a day."""
    return make_recommendation(cast, "closed", effect_review_on=review_on, **fields)


def told(event: Event) -> set[str]:
    rows = Message.objects.filter(event=event, channel="email").select_related("recipient")
    return {row.recipient.full_name.removesuffix(" (test)") for row in rows}


def last(case: Recommendation | EffectReview, action: str) -> Event:
    return Event.objects.of(case.CASE_TYPE, case.pk).get(action=action)


def test_an_expired_risk_becomes_a_draft_that_inherits_dates_and_slips(cast: Cast) -> None:
    first, current = date(2025, 3, 1), date(2025, 9, 1)
    old = accepted(cast, first_due=first, current_due=current, slips=2, slip_days=184)
    Contributor.objects.create(recommendation=old, name="Library")
    assert run_clock() == 1
    [successor] = Recommendation.objects.filter(predecessor=old)
    assert (successor.state, successor.first_due, successor.current_due) == ("draft", first, current)
    assert (successor.slips, successor.slip_days, successor.coordinator) == (2, 184, cast.coordinator)
    assert {language: one.text for language, one in successor.current_texts().items()} == TEXTS
    assert [contributor.name for contributor in successor.contributors.all()] == ["Library"]
    assert (successor.cause, successor.source, successor.item) == (old.cause, old.source, old.item)
    old = Recommendation.objects.get(pk=old.pk)
    assert (old.state, old.risk_expired_on) == ("closed", TODAY)
    event = last(old, "expire")
    assert (event.actor, event.role, event.version) == (None, "", old.version)
    assert successor.number in event.details.text
    created = last(successor, "create")
    assert created.actor is None
    assert TEXTS["en"] in created.details.text
    [owed] = Expectation.objects.open().of("recommendation", successor.pk)
    assert (owed.action, owed.role, owed.assignee) == ("issue", "coordinator", cast.coordinator)


def test_the_coordinator_is_told_and_the_head_where_there_is_none(cast: Cast) -> None:
    old = accepted(cast)
    run_clock()
    assert told(last(old, "expire")) == {"Aigul"}
    Membership.objects.filter(person=cast.coordinator).update(ends=YESTERDAY)
    other, nobody = accepted(cast), accepted(cast, coordinator=None)
    run_clock()
    for case in (other, nobody):
        assert told(last(case, "expire")) == {"Bakyt", "Bermet"}
        assert Recommendation.objects.get(predecessor=case).coordinator is None


@pytest.mark.parametrize(
    "fields",
    [
        {"until": TODAY},
        {"until": TOMORROW},
        {"until": YESTERDAY, "risk_expired_on": YESTERDAY},
        {"until": None},
    ],
)
def test_what_has_not_expired_or_was_seen_to_is_left_alone(cast: Cast, fields: dict[str, Any]) -> None:
    case = accepted(cast, **fields)
    assert run_clock() == 0
    with pytest.raises(Refused, match="No accepted risk has expired"):
        clock.expire_risk(case, at(TODAY))
    assert not Recommendation.objects.filter(predecessor=case).exists()


def test_a_successor_that_is_there_already_is_enough(cast: Cast) -> None:
    old = accepted(cast)
    draft_successor(old, by=cast.coordinator)
    assert run_clock() == 1
    assert Recommendation.objects.filter(predecessor=old).count() == 1
    assert told(last(old, "expire")) == {"Aigul"}


def test_of_an_institution_that_is_no_more_nothing_is_drafted_but_the_coordinator_is_told(cast: Cast) -> None:
    old = accepted(cast)
    Organisation.objects.filter(pk=cast.university.pk).update(is_active=False)
    assert run_clock() == 1
    assert not Recommendation.objects.filter(predecessor=old).exists()
    assert told(last(old, "expire")) == {"Aigul"}


def test_a_year_after_it_was_closed_as_done_the_effect_is_asked_for(cast: Cast) -> None:
    case = done(cast)
    assert run_clock() == 1
    [review] = EffectReview.objects.all()
    assert (review.number, review.state, review.asked_on) == (f"{case.number}-R1", "asked", TODAY)
    assert last(case, "review_effect").actor is None
    assert review.number in last(case, "review_effect").details.text
    assert told(last(review, "create")) == {"Chynara", "Cholpon", "Aigul"}
    [owed] = Expectation.objects.open().of("effect_review", review.pk)
    assert (owed.action, owed.role, owed.days, owed.about_id) == ("report", "institution_head", 20, case.pk)


def test_before_its_day_or_without_one_no_effect_is_asked_for(cast: Cast) -> None:
    cases = [done(cast, TOMORROW), done(cast, None)]  # type: ignore[arg-type]
    assert run_clock() == 0
    for case in cases:
        with pytest.raises(Refused, match="not to be reviewed yet"):
            clock.ask_for_effect(case, at(TODAY))


def late(cast: Cast, **fields: Any) -> Recommendation:
    """In progress, and due yesterday."""
    return make_recommendation(
        cast, "in_progress", first_due=YESTERDAY, current_due=YESTERDAY, watcher=cast.controller, **fields
    )


def test_a_date_that_the_institution_let_pass_is_noted_once(cast: Cast) -> None:
    case = late(cast)
    make_recommendation(cast, "in_progress", first_due=TODAY, current_due=TODAY)
    make_recommendation(cast, "draft", first_due=YESTERDAY, current_due=YESTERDAY)
    assert run_clock() == 1
    event = last(case, "fall_late")
    assert (event.actor, event.source, event.target) == (None, "in_progress", "in_progress")
    assert told(event) == {"Chynara", "Cholpon", "Zarina", "Aigul"}
    assert Recommendation.objects.get(pk=case.pk).late_noted == YESTERDAY
    assert run_clock() == 0
    Expectation.objects.open().of("recommendation", case.pk).update(due=YESTERDAY - timedelta(days=9))
    assert run_clock() == 0, "an earlier date is no news"


def test_each_later_date_that_passes_is_noted_as_well(cast: Cast) -> None:
    case = late(cast)
    run_clock(at(TODAY))
    Recommendation.objects.filter(pk=case.pk).update(late_noted=YESTERDAY - timedelta(days=1))
    assert run_clock() == 1
    assert Event.objects.of("recommendation", case.pk).filter(action="fall_late").count() == 2


def test_what_the_department_owes_is_not_the_institutions_lateness(cast: Cast) -> None:
    case = make_recommendation(cast, "claimed")
    Expectation.objects.open().of("recommendation", case.pk).update(due=YESTERDAY)
    assert run_clock() == 0
    with pytest.raises(Refused):
        clock.note_late(case, at(TODAY))
    with pytest.raises(Refused, match="Nothing of the institution has fallen late"):
        clock.note_late(make_recommendation(cast, "in_progress"), at(TODAY))


def test_run_twice_it_does_nothing_more_and_run_late_it_loses_nothing(cast: Cast) -> None:
    old, case = accepted(cast, YESTERDAY - timedelta(days=90)), done(cast, YESTERDAY - timedelta(days=90))
    assert run_clock() == 2
    before = Event.objects.count(), Message.objects.count()
    assert run_clock() == 0
    assert (Event.objects.count(), Message.objects.count()) == before
    assert Recommendation.objects.filter(predecessor=old).count() == 1
    assert EffectReview.objects.filter(recommendation=case).count() == 1
    for do in (clock.expire_risk, clock.ask_for_effect):
        with pytest.raises(Refused):
            do(old if do is clock.expire_risk else case, at(TODAY))


def test_one_that_fails_is_said_and_keeps_no_other_waiting(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    bad, good = accepted(cast), accepted(cast)
    draft = clock.draft_after

    def fail(old: Recommendation, *rest: Any) -> Any:
        if old.pk == bad.pk:
            raise ZeroDivisionError
        return draft(old, *rest)

    monkeypatch.setattr(clock, "draft_after", fail)
    with caplog.at_level(logging.ERROR, logger="notifications.clock"):
        assert run_clock() == 1
    assert f"{bad}: 'expire' is due, but could not be done." in caplog.text
    assert Recommendation.objects.filter(predecessor=good).exists()
    assert not Event.objects.of("recommendation", bad.pk).filter(action="expire").exists()
    monkeypatch.setattr(clock, "draft_after", draft)
    assert run_clock() == 1


def test_a_database_that_is_away_is_not_asked_for_every_case(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    accepted(cast)
    calls: list[int] = []

    def away(*_: Any) -> None:
        calls.append(1)
        raise OperationalError("gone")

    accepted(cast)
    monkeypatch.setattr(clock, "draft_after", away)
    with pytest.raises(OperationalError):
        run_clock()
    assert calls == [1]


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_do_it_once() -> None:
    cast = make_cast()
    olds, cases = [accepted(cast) for _time in range(3)], [done(cast) for _time in range(3)]
    start, counts = Barrier(2), []

    def work() -> None:
        start.wait()
        try:
            counts.append(run_clock())
        finally:
            connection.close()

    workers = [Thread(target=work) for _time in range(2)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    assert sum(counts) == 6
    assert Recommendation.objects.filter(predecessor__in=olds).count() == 3
    assert EffectReview.objects.filter(recommendation__in=cases).count() == 3
    assert Event.objects.filter(action__in=["expire", "review_effect"]).count() == 6


def test_worker_and_celery_run_it(cast: Cast) -> None:
    accepted(cast)
    assert tasks.do_what_is_due() == 1
    assert run_clock in [task.do for task in Loop().tasks]


def test_people_cannot_do_what_the_clock_does_nor_the_clock_what_people_do(cast: Cast) -> None:
    old = accepted(cast)
    assert [act.action for act in RECOMMENDATIONS.clock] == ["expire", "fall_late", "review_effect"]
    for who in (cast.coordinator, cast.head, cast.leader, cast.rector):
        for action in ("expire", "review_effect", "fall_late"):
            with pytest.raises(Refused), amend(old, action, by=who):
                pass
    with pytest.raises(RuntimeError, match="for people"), by_clock(old, "succeed", at=at(TODAY)):
        pass
    with pytest.raises(Refused), by_clock(make_recommendation(cast), "expire", at=at(TODAY)):
        pass


def test_the_page_says_that_nobody_did_it(cast: Cast) -> None:
    old = accepted(cast)
    run_clock()
    words = plain(text_of(browser(cast, "coordinator").get(old.get_absolute_url())))
    assert "Accepted risk expired Baikoo (a date has come)" in words
