"""Two people at once: one succeeds and the other is told, nothing is lost, and no number is given twice."""

from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import translation

from cases.desk.models import NumberSeries
from cases.desk.talking import comment
from cases.followup.models import Recommendation
from cases.followup.verbs import MeasureDraft, request_extension, write_plan
from cases.registry.models import User
from tests.cast import Cast, make_cast
from tests.factories import make_extension, make_recommendation
from tests.workflow import rules
from tests.workflow.acting import inputs_of
from workflow.door import Refused, Stale, perform
from workflow.many import perform_many
from workflow.models import Event, Expectation
from workflow.trail.verification import export_lines
from workflow.trail.verify import verify

pytestmark = pytest.mark.slow


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    """Committed, so that other connections see it."""
    return make_cast()


def race(*acts: Callable[[], Any]) -> list[Any]:
    """Run the acts in threads, each with a connection of its own, from the same moment; what each gave or raised."""
    ready, results = Barrier(len(acts)), [None] * len(acts)

    def run(place: int, act: Callable[[], Any]) -> None:
        try:
            connection.ensure_connection()
            ready.wait(10)
            with translation.override("en"):
                results[place] = act()
        except BaseException as problem:
            results[place] = problem  # type: ignore[call-overload]
        finally:
            connection.close()

    threads = [Thread(target=run, args=one) for one in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results


def acting(case: Any, action: str, user: User, **inputs: Any) -> Callable[[], Any]:
    """One's own copy of the case and of oneself, as two requests have them."""
    opened = type(case)._base_manager.get(pk=case.pk)
    me = User.objects.get(pk=user.pk)
    return lambda: perform(opened, action, by=me, **(inputs or inputs_of(action)))


def told(results: list[Any]) -> list[str]:
    return sorted(type(result).__name__ for result in results)


def assert_sound(*cases: Any) -> None:
    for case in cases:
        rules.every_change_of_state_has_its_event(type(case)._base_manager.get(pk=case.pk))
    assert verify(export_lines()).broken == ""


def test_of_two_who_approve_at_once_one_succeeds_and_the_other_is_stale(cast: Cast) -> None:
    for _time in range(5):
        case = make_recommendation(cast, "verified", version=6)
        results = race(
            acting(case, "close", cast.head, closing_reason="implemented"),
            acting(case, "close", cast.second_head, closing_reason="alternative"),
        )
        assert told(results) == ["Event", "Stale"]
        closed = Recommendation.objects.get(pk=case.pk)
        [event] = Event.objects.of("recommendation", case.pk).filter(action="close")
        assert (closed.closed_by_id, closed.version) == (event.actor_id, 7)
        assert closed.closing_reason == ("implemented" if closed.closed_by == cast.head else "alternative")
        assert_sound(case)


def test_of_two_contrary_decisions_at_once_one_holds(cast: Cast) -> None:
    case = make_recommendation(cast, "claimed", coordinator=None)
    results = race(
        acting(case, "confirm", cast.coordinator),
        acting(case, "not_confirmed", cast.second_coordinator),
        acting(case, "close_unimplemented", cast.leader),
    )
    assert told(results) == ["Event", "Stale", "Stale"]
    [event] = [result for result in results if isinstance(result, Event)]
    assert Recommendation.objects.get(pk=case.pk).state == event.target
    owed = Expectation.objects.open().of("recommendation", case.pk)
    assert set(owed.values_list("opened_by", flat=True)) <= {event.pk}
    assert_sound(case)


def test_a_plan_written_while_it_is_answered_is_lost_for_nobody(cast: Cast) -> None:
    case = make_recommendation(cast, "issued")
    opened = Recommendation.objects.get(pk=case.pk)
    measures = [MeasureDraft("Something else", "Dean", case.current_due)]
    results = race(
        acting(case, "respond", cast.rector),
        lambda: write_plan(opened, measures, by=User.objects.get(pk=cast.officer.pk), version=opened.version),
    )
    assert told(results) in (["Event", "Stale"], ["Plan", "Stale"])
    answered = isinstance(results[0], Event)
    now = Recommendation.objects.get(pk=case.pk)
    assert now.state == ("under_review" if answered else "issued")
    assert [one.text for one in now.measures_now()] == (["Measure 1", "Measure 2"] if answered else ["Something else"])
    assert_sound(case)


def test_comments_at_once_are_all_kept_in_one_chain(cast: Cast) -> None:
    case = make_recommendation(cast, "issued")

    def say(user: User) -> Callable[[], Any]:
        return lambda: comment(case, f"From {user}", by=User.objects.get(pk=user.pk), is_internal=False)

    results = race(*(say(user) for user in (cast.officer, cast.rector, cast.coordinator, cast.head)))
    assert told(results) == ["Comment"] * 4
    positions = Event.objects.of("recommendation", case.pk).values_list("position", flat=True)
    assert sorted(positions) == list(range(1, 7))
    assert_sound(case)


def test_of_two_requests_for_more_time_at_once_one_is_refused(cast: Cast) -> None:
    case = make_recommendation(cast, "in_progress")
    until = case.current_due + timedelta(days=30)

    def ask(user: User) -> Callable[[], Any]:
        opened = Recommendation.objects.get(pk=case.pk)
        return lambda: request_extension(opened, until=until, reason="Please", by=User.objects.get(pk=user.pk))

    results = race(ask(cast.officer), ask(cast.rector))
    assert told(results) == ["Extension", "Refused"]
    assert_sound(case)


def test_more_time_granted_while_the_case_is_withdrawn_moves_no_closed_case(cast: Cast) -> None:
    for _time in range(5):
        case = make_recommendation(cast, "in_progress", risk="low")
        extension = make_extension(cast, case)
        results = race(acting(extension, "grant", cast.coordinator), acting(case, "withdraw", cast.leader))
        granted = isinstance(results[0], Event)
        now = Recommendation.objects.get(pk=case.pk)
        assert told(results) in (["Event", "Refused"], ["Event", "Stale"])
        assert now.state == ("in_progress" if granted else "closed")
        assert (now.slips, now.current_due) == ((1, extension.until) if granted else (0, case.current_due))
        assert_sound(case, extension)


def test_many_and_single_acts_at_once_give_each_case_one_number(cast: Cast) -> None:
    made = [make_recommendation(cast) for _ in range(30)]
    rows = Recommendation.objects.filter(pk__in=[one.pk for one in made])
    me, other = (User.objects.get(pk=cast.coordinator.pk) for _ in range(2))
    results = race(
        lambda: perform_many(rows.all(), "issue", by=me, batch=7),
        lambda: perform_many(rows.all(), "issue", by=other, batch=4),
        *(acting(one, "issue", cast.coordinator) for one in made[::10]),
    )
    assert not [one for one in results if isinstance(one, BaseException) and not isinstance(one, Stale)]
    issued = Event.objects.filter(action="issue", subject_id__in=[one.pk for one in made])
    assert issued.count() == len(made) == rows.filter(state="issued").count()
    numbers = sorted(rows.values_list("number", flat=True))
    year = numbers[0].split("-")[1]
    assert numbers == [f"R-{year}-{number:05d}" for number in range(1, 31)]
    many = [result for result in results[:2]]
    assert sum(len(one.events) for one in many) + told(results[2:]).count("Event") == len(made)
    assert {reason for one in many for _case, reason in one.refused} <= {
        "This is not possible now: the case is in the state “Answer awaited”."
    }
    assert_sound(*made)


def test_numbers_are_never_given_twice_whoever_takes_them_at_once(transactional_db: None) -> None:
    def take(count: int) -> Callable[[], list[str]]:
        return lambda: [number for _time in range(10) for number in NumberSeries.take("R", 2026, count)]

    results = race(take(1), take(3), take(5), take(1))
    numbers = [number for taken in results for number in taken]
    assert sorted(numbers) == [f"R-2026-{number:05d}" for number in range(1, 101)]


def test_a_number_taken_in_vain_is_free_again_and_a_block_is_in_order(transactional_db: None) -> None:
    with transaction.atomic():
        assert NumberSeries.take("R", 2026) == ["R-2026-00001"]
        transaction.set_rollback(True)
    assert NumberSeries.take("R", 2026, 3) == ["R-2026-00001", "R-2026-00002", "R-2026-00003"]
    assert NumberSeries.take("D", 2026) == ["D-2026-00001"]
    assert NumberSeries.take("R", 2027) == ["R-2027-00001"]
    assert NumberSeries.take("R", 2026) == ["R-2026-00004"]


def test_whoever_is_refused_while_another_acts_gets_a_sentence(cast: Cast) -> None:
    case = make_recommendation(cast, "issued")
    results = race(
        acting(case, "respond", cast.rector),
        acting(case, "dispute", cast.rector),
        acting(case, "withdraw", cast.leader),
    )
    refused = [result for result in results if isinstance(result, Refused)]
    assert len(refused) == 2
    assert {one.sentence for one in refused} == {
        "This case changed after you opened it. Look at what changed and decide again."
    }
