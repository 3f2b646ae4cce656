"""What a main monitoring rests on in its pilot: the conclusions of the experts there (REG-11.4c)."""

from typing import TYPE_CHECKING

from django.db.models import QuerySet

from workflow.lifecycles.deliverable import State

if TYPE_CHECKING:
    from cases.planning.models import Deliverable, Engagement

CONCLUSION = "expert_conclusion"
"""The kind of deliverable that a main monitoring waits for in its pilot."""


def conclusions_for(main: "Engagement") -> "QuerySet[Deliverable]":
    """Those of its pilot that were not left out."""
    rows: QuerySet[Deliverable] = main.deliverables.model.objects.filter(row__kind=CONCLUSION)
    return rows.filter(engagement=main.pilot_id).exclude(state=State.LEFT_OUT)


def is_concluded_for(main: "Engagement") -> bool:
    """Whether its pilot has such conclusions, and all are approved."""
    return set(conclusions_for(main).values_list("state", flat=True)) == {State.APPROVED}
