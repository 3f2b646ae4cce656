"""The only doors to a row of follow-up: the row, or 404 for those who may not see it."""

from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404

from cases.followup.models import EffectReview, Evidence, Extension, InterimDeadline, Measure, Recommendation
from cases.followup.models.querysets import RecommendationQuerySet
from cases.registry.models import User

READS = ("institution", "department", "coordinator", "source", "predecessor")


def get_recommendation(user: User, number: str, rows: RecommendationQuerySet | None = None) -> Recommendation:
    """By its number; a draft's provisional number keeps leading to it after it was issued.

    `rows` are recommendations with everything that a page needs of them.
    """
    rows = Recommendation.objects.select_related(*READS) if rows is None else rows
    recommendation = rows.visible_to(user, by_key=True).filter(Q(number=number) | Q(draft_number=number)).first()
    if recommendation is None:
        raise Http404
    return recommendation


def get_evidence(user: User, number: str, pk: int) -> Evidence:
    """A file of the recommendation with this number."""
    recommendation = get_recommendation(user, number)
    evidence = get_object_or_404(Evidence.objects.select_related("measure", "received_from"), pk=pk)
    if evidence.recommendation_id != recommendation.pk:
        raise Http404
    evidence.recommendation = recommendation
    return evidence


def get_measure(user: User, number: str, pk: int) -> Measure:
    """A measure of the recommendation with this number."""
    recommendation = get_recommendation(user, number)
    return get_object_or_404(Measure.objects.filter(plan__recommendation=recommendation), pk=pk)


def get_interim(user: User, number: str, pk: int) -> InterimDeadline:
    """An interim deadline of the recommendation with this number."""
    recommendation = get_recommendation(user, number)
    return get_object_or_404(InterimDeadline.objects.filter(recommendation=recommendation), pk=pk)


def get_extension(user: User, number: str) -> Extension:
    return get_object_or_404(
        Extension.objects.visible_to(user).select_related(*(f"recommendation__{name}" for name in READS)),
        number=number,
    )


def get_effect_review(user: User, number: str) -> EffectReview:
    return get_object_or_404(
        EffectReview.objects.visible_to(user).select_related(
            "reported_by", *(f"recommendation__{name}" for name in READS)
        ),
        number=number,
    )
