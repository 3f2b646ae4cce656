"""The only doors to a finding: the row, or 404 for those who may not see it."""

from django.shortcuts import get_object_or_404

from cases.analysis.models import Finding
from cases.registry.models import User
from workflow.lifecycles.finding import State

READS = (
    "author",
    "institution",
    "criterion__catalogue",
    *(f"engagement__{name}" for name in ("ministry", "department", "coordinator", "contractor")),
)


def get_finding(user: User, number: str) -> Finding:
    rows = Finding.objects.visible_to(user, by_key=True).select_related(*READS)
    return get_object_or_404(rows, number=number)


def get_confirmed(user: User, number: str) -> Finding:
    """One that recommendations may answer."""
    rows = Finding.objects.visible_to(user, by_key=True).filter(state=State.CONFIRMED).select_related(*READS)
    return get_object_or_404(rows, number=number)
