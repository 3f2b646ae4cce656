"""Two experts give their conclusion on a deliverable at once: whom the coordinator may name, and when one leaves.

REG-11.1c: instruments are approved on the basis of such conclusions. Both experts have to agree; one return ends the
round. Neither has prepared what they conclude on.
"""

from collections.abc import Iterable, Sequence

from django.db.models import Q
from django.utils.translation import gettext as _

from cases.planning import joining
from cases.planning.experts import why_not_let_in
from cases.planning.models import Deliverable, Engagement
from cases.registry.models import User
from workflow.act import Act
from workflow.door import consequence, follow
from workflow.lifecycles.deliverable import REVIEWER, Action, State
from workflow.models import Event
from workflow.rounds import approving

PREPARING = (Action.WRITE, Action.ATTACH, Action.ITEMISE, Action.SUBMIT)
"""Who has done one of these is an author."""


def join() -> None:
    """Called once the app is ready."""
    joining.BEFORE_SUBMIT.append(what_lacks)
    joining.AFTER_ACCESS.append(let_go)
    joining.LEFT_BEHIND.append(left_behind)


def is_reviewed(deliverable: Deliverable) -> bool:
    """Whether its route asks experts for their conclusion."""
    return any(seat.role == REVIEWER for step in deliverable.route() for seat in step.seats)


def why_unfit(deliverable: Deliverable, person: User) -> str:
    """Why the person cannot conclude on it; empty when they can."""
    if sentence := why_not_let_in(deliverable.engagement, person):
        return sentence
    worked = Event.objects.of(deliverable.CASE_TYPE, deliverable.pk).filter(actor=person, action__in=PREPARING)
    if deliverable.standing(person, [deliverable.drafter_role]) or worked.exists():
        return _("%(name)s prepares it, so another expert has to conclude on it.") % {"name": person}
    return ""


def what_lacks(deliverable: Deliverable) -> Iterable[str]:
    """Nothing is submitted for conclusions while nobody, or somebody unfit, is named to give them."""
    if not is_reviewed(deliverable):
        return ()
    reviewers = deliverable.reviewers
    if len(reviewers) < 2:
        return [_("The coordinator has to name two experts first who give their conclusion.")]
    return [sentence for person in reviewers if (sentence := why_unfit(deliverable, person))]


def let_go(act: Act, engagement: Engagement, expert: User) -> None:
    """An expert who is locked out concludes on nothing any more; where they are asked now, the round is recalled."""
    if act.action != "withdraw_access":
        return
    for deliverable in _awaiting(engagement, expert):
        if deliverable.state != State.DRAFT:
            follow(deliverable, Action.RECALL, of=act)
        with consequence(deliverable, Action.NAME_REVIEWERS, of=act) as amendment:
            locked: Deliverable = amendment.case
            locked.first_reviewer = _unless(expert, locked.first_reviewer)
            locked.second_reviewer = _unless(expert, locked.second_reviewer)


def left_behind(engagement: Engagement, expert: User) -> Iterable[str]:
    return [joining.named(deliverable) for deliverable in _awaiting(engagement, expert)]


def _awaiting(engagement: Engagement, expert: User) -> Sequence[Deliverable]:
    """What waits for their conclusion, or will; a conclusion that was given stays."""
    named = engagement.deliverables.filter(Q(first_reviewer=expert) | Q(second_reviewer=expert))
    rows = named.filter(state__in=joining.OPEN).select_related("row").order_by("pk")
    return [row for row in rows if row.state == State.DRAFT or _is_asked(row, expert)]


def _is_asked(deliverable: Deliverable, expert: User) -> bool:
    """Now, or in a later step of the round that is under way."""
    running = approving.open_round(deliverable)
    return running is not None and running.seats.filter(named=expert, answer="").exists()


def _unless(expert: User, person: User | None) -> User | None:
    return None if person == expert else person
