"""What plan-schedules and monitorings show of proposals for the next period, and of what became of them."""

from collections.abc import Mapping, Sequence

from cases.planning.models import Engagement, PlanSchedule, ProposalLine
from cases.registry.models import User
from workflow.lifecycles.deliverable import State as DeliverableState
from workflow.lifecycles.engagement import State as EngagementState
from workflow.lifecycles.plan_schedule import State
from workflow.roles import CONTRACTOR, DEPARTMENT, MINISTRY


def of_plan(plan: PlanSchedule, reader: User) -> Mapping[str, object]:
    """Those that wait for a decision while it is a draft, and those that it decided on; not for institutions."""
    if plan.standing(reader, (*MINISTRY, *DEPARTMENT)) is None:
        return {}
    return {"waiting": plan.unweighed() if plan.state == State.DRAFT else (), "decided": decided_by(plan)}


def decided_by(plan: PlanSchedule) -> Sequence[ProposalLine]:
    """Those on which it decided, with what became of each; read once for a page."""
    rows = ProposalLine.objects.filter(weighing__plan=plan).order_by("deliverable", "place")
    related = ("deliverable", "institution", "area", "weighing__plan", "weighing__item")
    return plan.once("decided_by", lambda: list(rows.select_related(*related)))


def of_engagement(engagement: Engagement, reader: User) -> Mapping[str, object]:
    """What it proposes, once that is approved, for those who work on it; nothing before its follow-up."""
    is_over = engagement.state in (EngagementState.FOLLOW_UP, EngagementState.CLOSED)
    if not is_over or engagement.standing(reader, (*MINISTRY, *DEPARTMENT, *CONTRACTOR)) is None:
        return {}
    rows = ProposalLine.objects.filter(
        deliverable__engagement=engagement, deliverable__state=DeliverableState.APPROVED
    ).order_by("deliverable", "place")
    related = ("deliverable", "institution", "area", "weighing__plan", "weighing__item")
    return {"proposals": list(rows.select_related(*related))}
