"""Which of the seats that are asked now a person may take, give back or hand over, and to whom."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, cast

from django.contrib.auth import get_user_model
from django.utils.translation import gettext_lazy as _

from workflow.case import Case
from workflow.conditions import Condition, InputCondition, Inputs, Sentence
from workflow.roles import Actor, Role
from workflow.rounds import approving
from workflow.rounds.approving import holds
from workflow.rounds.models import RoundTask

if TYPE_CHECKING:
    from workflow.rounds.decided import DecidedInRounds

TAKE, GIVE_BACK, HAND_OVER = "take", "give_back", "hand_over"
"""The verbs of seats."""
OVERSEER = Role.DEPARTMENT_HEAD
"""Of the department that leads the case: hands over a seat whose person no longer holds its role."""

Allowed = Callable[["DecidedInRounds", RoundTask, Actor], bool]


def may_answer(case: "DecidedInRounds", task: RoundTask, user: Actor) -> bool:
    """The seat is theirs; where one named person is asked, nobody stands in for them."""
    is_named_alone = task.asked.role in case.BY_NAME
    return approving.may_answer(task, user) and (not is_named_alone or task.owner_id == user.pk)


def may_take(case: "DecidedInRounds", task: RoundTask, user: Actor) -> bool:
    """It is theirs to answer, and nobody's by name."""
    return task.owner_id is None and may_answer(case, task, user)


def may_give_back(case: "DecidedInRounds", task: RoundTask, user: Actor) -> bool:
    """They, or the person they stand in for, took it. A seat that the route gave to one person stays with people."""
    return task.owner_id is not None and task.asked.named_id is None and may_answer(case, task, user)


def may_hand_over(case: "DecidedInRounds", task: RoundTask, user: Actor) -> bool:
    """It is theirs to answer; or its person lost the role, and they hold it, or head the department that leads.

    Never where one named person is asked.
    """
    if task.asked.role in case.BY_NAME:
        return False
    if may_answer(case, task, user):
        return True
    if task.owner is None or holds(task.owner, task.asked):
        return False
    return holds(user, task.asked) or case.standing(user, [OVERSEER]) is not None


ALLOWED: Mapping[str, Allowed] = {TAKE: may_take, GIVE_BACK: may_give_back, HAND_OVER: may_hand_over}


def seats_for(case: Case, verb: str, user: Actor, seat: object = None) -> list[RoundTask]:
    """The seats with which the person may do this, those that bear their name first; only `seat`, if it is one."""
    decided = cast("DecidedInRounds", case)
    tasks = [task for task in decided.tasks_waiting() if seat is None or str(task.seat_id) == str(seat)]
    mine = [task for task in tasks if ALLOWED[verb](decided, task, user)]
    return sorted(mine, key=lambda task: task.owner_id != user.pk)


def receiver(case: Case, inputs: Inputs) -> Actor | None:
    """The person to whom a seat is to be handed over; None where there is no such person."""
    person_id = str(inputs.get("receiver_id") or "")
    people = get_user_model()._base_manager
    if not person_id.isdecimal():
        return None
    return case.once("receiver", lambda: people.filter(pk=int(person_id)).first())


class SeatCondition(Condition):
    """There is a seat with which the person may do this: any, or the one that the input `seat` names."""

    needs_actor = True

    def __init__(self, sentence: Sentence, verb: str) -> None:
        super().__init__(sentence, lambda case, actor, seat: bool(seats_for(case, verb, actor, seat)), hides=True)

    def __call__(self, case: Case, actor: Actor | None, inputs: Inputs) -> bool:
        return actor is not None and self.test(case, actor, inputs.get("seat"))


class ReceiverCondition(InputCondition):
    """The person to whom a seat is handed over is one who fits it: `test(case, task, person)`."""

    def __call__(self, case: Case, actor: Actor | None, inputs: Inputs) -> bool:
        person = receiver(case, inputs)
        tasks = seats_for(case, HAND_OVER, actor, inputs.get("seat")) if actor else []
        return person is not None and bool(tasks) and self.test(case, tasks[0], person)


can_be_taken = SeatCondition(_("There is no seat that you could take: it is another person's already."), TAKE)
can_be_given_back = SeatCondition(_("You have taken no seat that you could give back."), GIVE_BACK)
can_be_handed_over = SeatCondition(_("There is no seat that is yours to hand over."), HAND_OVER)
receiver_holds_the_role = ReceiverCondition(
    _("This person does not hold the role of the seat in its organisation today."),
    lambda case, task, person: holds(person, task.asked),
    about="receiver_id",
)
receiver_is_another = ReceiverCondition(
    _("The seat is this person's already."), lambda case, task, person: task.owner_id != person.pk, about="receiver_id"
)
receiver_did_not_submit = ReceiverCondition(
    _("This person submitted it; somebody else has to decide."),
    lambda case, task, person: case.submitter_id() != person.pk,
    about="receiver_id",
)
