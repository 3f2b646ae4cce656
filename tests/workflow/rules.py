"""What holds of every case at any time: the invariants of follow-up, each as one assertion over the stored rows."""

from collections.abc import Iterable

from cases.followup.models import Extension, Recommendation
from workflow.case import Case
from workflow.lifecycles.extension import LADDER
from workflow.lifecycles.follow_up import Classification
from workflow.models import Event, Expectation
from workflow.roles import Role


def implemented_is_proved_and_verified_by_another(case: Recommendation) -> None:
    if case.closing_reason in ("implemented", "alternative") or case.state == "verified":
        assert case.has_accepted_evidence()
        assert case.verified_by is not None
        assert case.verified_by != case.claimed_by
        assert not case.verified_by.memberships.filter(organisation=case.institution_id).exists()
    if case.closing_reason == "on_word":
        assert case.classification == Classification.IMPROVEMENT


def nobody_decides_on_their_own_work(case: Recommendation, extensions: Iterable[Extension]) -> None:
    """And no case is closed while somebody waits for a decision."""
    assert case.state != "closed" or all(one.state != "requested" for one in extensions)
    assert case.closed_by_id is None or case.closed_by_id != case.verified_by_id
    for extension in extensions:
        if extension.state != "requested":
            assert extension.decided_by is not None
            assert extension.decided_by != extension.requested_by
            assert not extension.decided_by.memberships.filter(organisation=case.institution_id).exists()
            event = Event.objects.of("extension", extension.pk).latest("position")
            assert LADDER.index(Role(event.role)) >= LADDER.index(Role(extension.level))


def an_open_case_is_owed_by_somebody_and_a_closed_one_by_nobody(case: Case, holders: set[tuple[int, str]]) -> None:
    """`holders`: (organisation, role) of the memberships in force."""
    owed = list(Expectation.objects.open().of(case.CASE_TYPE, case.pk))
    state = case.follow("state")
    assert bool(owed) == (state not in case.final_states())
    assert {row.state for row in owed} <= {state}
    for row in owed:
        assert row.days is None or row.due > row.start
        assert (row.organisation_id, row.role) in holders, row


def every_change_of_state_has_its_event(case: Case) -> None:
    """The events lead from the first state to the present one without a gap, and the last knows the version."""
    state, version = str(case.INITIAL), 0
    for event in Event.objects.of(case.CASE_TYPE, case.pk).order_by("position"):
        assert event.source == state
        assert event.version >= version
        state, version = event.target, event.version
    assert (case.follow("state"), case.version) == (state, version)
