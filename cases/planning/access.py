"""The only doors to a row of planning: the row, or 404 for those who may not see it."""

from django.http import Http404
from django.shortcuts import get_object_or_404

from cases.planning.models import PlanItem, PlanSchedule
from cases.registry.models import User

READS = ("department", "ministry", "coordinator", "approval_act")


def get_plan(user: User, number: str) -> PlanSchedule:
    rows = PlanSchedule.objects.visible_to(user, by_key=True).select_related(*READS)
    return get_object_or_404(rows, number=number)


def get_item(plan: PlanSchedule, place: int) -> PlanItem:
    """One of the monitorings of a plan-schedule that the person sees."""
    item = next((item for item in plan.items_now() if item.place == place), None)
    if item is None:
        raise Http404
    item.plan = plan
    return item
