"""What a lifecycle inherits whose versions are decided in rounds, and the conditions of its acts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import ClassVar, cast

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from workflow.case import Case
from workflow.conditions import ActorCondition, Condition
from workflow.declarations import Owing, Verb, verb
from workflow.must import has_reason
from workflow.roles import NOBODY, Actor, Role, by
from workflow.rounds import approving, seats
from workflow.rounds.models import Round, RoundTask
from workflow.rounds.routes import Answer, RoundOutcome, Route

AGREEING, DECIDING, APPROVED, RETURNED = "agreeing", "deciding", "approved", "returned"
"""Where a round is: seats agree, seats approve, or it has ended."""
BINDING = (RoundOutcome.OPEN, RoundOutcome.APPROVED)
"""The outcomes of rounds by which the contents are bound."""


class DecidedInRounds(Case):
    """Of a case and its round the case is locked first, always: so rounds never wait for one another.

    A kind names `seats_asked` in EXPECTS of the states in which seats are asked, counts its versions in `submissions`,
    and names the acts `take`, `give_back` and `hand_over` among its ACTIONS.
    """

    RESTS_ON: ClassVar[str] = "submissions"
    """The column that counts the versions: what answers, and verbs of seats, rest on."""
    UNBOUND: ClassVar[frozenset[str]] = frozenset()
    """States besides the first one in which the contents may differ from what was decided on last."""
    BY_NAME: ClassVar[frozenset[str]] = frozenset()
    """Roles whose seats are one named person's each: nobody stands in for them, and no such seat is handed over."""
    TRAIL_KEYS: ClassVar[Mapping[str, str]] = {"receiver_id": settings.AUTH_USER_MODEL, "seat": "rounds.Seat"}
    """Inputs that are keys of a model, and no column of the case."""

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

    def is_as_decided(self, decided: Round) -> bool:
        """Whether the contents are those that the round decides or decided on. A kind may say what counts."""
        return bool(decided.sha256 == self.contents_sha256())

    def is_untouched(self, decided: Round) -> bool:
        """Whether nothing was changed behind the decision. A kind may say what acts of their own have changed since."""
        return self.is_as_decided(decided)

    @property
    def is_bound(self) -> bool:
        """Whether the present state holds the contents to what was decided on last."""
        return str(self.follow("state")) not in {str(self.INITIAL), *self.UNBOUND}

    @property
    def is_unchanged(self) -> bool:
        """Whether the contents are still those that are being decided on, or were approved."""
        return not self.differs_from(self.round_now() or approving.newest_round(self))

    def differs_from(self, newest: Round | None) -> bool:
        """Whether the newest round binds the contents, and they are others by now."""
        return newest is not None and newest.outcome in BINDING and self.is_bound and not self.is_as_decided(newest)

    @classmethod
    def asking(cls) -> Mapping[str, str]:
        """Each state in which seats are asked, and the action that they are asked for."""
        return {str(state): str(expect.action) for state, expect in cls.EXPECTS.items() if expect.role == "seats_asked"}

    @classmethod
    @cache
    def verbs(cls) -> dict[str, Verb]:
        """Those of seats are possible where seats are asked, for the roles that may answer there."""
        asking = cls.asking()
        answering = {role for action in asking.values() for role in cls.transitions()[action].permission.roles}
        answering -= cls.BY_NAME
        overseeing = {seats.OVERSEER} & cls.RELATIONS.keys()
        who = {seats.TAKE: answering, seats.GIVE_BACK: answering, seats.HAND_OVER: answering | overseeing}
        declared, states = dict(super().verbs()), frozenset(asking)
        for name, roles in who.items():
            permission = by(*(role for role in Role if role in roles))
            declared[name] = replace(declared[name], states=states, permission=permission, rests_on=cls.RESTS_ON)
        return declared

    @property
    def seats_asked(self) -> Iterable[Owing]:
        """Those who are asked now, each with a term of their own; of a copy that foresees an act, those asked then."""
        if self.foreseen:
            return approving.next_seats(self.tasks_waiting(), self.route)
        return approving.owing(self.tasks_waiting())

    @property
    def newly_asked(self) -> Iterable[Owing]:
        """Those whose turn has come by the act under way: nobody of their step has answered yet."""
        waiting = self.tasks_waiting()
        return approving.owing(waiting) if waiting and not approving.has_answers(waiting[0]) else []

    def tasks_waiting(self) -> Sequence[RoundTask]:
        return self.once("tasks_waiting", lambda: approving.waiting(self))

    def round_now(self) -> Round | None:
        waiting = self.tasks_waiting()
        return waiting[0].process if waiting else None

    def task_of(self, user: Actor) -> RoundTask | None:
        """The seat that is theirs to answer: first one that bears their name."""
        mine = [task for task in self.tasks_waiting() if seats.may_answer(self, task, user)]
        return min(mine, key=lambda task: task.owner_id != user.pk, default=None)

    def begin_round(self) -> str:
        """Ask the first seats. Returns where the round is."""
        approving.start(self, self.route(), self.contents_sha256())
        return self._where()

    def take_answer(self, answer: Answer, text: str) -> str:
        """Keep what the person's seat answers. Returns where the round is."""
        by = self.acting.by
        task = self.task_of(by) if by else None
        if task is None:
            raise RuntimeError("is_asked is a condition of every answer")
        approving.answer(task, answer, text, person_id=self.acting.person_id, at=self.acting.at)
        return self._where()

    def take_agreement(self, remarks: str) -> str:
        """The same for a seat that agrees or approves, with remarks or without."""
        return self.take_answer(Answer.WITH_REMARKS if remarks.strip() else Answer.AGREED, remarks)

    def recall_round(self) -> None:
        """End the round that is under way."""
        running = approving.open_round(self)
        if running is not None:
            approving.recall(running)
        self.acting.read.clear()

    @verb(
        NOBODY,
        (),
        conditions=[seats.can_be_taken],
        meaning=_(
            "You read it and answer. The others who could see that you are at it, and cannot answer until you give it"
            " back."
        ),
    )
    def take(self, seat: int | None = None) -> None:
        """The seat is theirs until they answer or give it back."""
        approving.take(self._seat(seat), cast(Actor, self.acting.by))

    @verb(
        NOBODY,
        (),
        conditions=[seats.can_be_given_back],
        meaning=_("All who hold the role may read and answer it again."),
    )
    def give_back(self, seat: int | None = None) -> None:
        """The seat is nobody's by name."""
        approving.give_back(self._seat(seat))

    @verb(
        NOBODY,
        (),
        conditions=[
            seats.can_be_handed_over,
            has_reason,
            seats.receiver_holds_the_role,
            seats.receiver_is_another,
            seats.receiver_did_not_submit,
        ],
        meaning=_("Another person who holds the role answers in your place. They get a message."),
    )
    def hand_over(self, receiver_id: int, reason: str, seat: int | None = None) -> None:
        """The seat is another person's who holds its role today; the reason stays in the history."""
        receiver = cast(Actor, seats.receiver(self, self.acting.inputs))
        approving.hand_over(self._seat(seat), receiver)

    @property
    def handed_to(self) -> Owing:
        """Who owes the answer of the seat that was just handed over."""
        person, seat = self.acting.inputs["receiver_id"], self.acting.inputs.get("seat")
        tasks = [task for task in self.tasks_waiting() if str(task.owner_id) == str(person)]
        return approving.owing(task for task in tasks if seat is None or str(task.seat_id) == str(seat))[0]

    def _seat(self, seat: int | None) -> RoundTask:
        """The seat with which the act under way is done; its conditions say that there is one."""
        if self.acting.by is None:
            raise RuntimeError("seats are people's")
        return seats.seats_for(self, self.acting.action, self.acting.by, seat)[0]

    def _where(self) -> str:
        self.acting.read.clear()
        if waiting := self.tasks_waiting():
            return DECIDING if any(task.asked.approves for task in waiting) else AGREEING
        ended = approving.newest_round(self)
        return RETURNED if ended and ended.outcome == RoundOutcome.RETURNED else APPROVED


def _did_not_submit(case: DecidedInRounds, user: Actor) -> bool:
    return bool(case.submitter_id() != user.pk)


is_asked = ActorCondition(
    _("You are not asked now: it is another person's turn, or the question is answered."),
    lambda case, user: case.task_of(user) is not None,
    hides=True,
)
is_unchanged = Condition(
    _("This is not what was submitted: it was changed outside of Baikoo. Ask the submitter to recall it."),
    lambda case: case.is_unchanged,
)
is_as_approved = Condition(
    _("This is not what was approved: it was changed outside of Baikoo. A new version has to be approved."),
    lambda case: case.is_unchanged,
)
is_not_the_submitter = ActorCondition(_("You submitted this yourself; somebody else has to decide."), _did_not_submit)
