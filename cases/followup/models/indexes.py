"""The indexes of recommendations: one for each way in which the list is narrowed and ordered together."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

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
    models.Index(fields=["current_due", "id"], name="recommendation_priority_due", condition=Q(is_priority=True)),
    *(models.Index(fields=columns, name=f"recommendation_{name}") for name, columns in COLUMNS.items()),
    *(
        models.Index(fields=[day], name=f"recommendation_{name}", condition=Q(**{f"{day}__isnull": False}))
        for name, day in (("effect", "effect_review_on"), ("risk", "risk_expires_on"))
    ),
]
