"""The only door to a running round. Called by effects of acts, whose case is locked first: so rounds never wait."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from viewflow.workflow import STATUS, Activation

from workflow.case import Case
from workflow.declarations import Owing
from workflow.roles import Actor
from workflow.rounds.flows import ApprovalFlow
from workflow.rounds.models import Round, RoundTask, Seat
from workflow.rounds.routes import Answer, RoundOutcome, Route

WAITING = (STATUS.NEW, STATUS.ASSIGNED)


def start(case: Case, route: Route, sha256: str) -> Round:
    """Ask the seats of the first step; the route is copied. The contents of the case have this hash."""
    with transaction.atomic():
        place = Round.objects.of(case.CASE_TYPE, case.pk).count() + 1
        begun: Round = Round.objects.create(
            flow_class=ApprovalFlow, subject_type=case.CASE_TYPE, subject_id=case.pk, place=place, sha256=sha256
        )
        Seat.objects.bulk_create(_seats(begun, route))
        node = ApprovalFlow.start
        node.activation_class(RoundTask(process=begun, flow_task=node, started=timezone.now())).execute()
    return begun


def open_round(case: Case) -> Round | None:
    """The round that the case is in."""
    return Round.objects.of(case.CASE_TYPE, case.pk).filter(outcome=RoundOutcome.OPEN).first()


def newest_round(case: Case) -> Round | None:
    """The round that the case was in last."""
    return Round.objects.of(case.CASE_TYPE, case.pk).order_by("place").last()


def newest_rounds(case_type: str, ids: Iterable[int]) -> dict[int, Round]:
    """The id of each case -> the round that it was in last. One query."""
    rounds = Round.objects.filter(subject_type=case_type, subject_id__in=list(ids))
    newest = rounds.order_by("subject_id", "-place").distinct("subject_id")
    return {voting.subject_id: voting for voting in newest}


def waiting(case: Case) -> list[RoundTask]:
    """The tasks of the seats that are asked now."""
    tasks = RoundTask.objects.filter(
        process__subject_type=case.CASE_TYPE, process__subject_id=case.pk, process__outcome="", status__in=WAITING
    )
    return list(
        tasks.exclude(seat=None).select_related("seat", "process", "owner").order_by("seat__step", "seat__place")
    )


def owing(tasks: Iterable[RoundTask]) -> list[Owing]:
    """What the waiting seats owe, each by itself."""
    return [
        Owing(task.asked.role, task.asked.key, task.asked.organisation_id, task.owner_id, task.asked.days)
        for task in tasks
    ]


def has_answers(task: RoundTask) -> bool:
    """Whether somebody of the step of this seat has answered already."""
    step = Seat.objects.filter(round=task.process_id, step=task.asked.step)
    return step.exclude(answer="").exists()


def next_seats(asked: Sequence[RoundTask], route: Callable[[], Route]) -> list[Owing]:
    """Those of the step that follows on these seats; while none are asked, those of the first step of the route."""
    if not asked:
        return [Owing(seat.role, "", seat.organisation_id, seat.person_id, seat.days) for seat in route()[0].seats]
    following = asked[0].asked.round.seats.filter(step=asked[0].asked.step + 1).order_by("place")
    return [Owing(seat.role, seat.key, seat.organisation_id, seat.named_id, seat.days) for seat in following]


def holds(user: Actor, seat: Seat) -> bool:
    """Whether they hold the role of the seat in its organisation today."""
    return seat.organisation_id in user.role_map.get(seat.role, {})


def may_answer(task: RoundTask, user: Actor) -> bool:
    """Whether the seat is theirs: they hold its role in its organisation today, and nobody else has taken it."""
    return holds(user, task.asked) and (task.owner_id is None or task.owner_id in user.carries_for(task.asked.role))


def answer(task: RoundTask, answer: str, text: str, *, person_id: int, at: datetime) -> None:
    """Keep what the seat answers, and walk on."""
    seat = task.asked
    with _activation(task) as activation:
        seat.answer, seat.text = Answer(answer), text.strip()
        seat.answered_by_id, seat.answered_at = person_id, at
        seat.save(update_fields=["answer", "text", "answered_by", "answered_at"])
        activation.answer(person_id)
        activation.activate_next()


def take(task: RoundTask, person: Actor) -> None:
    """The seat is this person's until they answer or give it back."""
    with _activation(task) as activation:
        activation.assign(person)


def give_back(task: RoundTask) -> None:
    """All who hold the seat's role may answer again."""
    with _activation(task) as activation:
        activation.unassign()


def hand_over(task: RoundTask, person: Actor) -> None:
    """The seat is another person's."""
    with _activation(task) as activation:
        if activation.task.status == STATUS.ASSIGNED:
            activation.reassign(person)
        else:
            activation.assign(person)


def recall(running: Round) -> None:
    """End the round without a decision; nobody is asked any more."""
    with transaction.atomic():
        ApprovalFlow.instance.cancel(running)
        Round.objects.filter(pk=running.pk).update(outcome=RoundOutcome.RECALLED)


@contextmanager
def _activation(task: RoundTask) -> Iterator[Activation]:
    with ApprovalFlow.lock(task.process_id):
        fresh = RoundTask.objects.select_related("process", "seat").get(pk=task.pk)
        yield fresh.flow_task.activation_class(fresh)


def _seats(begun: Round, route: Route) -> list[Seat]:
    return [
        Seat(
            round=begun,
            step=number,
            place=place,
            mode=step.mode,
            quorum=step.quorum,
            approves=step.approves,
            role=planned.role,
            organisation_id=planned.organisation_id,
            named_id=planned.person_id,
            days=planned.days,
        )
        for number, step in enumerate(route, 1)
        for place, planned in enumerate(step.seats, 1)
    ]
