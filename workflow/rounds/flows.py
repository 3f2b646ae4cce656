"""The diagram of a round, walked by viewflow. Names of nodes are stored with every task: they never change.

    start -> ask -> agree | approve -> gather -> ask (next step), approved or returned

`ask` splits into a task for each seat of the next step; `gather` waits until it is settled and cancels the others.
"""

from collections.abc import Iterator, Mapping
from typing import Self, TypeAlias, cast

from django.db import models
from django.utils.timezone import now
from viewflow import this
from viewflow.this_object import ThisObject
from viewflow.workflow import STATUS, Activation, Flow, Node, flow
from viewflow.workflow import lock as locks
from viewflow.workflow.base import Edge
from viewflow.workflow.nodes.end import EndActivation
from viewflow.workflow.nodes.join import JoinActivation
from viewflow.workflow.nodes.split import SplitActivation
from viewflow.workflow.nodes.view import ViewActivation
from viewflow.workflow.signals import task_finished
from viewflow.workflow.token import Token

from workflow.rounds.models import Round, RoundTask, Seat
from workflow.rounds.routes import Answer, RoundOutcome

Named: TypeAlias = "Node | ThisObject"
"""A node, or the name of one that is declared further on."""


class AskActivation(SplitActivation):  # type: ignore[misc]
    """A task for each seat of the next step."""

    @Activation.status.super()  # type: ignore[untyped-decorator]
    def activate(self) -> None:
        seats = self.process.step_now()
        node = self.flow_task.approve if seats[0].approves else self.flow_task.agree
        self.next_tasks = [(node, {"seat": seat}) for seat in seats]


class Ask(flow.Split):  # type: ignore[misc]
    """Asks all seats of the next step at once."""

    activation_class = AskActivation

    def __init__(self, *, agree: Named, approve: Named, **options: object) -> None:
        super().__init__(**options)
        self.agree, self.approve = agree, approve

    def _resolve(self, instance: Flow) -> None:
        self.agree, self.approve = this.resolve(instance, self.agree), this.resolve(instance, self.approve)
        self._activate_next = [(self.agree, None, None), (self.approve, None, None)]


class AnswerActivation(ViewActivation):  # type: ignore[misc]
    """The task of one seat: taken, given back, handed over, answered, or not needed any more."""

    @classmethod
    def create(
        cls,
        flow_task: Node,
        previous: Activation,
        token: Token,
        data: Mapping[str, Seat],
        seed: models.Model | None = None,
    ) -> Self:
        seat = data["seat"]
        task = RoundTask(process=previous.process, flow_task=flow_task, token=token, seat=seat)
        if seat.named_id:
            task.owner_id, task.status = seat.named_id, STATUS.ASSIGNED
        task.save()
        task.previous.add(previous.task)
        return cls(task)

    @Activation.status.transition(source=[STATUS.NEW, STATUS.ASSIGNED], target=STATUS.DONE)  # type: ignore[untyped-decorator]
    def answer(self, person_id: int) -> None:
        self.task.owner_id, self.task.finished = person_id, now()
        self.task.save()
        task_finished.send(sender=self.flow_class, process=self.process, task=self.task)

    @Activation.status.super()  # type: ignore[untyped-decorator]
    def cancel(self) -> None:
        """The seat is no longer asked, either: otherwise its step would seem to wait for it."""
        Seat.objects.filter(pk=self.task.seat_id, answer="").update(answer=Answer.NOT_NEEDED)
        super().cancel.original()


class AnswerOfSeat(flow.View):  # type: ignore[misc]
    """Waits for the answer of a seat."""

    activation_class = AnswerActivation

    def __init__(self, **options: object) -> None:
        super().__init__(None, **options)
        self._multi_instance = True


class GatherActivation(JoinActivation):  # type: ignore[misc]
    """Goes on to the next step, or to the end."""

    @Activation.status.transition(source=STATUS.DONE)  # type: ignore[untyped-decorator]
    def create_next(self) -> Iterator[Activation]:
        node = self.flow_task
        if any(seat.answer == Answer.RETURNED for seat in self.process.seats.all()):
            target = node.returned
        else:
            target = node.ask if self.process.step_now() else node.approved
        yield target._create(self, self.task.token)


class Gather(flow.Join):  # type: ignore[misc]
    """Waits until the step is settled."""

    activation_class = GatherActivation

    def __init__(self, *, ask: Named, approved: Named, returned: Named, **options: object) -> None:
        super().__init__(**options)
        self.ask, self.approved, self.returned = ask, approved, returned

    def _resolve(self, instance: Flow) -> None:
        super()._resolve(instance)
        for name in ("ask", "approved", "returned"):
            setattr(self, name, this.resolve(instance, getattr(self, name)))

    def _outgoing(self) -> Iterator[Edge]:
        for node in (self.ask, self.approved, self.returned):
            yield Edge(src=self, dst=node, edge_class="next")


class OutcomeActivation(EndActivation):  # type: ignore[misc]
    """Keeps how the round ended."""

    @Activation.status.super()  # type: ignore[untyped-decorator]
    def activate(self) -> None:
        self.process.outcome = self.flow_task.outcome
        super().activate.original()


class End(flow.End):  # type: ignore[misc]
    """The end of a round, with an outcome."""

    activation_class = OutcomeActivation

    def __init__(self, outcome: str, **options: object) -> None:
        super().__init__(**options)
        self.outcome = outcome


class ApprovalFlow(Flow):  # type: ignore[misc]
    """A version is agreed step by step, and approved."""

    process_class = Round
    task_class = RoundTask
    lock_impl = locks.SelectForUpdateLock(nowait=False, attempts=1)

    start = flow.StartHandle().Next(this.ask)
    ask = Ask(agree=this.agree, approve=this.approve)
    agree = AnswerOfSeat().Next(this.gather)
    approve = AnswerOfSeat().Next(this.gather)
    gather = Gather(
        ask=this.ask, approved=this.approved, returned=this.returned, continue_on_condition=this.step_is_settled
    )
    approved = End(RoundOutcome.APPROVED)
    returned = End(RoundOutcome.RETURNED)

    def step_is_settled(self, activation: Activation, waiting: models.QuerySet[RoundTask]) -> bool:
        """Whether the answers that are there settle the step to which the waiting tasks belong."""
        # Read once for all that follows on the answer.
        models.prefetch_related_objects([activation.process], "seats")
        step = waiting.values_list("seat__step", flat=True).first()
        now_at = cast(Round, activation.process).step_now()
        return not now_at or now_at[0].step != step


def nodes() -> dict[str, Node]:
    """The nodes of a round, by the names under which tasks store them."""
    return cast(dict[str, Node], ApprovalFlow._nodes_by_name)
