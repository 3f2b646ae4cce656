"""What becomes due on a recommendation by a date alone: nobody does it, and the trail says so."""

from datetime import date, datetime

from django.db.models import Exists, OuterRef
from django.db.models.functions import Coalesce

from cases.followup.models import EffectReview, Recommendation
from cases.followup.models.querysets import RecommendationQuerySet
from cases.followup.verbs.drafting import draft_as_consequence, new_draft
from cases.followup.verbs.leading import draft_after, open_successor
from workflow.door import begin_many, by_clock
from workflow.lifecycles.recommendation import Action, State
from workflow.models import Expectation
from workflow.roles import Role


def with_expired_risk(day: date) -> RecommendationQuerySet:
    """Recommendations closed as not implemented whose accepted risk has expired."""
    return Recommendation.objects.filter(state=State.CLOSED, risk_expired_on=None, risk_expires_on__lt=day)


def expire_risk(recommendation: Recommendation, at: datetime) -> None:
    """Draft a successor, unless there is one or the institution is no more. Raises Refused when it is not due."""
    with by_clock(recommendation, Action.EXPIRE, at=at) as amendment:
        old: Recommendation = amendment.case
        old.risk_expired_on = amendment.act.on
        if open_successor(old) or not old.institution.is_active:
            return
        is_carried = old.role_on_expiry == Role.COORDINATOR
        draft = draft_after(old, old.coordinator if is_carried else None)
        successor = new_draft(draft, amendment.act.on, old)
        amendment.details["successor"] = successor.number
        amendment.then.append(lambda act: draft_as_consequence(successor, draft, of=act))


def with_effect_due(day: date) -> RecommendationQuerySet:
    """Recommendations closed as done so long ago that their effect is to be reviewed."""
    return Recommendation.objects.filter(state=State.CLOSED, effect_review_on__lte=day, effect_reviews=None)


def ask_for_effect(recommendation: Recommendation, at: datetime) -> None:
    """Begin the effect review. Raises Refused when it is not due."""
    with by_clock(recommendation, Action.REVIEW_EFFECT, at=at) as amendment:
        review = EffectReview(
            number=f"{recommendation.number}-R1", recommendation=amendment.case, asked_on=amendment.act.on
        )
        amendment.details["effect_review"] = review.number
        amendment.then.append(lambda act: begin_many([review], of=act))


def with_late_duty(day: date) -> RecommendationQuerySet:
    """Recommendations of which the institution missed a date that is not noted yet."""
    late = Expectation.objects.open().filter(
        subject_type=Recommendation.CASE_TYPE,
        subject_id=OuterRef("pk"),
        organisation_id=OuterRef("institution_id"),
        due__lt=day,
    )
    fresh = late.filter(due__gt=Coalesce(OuterRef("late_noted"), date.min))
    return Recommendation.objects.filter(Exists(fresh), state__in=[State.ISSUED, State.IN_PROGRESS])


def note_late(recommendation: Recommendation, at: datetime) -> None:
    """Raises Refused when nothing more has fallen late."""
    with by_clock(recommendation, Action.FALL_LATE, at=at) as amendment:
        amendment.case.late_noted = amendment.case.newly_late()
