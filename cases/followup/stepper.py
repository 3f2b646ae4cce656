"""Where a recommendation stands: the steps from draft to closed, those that were taken with their dates."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from cases.followup.models import Plan, Recommendation, ResponseVersion
from workflow.lifecycles.follow_up import Response
from workflow.lifecycles.recommendation import State

WAY = (State.DRAFT, State.ISSUED, State.UNDER_REVIEW, State.IN_PROGRESS, State.CLAIMED, State.VERIFIED, State.CLOSED)


@dataclass(frozen=True)
class StepShown:
    """One step; `status` is done, now or todo."""

    label: str
    note: str
    status: str


def steps_of(
    case: Recommendation, plans: Sequence[Plan], answers: Sequence[ResponseVersion], due: date | None
) -> list[StepShown]:
    """`due` is when the present step is expected to end. Of a closed case only the steps that it took are shown."""
    dates = _dates(case, plans, answers)
    way = _way(case, dates)
    here = way.index(State(case.state))
    return [_shown(case, state, dates, place - here, due) for place, state in enumerate(way)]


def _way(case: Recommendation, dates: dict[State, date | None]) -> list[State]:
    """A dispute stands after the issue while it lasts, or when it was the end."""
    disputed = case.response == Response.DISPUTED
    way = [step for state in WAY for step in ((state, State.DISPUTED) if state == State.ISSUED else (state,))]
    way = [state for state in way if state != State.DISPUTED or disputed]
    return [state for state in way if not case.is_final or dates.get(state)]


def _dates(case: Recommendation, plans: Sequence[Plan], answers: Sequence[ResponseVersion]) -> dict[State, date | None]:
    """state -> the day on which the case last came into it."""
    given = {one.response == Response.DISPUTED: timezone.localdate(one.given_at) for one in answers}
    return {
        State.DRAFT: timezone.localdate(case.created_at),
        State.ISSUED: case.issued_on,
        State.DISPUTED: given.get(True),
        State.UNDER_REVIEW: given.get(False),
        State.IN_PROGRESS: max((plan.agreed_on for plan in plans if plan.agreed_on), default=None),
        State.CLAIMED: case.claimed_on,
        State.VERIFIED: case.verified_on,
        State.CLOSED: case.closed_on,
    }


def _shown(
    case: Recommendation, state: State, dates: dict[State, date | None], ahead: int, due: date | None
) -> StepShown:
    label, day = str(state.label), dates.get(state)
    if ahead > 0:
        return StepShown(label, "", "todo")
    if ahead < 0 or case.is_final:
        return StepShown(label, f"{day:%d.%m.%Y}" if day else "", "done")
    return StepShown(label, _("by %(date)s") % {"date": f"{due:%d.%m.%Y}"} if due else "", "now")
