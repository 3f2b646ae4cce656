"""Proposals for the next period, as the tests try them."""

from typing import Any

from cases.planning import verbs
from cases.planning.models import Deliverable, ProposalLine
from tests.cast import Cast
from tests.kinds.engagements import approve, make_engagement
from workflow.lifecycles.engagement import State


def propose_next(cast: Cast, deliverable: Deliverable, **fields: Any) -> ProposalLine:
    """A line of a deliverable that is a draft."""
    facts = {
        "proposal": "Look at the practical training (test)",
        "direction": 5,
        "institution": cast.university,
        "grounds": "Half of the graduates find no work (test)",
        **fields,
    }
    deliverable.refresh_from_db()
    line = verbs.add_line(deliverable, facts, by=cast.coordinator, version=deliverable.version)
    assert isinstance(line, ProposalLine)
    return line


def approved_proposal(cast: Cast, **fields: Any) -> ProposalLine:
    """That of a monitoring in its follow-up, which was agreed and approved."""
    engagement = make_engagement(cast, State.FOLLOW_UP)
    deliverable = Deliverable.objects.get(engagement=engagement, row__kind="proposals")
    line = propose_next(cast, deliverable, **fields)
    approve(cast, deliverable)
    return ProposalLine.objects.get(pk=line.pk)
