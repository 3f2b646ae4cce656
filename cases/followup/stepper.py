"""When a recommendation came into each state, by what its record and its answers and plans say."""

from collections.abc import Sequence
from datetime import date

from django.utils import timezone

from cases.followup.models import Plan, Recommendation, ResponseVersion
from workflow.lifecycles.follow_up import Response
from workflow.lifecycles.recommendation import State

WAY = tuple(State)
"""The states are declared in the order in which a case passes them."""


def entered(case: Recommendation, plans: Sequence[Plan], answers: Sequence[ResponseVersion]) -> dict[str, date | None]:
    """state -> the day on which the case last came into it; a dispute that was decided is passed over."""
    answered = {answer.response == Response.DISPUTED: timezone.localdate(answer.given_at) for answer in answers}
    return {
        State.DRAFT: timezone.localdate(case.created_at),
        State.ISSUED: case.issued_on,
        State.DISPUTED: answered.get(True) if case.response == Response.DISPUTED else None,
        State.UNDER_REVIEW: answered.get(False),
        State.IN_PROGRESS: max((plan.agreed_on for plan in plans if plan.agreed_on), default=None),
        State.CLAIMED: case.claimed_on,
        State.VERIFIED: case.verified_on,
        State.CLOSED: case.closed_on,
    }


def way_of(case: Recommendation) -> list[State]:
    """The states from draft to closed; a dispute follows the issue while it lasts, or when it was the end."""
    return [state for state in WAY if state != State.DISPUTED or case.response == Response.DISPUTED]
