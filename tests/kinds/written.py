"""Findings as they are written, in a monitoring that is in its analysis."""

from typing import Any

from cases.analysis.models import Finding
from cases.analysis.verbs import FindingFacts, write_finding
from cases.planning.models import Deliverable, Engagement
from tests.cast import Cast
from workflow.door import perform
from workflow.lifecycles.finding import State


def finding_facts(cast: Cast, **fields: Any) -> FindingFacts:
    known: dict[str, Any] = {
        "kind": "deficiency",
        "direction": 1,
        "severity": "high",
        "standard": "REG-8.1 (test)",
        "statement_ky": "Программалар жаңыртылган эмес (test)",
        "statement_en": "The programmes are out of date (test)",
        "source": "Curricula of 2019 (test)",
        "extent": "3 of 4 programmes (test)",
        "root_cause": "Nobody reviews them (test)",
        "institutions": [cast.university],
    }
    return FindingFacts(**{**known, **fields})


def make_finding(cast: Cast, engagement: Engagement, state: str = State.DRAFT, **fields: Any) -> Finding:
    """A finding by the expert, as a draft or proposed."""
    finding = write_finding(engagement, finding_facts(cast, **fields), by=cast.expert)
    if state == State.PROPOSED:
        perform(finding, "propose", by=cast.expert)
    return finding


def propose_one(cast: Cast, deliverable: Deliverable) -> None:
    """Of the deliverable that lists the findings: there is one, unless there are some already."""
    if deliverable.row.kind == "findings" and not deliverable.engagement.findings.exists():
        make_finding(cast, deliverable.engagement, State.PROPOSED)
