"""Findings on two institutions of a monitoring of three."""

from typing import Any

from cases.analysis.models import Finding
from cases.planning.models import Engagement
from tests.cast import Cast
from tests.followup.draft_forms import school
from tests.kinds.engagements import deliver, make_engagement
from tests.kinds.written import make_finding
from workflow.door import perform
from workflow.lifecycles.engagement import State as Stage


def both(cast: Cast) -> dict[str, Any]:
    """The institutions that a finding or a monitoring names."""
    return {"institutions": [cast.university, cast.college]}


def report(cast: Cast, engagement: Engagement) -> None:
    """On to the reporting, so that what is proposed is confirmed and shown."""
    for stage in (Stage.CONCLUSIONS, Stage.REPORTING):
        deliver(cast, engagement)
        perform(engagement, f"begin_{stage}", by=cast.coordinator)


def make_shared(cast: Cast, state: str = "") -> Finding:
    """On the university and the college, in a state or else reported; the school is monitored as well."""
    institutions = [cast.university, cast.college, school("SCH", "SCH (test)")]
    engagement = make_engagement(cast, Stage.ANALYSIS, institutions=institutions)
    finding = make_finding(cast, engagement, state or "proposed", **both(cast))
    if not state:
        report(cast, engagement)
    return Finding.objects.get(pk=finding.pk)
