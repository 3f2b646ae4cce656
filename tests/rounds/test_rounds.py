"""A round ends exactly when a plain reading of its route and answers says so; its tasks and seats never disagree."""

from typing import Any

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from viewflow.workflow import STATUS

from tests.cast import Cast
from tests.rounds.conftest import NUMBERS, Subject, seat, step
from workflow.roles import Role
from workflow.rounds import approving
from workflow.rounds.models import Round, RoundTask, Seat
from workflow.rounds.routes import Answer, Mode, PlannedSeat, RoundOutcome, RoundStep

SHA = "a" * 64


def waiting(subject: Any) -> list[RoundTask]:
    return approving.waiting(subject)


def say(subject: Any, cast: Cast, answer: str = Answer.AGREED, text: str = "", which: int = 0) -> str:
    """Gives the outcome of the round; empty while it goes on."""
    approving.answer(waiting(subject)[which], answer, text, person_id=cast.head.pk, at=timezone.now())
    newest = approving.newest_round(subject)
    assert newest is not None
    return str(newest.outcome)


def test_one_step_and_one_who_approves(cast: Cast, subject: Any) -> None:
    begun = approving.start(subject, [step(cast), RoundStep([seat(cast, Role.MINISTRY_LEADER)], approves=True)], SHA)
    [task] = waiting(subject)
    assert (task.flow_task.name, task.seat.role) == ("agree", "department_head")
    assert say(subject, cast) == ""
    [task] = waiting(subject)
    assert (task.flow_task.name, task.seat.role) == ("approve", "ministry_leader")
    assert say(subject, cast, Answer.WITH_REMARKS, "Mind the dates.") == RoundOutcome.APPROVED
    assert waiting(subject) == []
    begun.refresh_from_db()
    assert (begun.status, begun.outcome, begun.place) == ("DONE", RoundOutcome.APPROVED, 1)
    last = begun.seats.last()
    assert (last.answer, last.text, last.answered_by) == (Answer.WITH_REMARKS, "Mind the dates.", cast.head)


def test_of_those_asked_at_once_each_answers_alone(cast: Cast, subject: Any) -> None:
    approving.start(subject, [step(cast, 3), step(cast, approves=True)], SHA)
    asked = {task.seat_id for task in waiting(subject)}
    assert len(asked) == 3
    say(subject, cast, which=1)
    assert {task.seat_id for task in waiting(subject)} < asked
    say(subject, cast)
    say(subject, cast)
    assert [task.flow_task.name for task in waiting(subject)] == ["approve"]


def test_one_return_ends_the_round_and_nobody_is_asked_any_more(cast: Cast, subject: Any) -> None:
    begun = approving.start(subject, [step(cast, 3), step(cast, approves=True)], SHA)
    assert say(subject, cast, Answer.RETURNED, "The sums are wrong.") == RoundOutcome.RETURNED
    assert waiting(subject) == []
    assert [seat.answer for seat in begun.seats.all()] == ["returned", "not_needed", "not_needed", ""]
    assert set(RoundTask.objects.filter(process=begun).values_list("status", flat=True)) == {"DONE", "CANCELED"}


@pytest.mark.parametrize(("mode", "quorum", "agreed"), [(Mode.ANY, 0, 1), (Mode.QUORUM, 2, 2), (Mode.ALL, 0, 3)])
def test_a_step_waits_for_as_many_as_it_needs(cast: Cast, subject: Any, mode: str, quorum: int, agreed: int) -> None:
    approving.start(subject, [step(cast, 3, mode=mode, quorum=quorum), step(cast, approves=True)], SHA)
    for _ in range(agreed):
        assert [task.flow_task.name for task in waiting(subject)][0] == "agree"
        say(subject, cast)
    assert [task.flow_task.name for task in waiting(subject)] == ["approve"]
    seats = Seat.objects.filter(round__subject_id=subject.pk, step=1)
    assert sorted(seats.values_list("answer", flat=True)) == ["agreed"] * agreed + ["not_needed"] * (3 - agreed)


def test_a_route_may_ask_for_nothing_but_approval(cast: Cast, subject: Any) -> None:
    approving.start(subject, [step(cast, approves=True)], SHA)
    assert say(subject, cast) == RoundOutcome.APPROVED


@pytest.mark.parametrize(
    "wrong", [{"seats": 0}, {"seats": 2, "mode": Mode.QUORUM, "quorum": 3}, {"seats": 2, "mode": Mode.QUORUM}]
)
def test_a_step_that_nobody_can_settle_is_refused(cast: Cast, wrong: Any) -> None:
    with pytest.raises(ValueError, match=r"needs a seat|cannot agree"):
        step(cast, **wrong)


