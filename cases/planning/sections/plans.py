"""What the page of a plan-schedule shows of it, and how its list and letters name it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from cases.ground.gantt import Bar, Scale, gantt
from cases.ground.templatetags.baikoo import day
from cases.planning.begun import begun_of
from cases.planning.models import Engagement, ItemKind, PlanItem, PlanSchedule
from cases.planning.sections.proposals import decided_by
from cases.registry.models import User
from workflow.lifecycles.plan_schedule import State
from workflow.roles import DEPARTMENT, MINISTRY, Role
from workflow.terms import legal_date

CSS = {ItemKind.PILOT: "st-soon", ItemKind.MAIN: "st-ok"}


@dataclass(frozen=True)
class ShownItem:
    """A planned monitoring; as which it has begun, as far as the reader may see it; whether they may begin it."""

    item: PlanItem
    engagement: Engagement | None
    may_begin: bool
    proposals: str
    """By their references."""


def items(plan: PlanSchedule, reader: User) -> Mapping[str, object]:
    """The monitorings, as a picture by quarter and as a table, with what they have become."""
    planned = plan.items_now()
    is_coordinator = plan.department_id in reader.role_map.get(Role.COORDINATOR, {})
    begun = begun_of(planned, Engagement.objects.visible_to(reader))
    proposals = _proposals(plan, reader)
    may_begin = is_coordinator and plan.state == State.IN_FORCE
    bars = [Bar(item.title, item.starts, item.ends, CSS[ItemKind(item.kind)]) for item in planned]
    title = _("Monitorings planned for %(years)s") % {"years": plan.years}
    return {
        "items": [
            ShownItem(
                item, begun.get(item.pk), may_begin and item.pk not in begun, "; ".join(proposals.get(item.pk, ()))
            )
            for item in planned
        ],
        "picture": gantt(bars, Scale(plan.begins, plan.ends), title, legal_date()) if bars else "",
        "total": sum(item.budget or 0 for item in planned),
        "is_draft": plan.state == State.DRAFT,
        "can_compare": plan.submissions > 0,
        "may_copy": is_coordinator,
    }


def _proposals(plan: PlanSchedule, reader: User) -> Mapping[int, Sequence[str]]:
    """Item -> the proposals that it takes up; institutions do not see them."""
    taken_up: dict[int, list[str]] = {}
    if plan.standing(reader, (*MINISTRY, *DEPARTMENT)) is None:
        return taken_up
    for line in decided_by(plan):
        if line.weighing.item_id:
            taken_up.setdefault(line.weighing.item_id, []).append(line.reference)
    return taken_up


def facts(plan: PlanSchedule) -> Sequence[tuple[str, object]]:
    known = [
        (_("Period"), plan.years),
        (_("Department"), plan.department),
        (_("Coordinator"), plan.coordinator),
        (_("Times submitted"), plan.submissions),
        (_("Why what is overdue is not planned"), plan.explanation),
        (_("Approved by"), plan.approval_act and f"{plan.approval_act}, {day(plan.approved_on)}"),
        (_("In force since"), day(plan.in_force_on)),
        (_("Superseded on"), day(plan.superseded_on)),
    ]
    return [(label, value) for label, value in known if value]


def list_links(reader: User) -> Sequence[tuple[str, str]]:
    """What leads on from the list of plan-schedules."""
    links = []
    if Role.COORDINATOR in reader.role_map:
        links.append((_("New plan-schedule"), reverse("plan_new")))
    if reader.role_map.keys() & {*MINISTRY, *DEPARTMENT}:
        links.append((_("Coverage"), reverse("coverage")))
    return [*links, (_("How this is decided"), reverse("procedure"))]
