"""The one door: what an act leaves, what a refusal leaves, and what a crash inside leaves."""

import json
from datetime import timedelta
from typing import Any

import pytest

from cases.desk.leading import assign
from cases.desk.models import Comment
from cases.desk.talking import comment
from cases.followup.models import Extension, Recommendation
from cases.followup.verbs import Draft, MeasureDraft, draft_successor, edit_draft, request_extension, write_plan
from tests.cast import Cast
from tests.factories import make_extension, make_recommendation
from tests.workflow.acting import everything, inputs_of
from workflow.door import Refused, Stale, amend, begin, consequence, happened, perform, remark
from workflow.may import options
from workflow.models import Event, Expectation
from workflow.terms import legal_date, working_days_from


def last_event(case: Any) -> Event:
    return Event.objects.of(case.CASE_TYPE, case.pk).latest("position")


def details(event: Event) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(event.details.text)
    return found


def test_an_act_changes_the_row_writes_one_event_and_hands_over_what_is_owed(cast: Cast) -> None:
    case = make_recommendation(cast, "issued")
    version, events = case.version, Event.objects.count()
    [old] = Expectation.objects.open().of("recommendation", case.pk)
    event = perform(case, "respond", by=cast.rector, response="partial", text="Mostly", left_out="The roof")
    [new] = Expectation.objects.open().of("recommendation", case.pk)
    old.refresh_from_db()
    assert (case.state, case.version, case.response) == ("under_review", version + 1, "partial")
    assert Event.objects.count() == events + 1
    assert (old.closed_by_id, new.opened_by_id) == (event.pk, event.pk)
    assert (new.action, new.role, new.organisation_id) == ("agree_plan", "coordinator", cast.department.pk)
    assert (new.lead_id, new.addressed_id, new.assignee) == (cast.department.pk, cast.university.pk, cast.coordinator)
    assert (new.start, new.days, new.due) == (legal_date(), 10, working_days_from(legal_date(), 10))


def test_an_event_tells_who_under_which_membership_and_what_was_put_in_and_changed(cast: Cast) -> None:
    case = make_recommendation(cast, "claimed")
    perform(case, "confirm", by=cast.coordinator, degree="most", text="Seen on the spot")
    event = last_event(case)
    [membership] = cast.coordinator.current_memberships
    assert (event.actor, event.role, event.membership_id) == (cast.coordinator, "coordinator", membership.pk)
    assert (event.source, event.target, event.version) == ("claimed", "verified", case.version)
    assert details(event)["inputs"] == {"degree": "most", "text": "Seen on the spot"}
    assert details(event)["changes"] == {
        "verified_degree": ["", "most"],
        "verified_by_id": [None, cast.coordinator.pk],
        "verified_on": [None, str(legal_date())],
    }


def test_an_unknown_action_is_refused_and_changes_nothing(cast: Cast) -> None:
    case = make_recommendation(cast, "draft")
    before = everything()
    for forged in ("nonsense", "deliver", "save", "delete", "_end", "comment", "create"):
        with pytest.raises(Refused, match="There is no such action"):
            perform(case, forged, by=cast.coordinator)
    with pytest.raises(Refused, match="There is no such action"), amend(case, "issue", by=cast.coordinator):
        pass
    assert everything() == before


def test_missing_or_foreign_inputs_are_a_mistake_of_the_program_and_change_nothing(cast: Cast) -> None:
    case = make_recommendation(cast, "issued")
    before = everything()
    for inputs in ({"reason": "only"}, {"reason": "r", "asked": "a", "state": "closed"}):
        with pytest.raises(TypeError):
            perform(case, "dispute", by=cast.rector, **inputs)
    assert everything() == before


def test_a_case_opened_before_somebody_else_acted_is_stale(cast: Cast) -> None:
    case = make_recommendation(cast, "issued")
    opened = Recommendation.objects.get(pk=case.pk)
    perform(case, "respond", by=cast.rector, response="accepted")
    before = everything()
    with pytest.raises(Stale, match="This case changed after you opened it"):
        perform(opened, "withdraw", by=cast.leader, **inputs_of("withdraw"))
    with pytest.raises(Stale):
        perform(case, "agree_plan", by=cast.coordinator, version=case.version - 1)
    assert everything() == before
    perform(case, "agree_plan", by=cast.coordinator, version=case.version)


