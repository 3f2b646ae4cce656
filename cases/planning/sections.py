"""What the page of a plan-schedule shows of it, and how its list and letters name it."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from cases.ground.gantt import Bar, Scale, gantt
from cases.ground.templatetags.baikoo import day
from cases.planning.models import ItemKind, PlanSchedule
from cases.registry.models import User
from workflow.lifecycles.plan_schedule import State
from workflow.roles import DEPARTMENT, MINISTRY, Role
from workflow.terms import legal_date

CSS = {ItemKind.PILOT: "st-soon", ItemKind.MAIN: "st-ok"}


def items(plan: PlanSchedule, reader: User) -> Mapping[str, Any]:
    """The monitorings, as a picture by quarter and as a table."""
    planned = list(plan.items.select_related("pilot", "legal_basis").prefetch_related(
        "directions", "areas", "institutions"
    ))  # fmt: skip
    bars = [Bar(item.title, item.starts, item.ends, CSS[ItemKind(item.kind)]) for item in planned]
    title = _("Monitorings planned for %(years)s") % {"years": plan.years}
    return {
        "items": planned,
        "picture": gantt(bars, Scale(plan.begins, plan.ends), title, legal_date()) if bars else "",
        "total": sum(item.budget or 0 for item in planned),
        "is_draft": plan.state == State.DRAFT,
        "can_compare": plan.submissions > 0,
        "may_copy": plan.department_id in reader.role_map.get(Role.COORDINATOR, {}),
    }


def facts(plan: PlanSchedule) -> Sequence[tuple[Any, Any]]:
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


def list_links(reader: User) -> Sequence[tuple[Any, str]]:
    """What leads on from the list of plan-schedules."""
    links = []
    if Role.COORDINATOR in reader.role_map:
        links.append((_("New plan-schedule"), reverse("plan_new")))
    if reader.role_map.keys() & {*MINISTRY, *DEPARTMENT}:
        links.append((_("Coverage"), reverse("coverage")))
    return links
