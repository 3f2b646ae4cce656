"""Whoever decides sees what is decided on: the page of every act of every kind shows it, but for a few named acts."""

import pytest

from cases.desk.kinds import kinds
from tests.cast import Cast
from tests.conftest import Opened
from tests.kinds.engagements import LATER, deliver, make_engagement
from workflow.door import perform
from workflow.lifecycles.engagement import State
from workflow.roles import NOBODY

OF_SEATS = frozenset({"take", "give_back", "hand_over"})
"""They say who answers, and decide nothing."""
OWN_WORK = frozenset({("deliverable", "recall")})
"""Who takes back what they submitted knows it."""
TOYS = frozenset({"visit", "note"})


def test_every_act_shows_what_is_decided_on() -> None:
    bare = {
        (name, action)
        for name, kind in kinds().items()
        if name not in TOYS
        for action, declared in kind.model.acts().items()
        if action not in kind.decided_on and action not in OF_SEATS and declared.permission != NOBODY
    }
    assert bare == OWN_WORK


@pytest.mark.django_db
def test_the_last_decisions_on_a_monitoring_show_its_whole_page(cast: Cast, at: Opened) -> None:
    engagement = make_engagement(cast, State.REPORTING)
    deliver(cast, engagement)
    page = at(cast.leader).get(f"/engagements/{engagement.number}/act/publish/").content.decode()
    for part in ("Stages and deliverables", "Public report (test)", 'id="findings"'):
        assert part in page


@pytest.mark.django_db
def test_who_lets_a_monitoring_go_on_reads_why_it_rests(cast: Cast, at: Opened) -> None:
    engagement = make_engagement(cast, State.PREPARATION)
    perform(engagement, "suspend", by=cast.head, reason="The budget is cut (test).", until=LATER)
    page = at(cast.head).get(f"/engagements/{engagement.number}/act/resume/").content.decode()
    assert "The budget is cut (test)." in page


@pytest.mark.django_db
def test_who_enters_the_contract_sees_the_decision_on_the_contractor(cast: Cast, at: Opened) -> None:
    engagement = make_engagement(cast)
    perform(engagement, "start", by=cast.coordinator)
    page = at(cast.coordinator).get(f"/engagements/{engagement.number}/act/conclude_contract/").content.decode()
    assert "Decision (test)" in page