def test_a_changed_plan_makes_the_page_of_whoever_decides_on_it_stale(cast: Cast) -> None:
    case = make_recommendation(cast, "issued")
    opened = Recommendation.objects.get(pk=case.pk)
    measures = [MeasureDraft("Buy books", "Librarian", case.current_due)]
    write_plan(case, measures, by=cast.officer, version=case.version)
    with pytest.raises(Stale):
        perform(opened, "respond", by=cast.rector, response="accepted")


def test_a_comment_makes_no_page_stale(cast: Cast) -> None:
    case = make_recommendation(cast, "issued")
    opened = Recommendation.objects.get(pk=case.pk)
    comment(case, "We are working on it.", by=cast.officer, is_internal=False)
    perform(opened, "respond", by=cast.rector, response="accepted")
    assert opened.state == "under_review"


def test_a_comment_from_an_old_page_is_recorded_under_the_state_as_it_is(cast: Cast) -> None:
    case = make_recommendation(cast, "issued")
    opened = Recommendation.objects.get(pk=case.pk)
    perform(case, "respond", by=cast.rector, response="accepted")
    comment(opened, "Late", by=cast.officer, is_internal=False)
    event = last_event(case)
    assert (event.action, event.source, event.target) == ("comment", "under_review", "under_review")
    assert event.version == case.version


def test_a_comment_from_an_old_page_is_refused_when_the_case_was_closed_meanwhile(cast: Cast) -> None:
    case = make_recommendation(cast, "verified")
    opened = Recommendation.objects.get(pk=case.pk)
    perform(case, "close", by=cast.head, closing_reason="implemented")
    with pytest.raises(Refused, match="the case is in the state “Closed”"):
        comment(opened, "Too late", by=cast.officer, is_internal=False)
    assert not Comment.objects.exists()


def test_after_an_act_the_buttons_are_not_judged_by_what_was_put_into_it(cast: Cast) -> None:
    case = make_recommendation(cast, "issued")
    perform(case, "respond", by=cast.rector, response="accepted")
    offered = {option.action: option.blocked for option in options(case, cast.coordinator)}
    assert offered == {"agree_plan": "", "return_plan": ""}


def test_after_an_act_the_object_holds_nothing_from_before(cast: Cast) -> None:
    made = make_recommendation(cast, "issued", measures=0)
    case = Recommendation.objects.prefetch_related("plans__measures", "responses").select_related("coordinator").get(
        pk=made.pk
    )  # fmt: skip
    assert case.measures_now() == []
    measures = [MeasureDraft("Buy books", "Librarian", case.current_due)]
    write_plan(case, measures, by=cast.officer, version=case.version)
    assert [one.text for one in case.measures_now()] == ["Buy books"]
    perform(case, "respond", by=cast.rector, response="accepted")
    assert [response.response for response in case.responses.all()] == ["accepted"]


def test_a_case_can_be_read_again_though_its_state_is_protected(cast: Cast) -> None:
    case = make_recommendation(cast, "issued")
    opened = Recommendation.objects.get(pk=case.pk)
    perform(case, "respond", by=cast.rector, response="accepted")
    opened.refresh_from_db()
    assert (opened.state, opened.version) == ("under_review", case.version)
    opened.refresh_from_db(fields=["state"])
    with pytest.raises(AttributeError, match="Direct state modification is not allowed"):
        opened.state = "closed"


def test_columns_that_only_repeat_others_are_not_told_by_the_trail(cast: Cast) -> None:
    case = make_recommendation(cast, "draft")
    draft = Draft(
        institution=cast.university, department=cast.department, source=case.source, texts={"ky": "Башка"},
        cause="Criterion 9", due=case.first_due, coordinator=cast.coordinator,
    )  # fmt: skip
    edit_draft(case, draft, by=cast.coordinator, version=case.version)
    changed = details(last_event(case))["changes"]
    assert changed["cause"] == ["Criterion 5.2: resources for learning", "Criterion 9"]
    assert "search" not in changed