def test_a_seat_that_is_taken_is_not_for_others_until_it_is_given_back(cast: Cast, subject: Any) -> None:
    approving.start(subject, [step(cast)], SHA)
    [task] = waiting(subject)
    assert approving.may_answer(task, cast.head)
    assert approving.may_answer(task, cast.second_head)
    approving.take(task, cast.head)
    [task] = waiting(subject)
    assert approving.may_answer(task, cast.head)
    assert not approving.may_answer(task, cast.second_head)
    assert [owing.assignee_id for owing in approving.owing([task])] == [cast.head.pk]
    approving.hand_over(task, cast.second_head)
    [task] = waiting(subject)
    assert not approving.may_answer(task, cast.head)
    approving.give_back(task)
    [task] = waiting(subject)
    assert approving.may_answer(task, cast.head)
    assert approving.may_answer(task, cast.second_head)
    assert [owing.assignee_id for owing in approving.owing([task])] == [None]


def test_a_seat_with_a_name_is_that_persons(cast: Cast, subject: Any) -> None:
    approving.start(subject, [RoundStep([seat(cast, person=cast.second_head)])], SHA)
    [task] = waiting(subject)
    assert approving.may_answer(task, cast.second_head)
    assert not approving.may_answer(task, cast.head)
    approving.hand_over(task, cast.head)
    assert approving.may_answer(waiting(subject)[0], cast.head)


@pytest.mark.parametrize("who", ["stranger", "coordinator", "leader", "rector", "expert"])
def test_a_seat_is_for_its_role_in_its_organisation_alone(cast: Cast, subject: Any, who: str) -> None:
    approving.start(subject, [step(cast)], SHA)
    assert not approving.may_answer(waiting(subject)[0], getattr(cast, who))


def test_a_recalled_round_asks_nobody(cast: Cast, subject: Any) -> None:
    begun = approving.start(subject, [step(cast, 2), step(cast, approves=True)], SHA)
    say(subject, cast)
    approving.recall(begun)
    assert waiting(subject) == []
    begun.refresh_from_db()
    assert (begun.status, begun.outcome) == ("CANCELED", RoundOutcome.RECALLED)
    assert [seat.answer for seat in begun.seats.all()] == ["agreed", "not_needed", ""]


def test_a_second_round_is_counted_and_the_first_stays(cast: Cast, subject: Any) -> None:
    first = approving.start(subject, [step(cast)], SHA)
    say(subject, cast, Answer.RETURNED, "Again.")
    second = approving.start(subject, [step(cast)], "b" * 64)
    assert (first.place, second.place) == (1, 2)
    assert approving.open_round(subject) == second
    assert Round.objects.get(pk=first.pk).outcome == RoundOutcome.RETURNED


@st.composite
def routes(draw: Any) -> list[tuple[int, str, int]]:
    """Steps as (seats, mode, quorum)."""
    steps = draw(st.lists(st.integers(1, 4), min_size=1, max_size=3))
    modes = [draw(st.sampled_from(Mode.values)) for _ in steps]
    return [(seats, mode, draw(st.integers(1, seats))) for seats, mode in zip(steps, modes, strict=True)]


def plain(route: list[tuple[int, str, int]], answers: list[tuple[int, bool]]) -> tuple[str, int, int]:
    """The same without a flow: outcome, the step that is asked (from 0), and how many are still asked in it."""
    at, agreed = 0, 0
    for _, agrees in answers:
        seats, mode, quorum = route[at]
        if not agrees:
            return "returned", at, 0
        agreed += 1
        if agreed == {"all": seats, "any": 1, "quorum": quorum}[mode]:
            at, agreed = at + 1, 0
        if at == len(route):
            return "approved", at, 0
    return "", at, route[at][0] - agreed


@given(routes(), st.lists(st.tuples(st.integers(0, 3), st.integers(0, 5).map(bool)), max_size=12))
def test_it_ends_as_a_plain_reading_says(cast: Cast, route: Any, answers: list[tuple[int, bool]]) -> None:
    subject: Any = Subject(next(NUMBERS))
    planned = PlannedSeat(Role.DEPARTMENT_HEAD, cast.department.pk, 5)
    steps = [
        RoundStep([planned] * seats, mode, quorum, approves=number == len(route))
        for number, (seats, mode, quorum) in enumerate(route, 1)
    ]
    begun = approving.start(subject, steps, SHA)
    answers_so_far: list[tuple[int, bool]] = []
    for answer in answers:
        tasks = waiting(subject)
        outcome, at, left = plain(route, answers_so_far)
        assert len(tasks) == left
        if outcome:
            break
        assert {task.seat.step for task in tasks} == {at + 1}
        which, agrees = answer
        answer_now = Answer.AGREED if agrees else Answer.RETURNED
        outcome_now = say(subject, cast, answer_now, "Why.", which % len(tasks))
        answers_so_far.append(answer)
        assert outcome_now == plain(route, answers_so_far)[0]
        _nothing_disagrees(begun)


def _nothing_disagrees(begun: Round) -> None:
    """An open task has an open seat, and a round that is done has no open task."""
    begun.refresh_from_db()
    open_tasks = RoundTask.objects.filter(process=begun, status__in=approving.WAITING)
    if begun.outcome:
        assert not open_tasks.exists()
        assert not RoundTask.objects.filter(process=begun).exclude(status__in=[STATUS.DONE, STATUS.CANCELED]).exists()
        assert begun.status == "DONE"
    asked = {task.seat_id for task in open_tasks}
    assert asked == {seat.pk for seat in begun.step_now() if not seat.answer} if not begun.outcome else not asked
