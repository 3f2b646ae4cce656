"""What a plan-schedule in force asks of the Department by its dates: that what it plans is begun, and the next one."""

from datetime import date, datetime

from django.db.models import QuerySet

from cases.planning.models import Engagement, PlanItem, PlanSchedule
from cases.registry.models import User
from workflow.door import amend, by_clock
from workflow.lifecycles.plan_schedule import Action, State


def note_begun(item: PlanItem, engagement: Engagement, *, by: User) -> None:
    """It is not owed any more by the plan-schedule in force, whichever names it."""
    for plan in _in_force(item.plan.department_id):
        same = next((planned for planned in plan.items_now() if planned.origin_key == item.origin_key), None)
        if same is not None:
            with amend(plan, Action.BEGIN_ITEM, by=by) as amendment:
                amendment.details |= {"item": f"{same.place}. {same}", "engagement": engagement.number}


def note_next(drafted: PlanSchedule, *, by: User) -> None:
    """It is not owed any more by the plan-schedule in force, if it goes on where that one ends."""
    for plan in _in_force(drafted.department_id):
        if drafted.first_year <= plan.last_year + 1 <= drafted.last_year:
            with amend(plan, Action.DRAFT_NEXT, by=by) as amendment:
                amendment.details["plan"] = drafted.number


def with_work_ahead(day: date) -> QuerySet[PlanSchedule]:
    """Those in force by which something is to be begun that nobody is asked for yet; a department has one."""
    in_force = PlanSchedule.objects.filter(state=State.IN_FORCE)
    return PlanSchedule.objects.filter(pk__in=[plan.pk for plan in in_force if plan.has_work_ahead()])


def let_fall_due(plan: PlanSchedule, at: datetime) -> None:
    """Ask for what is to be begun by now. Raises Refused when nothing is."""
    with by_clock(plan, Action.FALL_DUE, at=at):
        pass  # What is expected follows from the plan-schedule and the day.


def _in_force(department_id: int) -> QuerySet[PlanSchedule]:
    return PlanSchedule.objects.filter(department=department_id, state=State.IN_FORCE)