def test_a_crash_in_what_listens_leaves_nothing(cast: Cast) -> None:
    case = make_recommendation(cast, "in_progress")
    extension = make_extension(cast, case)
    before = everything()

    def crash(**rest: Any) -> None:
        raise RuntimeError("the outbox is broken")

    happened.connect(crash)
    try:
        for act in (
            lambda: perform(case, "claim", by=cast.rector),
            lambda: perform(extension, "grant", by=cast.head),
            lambda: comment(case, "Hello", by=cast.officer, is_internal=False),
            lambda: assign(case, cast.second_coordinator, by=cast.head),
        ):
            with pytest.raises(RuntimeError, match="the outbox is broken"):
                act()
            assert everything() == before
    finally:
        happened.disconnect(crash)
    assert (case.state, extension.state) == ("in_progress", "requested")


def test_a_crash_while_a_verb_writes_leaves_nothing(cast: Cast) -> None:
    case = make_recommendation(cast, "issued")
    before = everything()

    def crash(way: Any) -> None:
        with way(case, "comment", by=cast.officer) as amendment:
            row = {"subject_type": "recommendation", "subject_id": amendment.case.pk}
            Comment.objects.create(**row, text="half", written_by=cast.officer)
            raise ZeroDivisionError

    for way in (amend, remark):
        with pytest.raises(ZeroDivisionError):
            crash(way)
        assert everything() == before


def test_a_case_begins_in_its_first_state_only(cast: Cast) -> None:
    case = make_recommendation(cast, "in_progress")
    granted = Extension(
        number="E1", recommendation=case, until=case.current_due + timedelta(days=9), due_before=case.current_due,
        reason="Please", level="coordinator", requested_by=cast.officer, state="granted",
    )  # fmt: skip
    with pytest.raises(Refused, match="the case is in the state “Granted”"):
        begin(granted, by=cast.officer)
    closed = Recommendation(
        number="D-1", draft_number="D-1", ministry=cast.ministry, department=cast.department,
        institution=cast.university, state="closed",
    )  # fmt: skip
    with pytest.raises(Refused, match="the case is in the state “Closed”"):
        begin(closed, by=cast.coordinator)


def test_a_consequence_for_a_case_that_changed_meanwhile_is_stale_and_the_act_is_undone(cast: Cast) -> None:
    extension = make_extension(cast)
    seen = extension.recommendation
    perform(Recommendation.objects.get(pk=seen.pk), "claim", by=cast.rector)
    extension = Extension.objects.get(pk=extension.pk)
    extension.recommendation = seen
    before = everything()
    with pytest.raises(Stale), consequence(seen, "move_due", of=None):  # type: ignore[arg-type]
        pass
    assert everything() == before
    with pytest.raises(Refused, match="not in progress any more"):
        perform(extension, "grant", by=cast.head)


def test_closed_is_final_and_a_successor_inherits_the_first_due_date_and_the_slips(cast: Cast) -> None:
    first_due = legal_date() - timedelta(days=100)
    case = make_recommendation(cast, "closed", first_due=first_due, current_due=first_due, slips=2, slip_days=60)
    assert options(case, cast.leader) == options(case, cast.coordinator) == []
    assert not Expectation.objects.open().of("recommendation", case.pk).exists()
    successor = draft_successor(case, by=cast.coordinator)
    assert (successor.predecessor, successor.state) == (case, "draft")
    assert (successor.first_due, successor.slips, successor.slip_days) == (first_due, 2, 60)
    assert Recommendation.objects.get(pk=case.pk).state == "closed"


def test_a_request_for_more_time_is_an_event_of_both_cases(cast: Cast) -> None:
    case = make_recommendation(cast, "in_progress")
    until = case.current_due + timedelta(days=20)
    extension = request_extension(case, until=until, reason="The road is closed.", by=cast.officer)
    assert last_event(extension).action == "create"
    assert last_event(case).action == "extend"
    [owed] = Expectation.objects.open().of("extension", extension.pk)
    assert (owed.action, owed.role, owed.assignee) == ("grant", extension.level, cast.coordinator)


def test_what_was_said_of_an_earlier_claim_is_not_said_of_the_next(cast: Cast) -> None:
    case = make_recommendation(cast, "claimed", classification="improvement")
    perform(case, "not_confirmed", by=cast.coordinator, reason="The shelves are empty.")
    assert case.verified_degree == "none"
    perform(case, "claim", by=cast.rector)
    perform(case, "accept_claim", by=cast.coordinator)
    assert (case.closing_reason, case.verified_degree) == ("on_word", "")
