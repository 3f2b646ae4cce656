"""From the decision on the contractor to the contract: which deliverable decides, by when the contract is entered."""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Max
from django.utils.translation import gettext as _

from cases.planning.models.contracts import Contract
from workflow.door import Refused
from workflow.lifecycles.deliverable import State as DeliverableState
from workflow.lifecycles.engagement import State
from workflow.models import Event
from workflow.terms import legal_date, working_days_from

if TYPE_CHECKING:
    from cases.planning.models import Deliverable, Engagement

DECISION = "contractor_decision"
"""The kind of deliverable that decides on the contractor (REG-13.4)."""
CONTRACT_DAYS = 5
"""Working days from the approved decision until the contract is entered."""


def decision_of(engagement: "Engagement") -> "Deliverable | None":
    """The decision on the contractor, once it is approved."""
    approved = (row for row in engagement.deliverables_now() if row.state == DeliverableState.APPROVED)
    return next((row for row in approved if row.row.kind == DECISION), None)


def contract_due(engagement: "Engagement") -> date | None:
    """None while no contract is owed."""
    if engagement.state != State.PREPARATION or engagement.contract_id or engagement.suspended_on:
        return None
    decision = decision_of(engagement)
    return working_days_from(_decided_on(engagement, decision), CONTRACT_DAYS) if decision else None


def contract_with(facts: Mapping[str, object]) -> Contract:
    """The contract of these facts; monitorings may share one. Raises Refused when it is kept with other terms."""
    named = {**facts, "number": str(facts["number"]).strip()}
    key = {name: named.pop(name) for name in ("number", "signed_on", "contractor_id")}
    contract, is_new = Contract.objects.get_or_create(**key, defaults=named)
    if not is_new and any(getattr(contract, name) != value for name, value in named.items()):
        raise Refused(_("Another monitoring has this contract with another amount, dates or terms."))
    return contract


def _decided_on(engagement: "Engagement", decision: "Deliverable") -> date:
    """When it was approved; later, when the monitoring went on after a suspension since then."""
    approved = Event.objects.of(decision.CASE_TYPE, decision.pk).filter(action="approve").latest("id")
    approved_on = legal_date(approved.at)
    resumed_on = engagement.suspensions.aggregate(last=Max("resumed_on"))["last"]
    return max(approved_on, resumed_on or approved_on)
