"""What the kinds of cases of planning bring to the desk."""

from cases.planning.kind.deliverables import DELIVERABLES
from cases.planning.kind.engagements import ENGAGEMENTS
from cases.planning.kind.plans import PLAN_SCHEDULES

__all__ = ["DELIVERABLES", "ENGAGEMENTS", "PLAN_SCHEDULES"]
