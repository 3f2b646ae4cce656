"""Keeps what is delivered, in the transaction in which it is."""

from collections.abc import Sequence

from django.dispatch import receiver

from cases.followup.models import Delivery, Recommendation
from workflow import bulk
from workflow.door import happened
from workflow.lifecycles.recommendation import Action
from workflow.models import Event


@receiver(happened, sender=Recommendation, dispatch_uid="followup.deliveries")
def keep_deliveries(happenings: Sequence[tuple[Recommendation, Event]], **rest: object) -> None:
    """One statement, however many recommendations are issued at once."""
    bulk.insert(Delivery, [_row(case, event) for case, event in happenings if event.action == Action.ISSUE])


def _row(case: Recommendation, event: Event) -> dict[str, object]:
    return {
        "recommendation_id": case.pk,
        "event_id": event.pk,
        "at": event.at,
        "sha256": case.delivered_sha256,
        "text": case.delivered_text(),
    }
