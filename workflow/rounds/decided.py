"""What a lifecycle inherits whose versions are decided in rounds, and the conditions of its acts."""

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext_lazy as _

from workflow.case import Case
from workflow.conditions import ActorCondition, Condition
from workflow.declarations import Owing
from workflow.roles import Actor
from workflow.rounds import approving
from workflow.rounds.models import Round, RoundTask
from workflow.rounds.routes import Answer, Outcome, Route

AGREEING, DECIDING, APPROVED, RETURNED = "agreeing", "deciding", "approved", "returned"
"""Where a round is: seats agree, seats approve, or it has ended."""


class DecidedInRounds(Case):
    """Of a case and its round the case is locked first, always: so rounds never wait for one another."""

    class Meta:
        abstract = True

    def route(self) -> Route:
        """Who is asked when this version is submitted."""
        raise NotImplementedError

    def contents_sha256(self) -> str:
        """The SHA-256 of everything that is decided on, as it is now."""
        raise NotImplementedError

    def submitter_id(self) -> int | None:
        """Who submitted the present version."""
        raise NotImplementedError

    @property
    def seats_asked(self) -> Iterable[Owing]:
        """Those who are asked now, each with a term of their own."""
        return approving.owing(self.tasks_waiting())

    def tasks_waiting(self) -> Sequence[RoundTask]:
        return self.once("tasks_waiting", lambda: approving.waiting(self))

    def round_now(self) -> Round | None:
        waiting = self.tasks_waiting()
        return waiting[0].process if waiting else None

    def task_of(self, user: Actor) -> RoundTask | None:
        """The seat that is theirs to answer: first one that bears their name."""
        mine = [task for task in self.tasks_waiting() if approving.may_answer(task, user)]
        return min(mine, key=lambda task: task.owner_id != user.pk, default=None)

    def begin_round(self) -> str:
        """Ask the first seats. Returns where the round is."""
        approving.start(self, self.route(), self.contents_sha256())
        return self._where("")

    def take_answer(self, answer: Answer, text: str) -> str:
        """Keep what the person's seat answers. Returns where the round is."""
        by = self.acting.by
        task = self.task_of(by) if by else None
        if task is None:
            raise RuntimeError("is_asked is a condition of every answer")
        return self._where(approving.answer(task, answer, text, person_id=self.acting.person_id))

    def recall_round(self) -> None:
        """End the round that is under way."""
        running = approving.open_round(self)
        if running is not None:
            approving.recall(running)
        self.acting.read.clear()

    def _where(self, outcome: str) -> str:
        self.acting.read.clear()
        if outcome == Outcome.OPEN:
            return DECIDING if any(task.seat and task.seat.approves for task in self.tasks_waiting()) else AGREEING
        return RETURNED if outcome == Outcome.RETURNED else APPROVED


def _is_unchanged(case: DecidedInRounds) -> bool:
    running = case.round_now()
    return running is None or bool(running.sha256 == case.contents_sha256())


def _did_not_submit(case: DecidedInRounds, user: Actor) -> bool:
    return bool(case.submitter_id() != user.pk)


is_asked = ActorCondition(
    _("You are not asked now: it is another person's turn, or the question is answered."),
    lambda case, user: case.task_of(user) is not None,
)
is_unchanged = Condition(
    _("This is not what was submitted: it was changed outside of Baikoo. Ask the submitter to recall it."),
    _is_unchanged,
)
is_not_the_submitter = ActorCondition(_("You submitted this yourself; somebody else has to decide."), _did_not_submit)
