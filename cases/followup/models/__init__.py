"""The records of follow-up, one module per subject."""

from cases.followup.models.deliveries import Delivery
from cases.followup.models.effect_reviews import EffectReview
from cases.followup.models.evidence import Evidence
from cases.followup.models.extensions import Extension
from cases.followup.models.parts import Contributor, InterimDeadline, RecommendationFinding, RecommendationText
from cases.followup.models.plans import Measure, Plan
from cases.followup.models.recommendations import Recommendation, RecommendationUserObjectPermission
from cases.followup.models.responses import ResponseVersion
from cases.followup.models.sources import SourceDocument

__all__ = [
    "Contributor",
    "Delivery",
    "EffectReview",
    "Evidence",
    "Extension",
    "InterimDeadline",
    "Measure",
    "Plan",
    "Recommendation",
    "RecommendationFinding",
    "RecommendationText",
    "RecommendationUserObjectPermission",
    "ResponseVersion",
    "SourceDocument",
]
