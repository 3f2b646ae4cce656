"""A monitoring that is closed is only read: no act and no verb is left on any of its cases but what comes in late."""

from collections.abc import Sequence

import pytest

from cases.planning.models import Engagement
from cases.planning.verbs import withdraw_access
from tests.cast import Cast
from tests.kinds.engagements import deliver
from tests.kinds.findings import make_reported
from tests.workflow.acting import Somebody, act, everybody
from workflow.case import Case
from workflow.door import Refused, perform
from workflow.lifecycles.engagement import State

pytestmark = pytest.mark.django_db
LATE = {("engagement", "document"), ("deliverable", "attach_scan")}
READERS = "withdraw_access"
"""It changes who reads a case, not what is read."""


def closed_cases(cast: Cast) -> list[Case]:
    """A closed monitoring, its findings, and a deliverable of each state."""
    finding = make_reported(cast)
    engagement = finding.engagement
    left_out = engagement.deliverables.filter(stage=State.REPORTING, state="draft").latest("pk")
    perform(left_out, "leave_out", by=cast.head, reason="Not needed here (test).")
    deliver(cast, engagement)
    perform(engagement, "publish", by=cast.leader, is_checked=True)
    deliver(cast, engagement)
    perform(engagement, "close", by=cast.head)
    finding.refresh_from_db()
    left_out.refresh_from_db()
    return [engagement, finding, left_out, engagement.deliverables.filter(state="approved").earliest("pk")]


def done(people: Sequence[Somebody], case: Case) -> set[tuple[str, str]]:
    """What anybody of the cast can still do on the case."""
    possible = set()
    for somebody in people:
        for action in {*case.transitions(), *case.verbs()} - {READERS} if somebody.is_own else ():
            fresh = type(case)._base_manager.get(pk=case.pk)
            try:
                act(fresh, action, somebody.user)
            except Refused:
                continue
            possible.add((case.CASE_TYPE, action))
    return possible


def test_nothing_is_done_on_a_closed_monitoring_but_what_comes_in_late(cast: Cast) -> None:
    cases, people = closed_cases(cast), everybody(cast)
    assert set().union(*(done(people, case) for case in cases)) == LATE


def test_an_expert_is_still_locked_out_of_a_closed_monitoring(cast: Cast) -> None:
    engagement = closed_cases(cast)[0]
    withdraw_access(Engagement.objects.get(pk=engagement.pk), cast.expert, by=cast.lead)
    assert not Engagement.objects.visible_to(cast.expert).exists()


def test_the_refusal_says_that_the_monitoring_is_closed(cast: Cast) -> None:
    _engagement, finding, left_out, approved = closed_cases(cast)
    for case, action in (
        (finding, "withdraw"),
        (finding, "comment_internal"),
        (left_out, "comment"),
        (approved, "comment"),
    ):
        with pytest.raises(Refused, match="The monitoring is closed"):
            act(case, action, cast.head)
