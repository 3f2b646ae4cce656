"""The constraints of recommendations, and their indexes: one for each way in which the list is narrowed and ordered."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from workflow.lifecycles.follow_up import ClosingReason
from workflow.lifecycles.recommendation import State

COLUMNS = {
    "due": ["current_due", "id"],
    "institution_due": ["institution", "current_due", "id"],
    "institution": ["institution", "-id"],
    "inst_state_due": ["institution", "state", "current_due", "id"],
    "coordinator_due": ["coordinator", "current_due", "id"],
    "coordinator": ["coordinator", "-id"],
    "department": ["department", "-id"],
    "state": ["state", "-id"],
    "state_due": ["state", "current_due", "id"],
}
INDEXES = [
    GinIndex(fields=["search_vector"], name="recommendation_search"),
    models.Index(fields=["-id"], name="recommendation_priority", condition=Q(is_priority=True)),
    models.Index(fields=["current_due", "id"], name="recommendation_priority_due", condition=Q(is_priority=True)),
    models.Index(fields=["engagement", "-id"], name="recommendation_engagement", condition=Q(engagement__isnull=False)),
    *(models.Index(fields=columns, name=f"recommendation_{name}") for name, columns in COLUMNS.items()),
    *(
        models.Index(fields=[day], name=f"recommendation_{name}", condition=Q(**{f"{day}__isnull": False}))
        for name, day in (("effect", "effect_review_on"), ("risk", "risk_expires_on"))
    ),
]
CONSTRAINTS: list[models.BaseConstraint] = [
    models.CheckConstraint(condition=Q(state__in=State.values), name="recommendation_state_known"),
    models.CheckConstraint(
        condition=Q(state=State.DRAFT, issued_on=None) | (~Q(state=State.DRAFT) & Q(issued_on__isnull=False)),
        name="recommendation_issued_has_date",
    ),
    models.CheckConstraint(
        condition=Q(state=State.DRAFT) | Q(first_due__isnull=False) | ~Q(no_due_reason=""),
        name="recommendation_issued_has_term",
    ),
    models.CheckConstraint(
        condition=(Q(state=State.CLOSED, closed_on__isnull=False) & Q(closing_reason__in=ClosingReason.values))
        | (~Q(state=State.CLOSED) & Q(closed_on=None, closing_reason="")),
        name="recommendation_closed_has_reason",
    ),
    models.CheckConstraint(
        condition=Q(first_due=None, current_due=None)
        | Q(first_due__isnull=False, current_due__isnull=False, current_due__gte=F("first_due")),
        name="recommendation_due_not_before_first",
    ),
    models.CheckConstraint(
        condition=~Q(state=State.VERIFIED)
        | (Q(verified_by__isnull=False) & ~Q(verified_degree="") & ~Q(verified_by=F("claimed_by"))),
        name="recommendation_verified_by_another",
    ),
    models.CheckConstraint(
        condition=Q(closed_by=None) | Q(verified_by=None) | ~Q(closed_by=F("verified_by")),
        name="recommendation_closed_by_another",
    ),
]
