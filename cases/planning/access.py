"""The only doors to a row of planning: the row, or 404 for those who may not see it."""

from django.db.models import Count, Max, Min, Model, OuterRef, Subquery
from django.http import Http404
from django.shortcuts import get_object_or_404

from cases.planning.models import (
    CalendarEntry,
    Deliverable,
    DeliverableFile,
    Engagement,
    Line,
    PlanItem,
    PlanSchedule,
    ProposalLine,
    Suspension,
)
from cases.registry.models import User
from workflow.lifecycles.deliverable import State as DeliverableState

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


def get_proposal(user: User, plan: PlanSchedule, number: str, place: int) -> ProposalLine:
    """A proposal of a deliverable that the person sees, of the department whose plan-schedule this is."""
    line = get_line(get_deliverable(user, number), place)
    if not isinstance(line, ProposalLine) or line.deliverable.engagement.department_id != plan.department_id:
        raise Http404
    return line


ENGAGEMENT_READS = (
    "department",
    "ministry",
    "coordinator",
    "contractor",
    "contract",
    "legal_basis",
    "pilot",
    "template",
    "plan_item__plan",
)
DELIVERABLE_READS = (
    "row",
    "expert",
    "first_reviewer",
    "second_reviewer",
    *(f"engagement__{name}" for name in ("department", "coordinator", "contractor", "template")),
)


def get_engagement(user: User, number: str) -> Engagement:
    rows = Engagement.objects.visible_to(user, by_key=True).select_related(*ENGAGEMENT_READS)
    return get_object_or_404(rows.annotate(**_asides()), number=number)


def _asides() -> dict[str, Subquery]:
    """What its page says of other tables in a word: what is named, why it rests, how long its
    approved calendar lasts."""
    entries = CalendarEntry.objects.filter(
        deliverable__engagement=OuterRef("pk"), deliverable__state=DeliverableState.APPROVED
    )
    planned = entries.order_by().values("deliverable__engagement")
    resting = Suspension.objects.filter(engagement=OuterRef("pk"), resumed_on=None)
    return {
        "rests_because": Subquery(resting.values("reason")[:1]),
        "entries_from": Subquery(planned.annotate(day=Min("starts")).values("day")),
        "entries_until": Subquery(planned.annotate(day=Max("ends")).values("day")),
        "institutions_named": _how_many(Engagement.institutions.through),
        "areas_named": _how_many(Engagement.areas.through),
    }


def _how_many(through: type[Model]) -> Subquery:
    rows = through._default_manager.filter(engagement=OuterRef("pk")).order_by().values("engagement")
    return Subquery(rows.annotate(n=Count("pk")).values("n"))


def get_deliverable(user: User, number: str) -> Deliverable:
    rows = Deliverable.objects.visible_to(user, by_key=True).select_related(*DELIVERABLE_READS)
    return get_object_or_404(rows, number=number)


def get_file(user: User, number: str, pk: int) -> DeliverableFile:
    """A file of a deliverable that the person sees, of an earlier version as well."""
    deliverable = get_deliverable(user, number)
    file = get_object_or_404(DeliverableFile, deliverable=deliverable, pk=pk)
    file.deliverable = deliverable
    return file


def get_line(deliverable: Deliverable, place: int) -> Line:
    """One of the lines of a deliverable that the person sees."""
    line: Line | None = next((line for line in deliverable.lines_now() if line.place == place), None)
    if line is None:
        raise Http404
    line.deliverable = deliverable
    return line
