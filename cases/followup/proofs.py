"""Whether what was delivered and agreed is still what it was: each text against the hashes that were kept of it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Prefetch

from cases.followup.models import Delivery, Plan, Recommendation
from workflow.models import EventDetails


@dataclass(frozen=True)
class Proof:
    """One delivery or agreed plan: what does not match, and whether its text was kept at all."""

    number: str
    fault: str = ""
    is_kept: bool = True


def deliveries() -> Iterator[Proof]:
    """Of every recommendation that was ever issued."""
    issued = Recommendation.objects.exclude(issued_on=None).order_by("pk").only("number", "delivered_sha256")
    kept = Prefetch("deliveries", Delivery.objects.order_by("id"), to_attr="kept")
    for case in issued.prefetch_related(kept).iterator(500):
        rows: list[Delivery] = getattr(case, "kept")  # noqa: B009 - the type checker does not know it
        if not rows:
            yield Proof(case.number, "nothing is kept of what was delivered")
        for row in rows:
            yield Proof(case.number, _fault(case, row), row.is_kept)


def plans() -> Iterator[Proof]:
    """Every plan that was agreed."""
    agreed = Plan.objects.exclude(agreed_on=None).order_by("pk").select_related("recommendation")
    for plan in agreed.prefetch_related("measures").iterator(500):
        fault = "" if plan.is_intact else f"version {plan.version} of the plan does not match its SHA-256"
        yield Proof(plan.recommendation.number, fault)


def _fault(case: Recommendation, row: Delivery) -> str:
    if row.is_kept and not row.is_intact:
        return "the delivered text does not match its SHA-256"
    if row.sha256 != case.delivered_sha256:
        return "the SHA-256 of the delivery is not that of the recommendation"
    if row.sha256 != _on_the_trail(row.event_id, row.sha256):
        return "the SHA-256 of the delivery is not that of the audit trail"
    return ""


def _on_the_trail(event_id: int, otherwise: str) -> str:
    """The hash that the act of issuing recorded; `otherwise` where its details were erased or do not tell."""
    details = EventDetails.objects.filter(pk=event_id).values_list("text", flat=True).first()
    changes = json.loads(details).get("changes", {}) if details else {}
    return str(changes.get("delivered_sha256", ["", otherwise])[1])
