"""The only doors to a finding: the row, or 404 for those who may not see it."""

from django.shortcuts import get_object_or_404

from cases.analysis.models import Finding
from cases.registry.models import User
from workflow.case import CaseQuerySet
from workflow.lifecycles.finding import State

READS = (
    "author",
    "institution",
    "criterion__catalogue",
    *(f"engagement__{name}" for name in ("ministry", "department", "coordinator", "contractor")),
)


def get_finding(user: User, number: str) -> Finding:
    return get_object_or_404(_rows(user), number=number)


def get_confirmed(user: User, number: str) -> Finding:
    """One that recommendations may answer."""
    return get_object_or_404(_rows(user).filter(state=State.CONFIRMED), number=number)


def _rows(user: User) -> CaseQuerySet[Finding]:
    return Finding.objects.visible_to(user, by_key=True).select_related(*READS).prefetch_related("institutions")
