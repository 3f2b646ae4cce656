"""Findings, as the tests try them."""

from typing import Any

from cases.analysis.models import Finding
from cases.planning.models import Deliverable, Engagement
from cases.registry.models import User
from tests.cast import Cast
from tests.kinds import Trial
from tests.kinds.engagements import approve, deliver, make_engagement
from tests.kinds.planning import REASON
from tests.kinds.written import make_finding
from workflow.case import Case
from workflow.door import perform
from workflow.lifecycles.engagement import State as Stage
from workflow.lifecycles.finding import State


def list_of(engagement: Engagement) -> Deliverable:
    """The deliverable that lists the findings."""
    return Deliverable.objects.get(engagement=engagement, row__kind="findings")


def make_confirmed(cast: Cast, **fields: Any) -> Finding:
    """A finding that was confirmed with the list, in a monitoring whose analysis is complete."""
    engagement = make_engagement(cast, Stage.ANALYSIS)
    finding = make_finding(cast, engagement, State.PROPOSED, **fields)
    approve(cast, list_of(engagement))
    finding.refresh_from_db()
    return finding


def make_reported(cast: Cast) -> Finding:
    """The same, once its monitoring is reported, so that the institution sees it."""
    finding = make_confirmed(cast)
    engagement = finding.engagement
    for stage in (Stage.CONCLUSIONS, Stage.REPORTING):
        deliver(cast, engagement)
        perform(engagement, f"begin_{stage}", by=cast.coordinator)
    return Finding.objects.get(pk=finding.pk)


def _make(cast: Cast, state: str) -> Case:
    if state == State.CONFIRMED:
        return make_reported(cast)
    if state == State.WITHDRAWN:
        finding = make_reported(cast)
        perform(finding, "withdraw", by=cast.head, **REASON)
        return finding
    return make_finding(cast, make_engagement(cast, Stage.ANALYSIS), state)


def _new(cast: Cast, by: User) -> Case:
    engagement = Engagement.objects.last() or make_engagement(cast, Stage.ANALYSIS)
    return Finding(
        number="F-2026-99999",
        engagement=engagement,
        author=by,
        drafter_role="contractor_lead",
        kind="risk",
        direction=1,
    )


FINDING = Trial(
    Finding,
    _make,
    _new,
    dict.fromkeys(("send_back", "drop", "withdraw"), REASON),
)
