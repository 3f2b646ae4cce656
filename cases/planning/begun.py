"""Which planned monitorings have begun: one that was copied from plan to plan is the same everywhere."""

from collections.abc import Iterable, Mapping

from django.db.models import QuerySet
from django.db.models.functions import Coalesce

from cases.planning.models import Engagement, PlanItem
from workflow.lifecycles.engagement import State

ENDED = (State.FOLLOW_UP, State.CLOSED)
"""A monitoring that has come so far is carried out: what is planned like it again is another one."""


def begun() -> QuerySet[Engagement]:
    """Monitorings that were planned and not cancelled, with the key of what they stand in the plan-schedules for."""
    rows = Engagement.objects.exclude(state=State.CANCELLED).exclude(plan_item=None)
    return rows.annotate(origin=Coalesce("plan_item__origin", "plan_item"))


def begun_of(items: Iterable[PlanItem], among: QuerySet[Engagement] | None = None) -> Mapping[int, Engagement]:
    """By the key of the item, the monitoring as which it has begun; `among` those that somebody may see."""
    keys = {item.pk: item.origin_key for item in items}
    rows = begun().filter(**{"origin__in": set(keys.values())})
    if among is not None:
        rows = rows.filter(pk__in=among)
    engagements = {vars(row)["origin"]: row for row in rows.order_by("pk")}
    return {pk: engagements[key] for pk, key in keys.items() if key in engagements}
