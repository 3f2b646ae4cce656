"""Many cases at once: the same checks and the same results as one by one, with what refuses named and left as it is."""

import json
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from django.db import transaction
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.desk.models import NumberSeries
from cases.followup.models import Extension, Recommendation
from cases.planning.models import PlanSchedule
from cases.registry.models import User
from notifications.models import Message
from tests.cast import Cast
from tests.factories import make_extension, make_recommendation
from tests.kinds.planning import make_plan
from tests.workflow.acting import everything, inputs_of
from workflow.door import Refused, happened, perform
from workflow.lifecycles.recommendation import State
from workflow.many import perform_many
from workflow.models import Event, Expectation
from workflow.trail.verification import export_lines
from workflow.trail.verify import verify

pytestmark = pytest.mark.slow

KINDS: dict[str, dict[str, Any]] = {
    "ready": {},
    "without cause": {"cause": ""},
    "without text": {"texts": {}},
    "of another coordinator": {"coordinator": "second_coordinator"},
    "of the college": {"institution": "college"},
    "undated": {"first_due": None, "no_due_reason": "It is lasting."},
    "issued already": {"state": "issued"},
    "of another department": {"department": "other_department"},
}
"""Drafts that may be issued, and cases that refuse, each for another reason."""
SUBJECT = ("subject_type", "subject_id")
ORDERS = [*KINDS, "ready", "ready"]


def make_kind(cast: Cast, kind: str) -> Recommendation:
    fields = {
        name: getattr(cast, value) if isinstance(value, str) and hasattr(cast, value) else value
        for name, value in KINDS[kind].items()
    }
    return make_recommendation(cast, fields.pop("state", "draft"), **fields)


def all_of(made: Iterable[Recommendation]) -> "QuerySet[Recommendation]":
    return Recommendation.objects.filter(pk__in=[one.pk for one in made])


def one_by_one(cases: "QuerySet[Any]", action: str, by: User, **inputs: Any) -> list[tuple[int, str]]:
    refused = []
    for case in cases.order_by("pk"):
        try:
            perform(case, action, by=by, **inputs)
        except Refused as refusal:
            refused.append((case.pk, refusal.sentence))
    return refused


def all_at_once(cases: "QuerySet[Any]", action: str, by: User, **inputs: Any) -> list[tuple[int, str]]:
    batch = inputs.pop("batch", 3)
    return [(case.pk, reason) for case, reason in perform_many(cases, action, by=by, batch=batch, **inputs).refused]


def result(way: Callable[..., list[tuple[int, str]]], cases: "QuerySet[Any]", *what: Any, **inputs: Any) -> list[Any]:
    """What acting in this way leaves, and whom it refuses; then it is undone."""
    with transaction.atomic():
        refused = way(cases, *what, **inputs)
        left = [refused, *_rows(cases.model)]
        assert verify(export_lines()).broken == ""
        transaction.set_rollback(True)
    return left


def _rows(model: Any) -> list[Any]:
    """Everything but what must differ: ids, moments and what is made of them."""
    return [
        list(model._base_manager.order_by("pk").values()),
        [_event(event) for event in Event.objects.select_related("details").order_by(*SUBJECT, "position")],
        [_expectation(expectation) for expectation in Expectation.objects.order_by(*SUBJECT, "opened_by", "id")],
        sorted(
            Message.objects.values_list(
                *(f"event__{name}" for name in (*SUBJECT, "position")), "recipient", "channel", "template", "status"
            )
        ),
        list(NumberSeries.objects.order_by("prefix").values("prefix", "year", "last")),
    ]  # fmt: skip


def _event(one: Event) -> tuple[Any, ...]:
    told = json.loads(one.details.text) if hasattr(one, "details") else None
    if told and "because_of" in told:
        cause = Event.objects.get(pk=told.pop("because_of"))
        told["because_of"] = (cause.number, cause.action)
    return (
        one.subject_type, one.subject_id, one.position, one.number, one.action, one.source, one.target, one.version,
        one.actor_id, one.role, one.organisation_id, one.membership_id, told,
    )  # fmt: skip


def _expectation(one: Expectation) -> tuple[Any, ...]:
    return (
        one.subject_type, one.subject_id, one.number, one.state, one.action, one.topic, one.role, one.helper_role,
        one.organisation_id, one.lead_id, one.addressed_id, one.assignee_id, one.start, one.days, one.calendar, one.due,
        one.opened_by.position, one.closed_by and one.closed_by.position,
    )  # fmt: skip


@settings(max_examples=12)
@given(kinds=st.lists(st.sampled_from(ORDERS), min_size=1, max_size=8), batch=st.integers(1, 4))
def test_issuing_many_leaves_what_issuing_each_leaves(cast: Cast, kinds: list[str], batch: int) -> None:
    with transaction.atomic():
        cases = all_of([make_kind(cast, kind) for kind in kinds])
        together = result(all_at_once, cases, "issue", cast.coordinator, batch=batch)
        assert together == result(one_by_one, cases, "issue", cast.coordinator)
        transaction.set_rollback(True)


ACTORS = {
    "issue": "coordinator", "respond": "rector", "dispute": "rector", "uphold": "leader", "agree_plan": "coordinator",
    "return_plan": "coordinator", "claim": "rector", "confirm": "coordinator", "not_confirmed": "coordinator",
    "accept_claim": "coordinator", "close": "head", "close_unimplemented": "leader", "withdraw": "leader",
}  # fmt: skip


@pytest.mark.parametrize("action", Recommendation.transitions())
def test_every_action_on_many_leaves_what_it_leaves_on_each(cast: Cast, action: str) -> None:
    states = [*Recommendation.transitions()[action].sources, *State.values]
    cases = all_of([make_recommendation(cast, state, classification="improvement") for state in states])
    actor = getattr(cast, ACTORS[action])
    together = result(all_at_once, cases, action, actor, **inputs_of(action))
    assert together == result(one_by_one, cases, action, actor, **inputs_of(action))
    assert len(together[0]) == len(states) - 2 * len(Recommendation.transitions()[action].sources)


@pytest.mark.parametrize("action", Extension.transitions())
def test_deciding_many_requests_leaves_what_deciding_each_leaves(cast: Cast, action: str) -> None:
    for risk in ("low", "high", "medium", "low"):
        make_extension(cast, make_recommendation(cast, "in_progress", risk=risk))
    cases = Extension.objects.all()
    together = result(all_at_once, cases, action, cast.coordinator, **inputs_of(action))
    assert together == result(one_by_one, cases, action, cast.coordinator, **inputs_of(action))
    assert [reason for _pk, reason in together[0]] == ["This much more time is decided by: Head of department."]


def test_what_refuses_is_named_with_its_reason_and_takes_no_number(cast: Cast) -> None:
    ready = [make_recommendation(cast) for _ in range(3)]
    bare = make_recommendation(cast, cause="")
    foreign = make_recommendation(cast, coordinator=cast.second_coordinator)
    outcome = perform_many(Recommendation.objects.all(), "issue", by=cast.coordinator, batch=2)
    assert [(case.pk, reason) for case, reason in outcome.refused] == [
        (bare.pk, "Say which finding or criterion it answers."),
        (foreign.pk, "This case is assigned to Asan (test)."),
    ]
    numbers = [Recommendation.objects.get(pk=one.pk).number for one in ready]
    assert [int(number[-5:]) for number in numbers] == [1, 2, 3]
    assert [event.number for event in outcome.events] == numbers


def test_many_rest_on_what_one_rests_on(cast: Cast) -> None:
    """An answer rests on the version that was submitted, not on whoever else answered meanwhile."""
    plan = make_plan(cast, "submitted")
    seen, older = {plan.pk: plan.submissions}, {plan.pk: plan.submissions - 1}
    perform(plan, "agree", by=cast.head)
    cases = PlanSchedule.objects.filter(pk=plan.pk)
    [(_case, sentence)] = perform_many(cases, "agree", by=cast.leader, versions=older).refused
    assert sentence.startswith("This case changed after you opened it")
    assert perform_many(cases, "agree", by=cast.leader, versions=seen).refused == []
    assert cases.get().state == "agreed"


def test_many_that_are_all_refused_change_nothing_at_all(cast: Cast) -> None:
    for _time in range(3):
        make_recommendation(cast)
    before = everything()
    outcome = perform_many(Recommendation.objects.all(), "issue", by=cast.rector)
    assert (len(outcome.refused), outcome.events) == (3, [])
    assert everything() == before
    assert perform_many(Recommendation.objects.none(), "issue", by=cast.coordinator).refused == []
    with pytest.raises(Refused, match="There is no such action"):
        perform_many(Recommendation.objects.all(), "nonsense", by=cast.leader)


def test_a_batch_of_any_size_takes_the_same_number_of_statements(
    cast: Cast, django_assert_max_num_queries: Callable[[int], CaptureQueriesContext]
) -> None:
    counts = []
    assert cast.coordinator.role_map
    for size in (2, 30):
        cases = all_of([make_recommendation(cast) for _ in range(size)])
        with django_assert_max_num_queries(30) as queries:
            assert len(perform_many(cases, "issue", by=cast.coordinator).events) == size
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_crash_in_one_batch_leaves_that_batch_undone_and_the_earlier_ones_done(cast: Cast) -> None:
    made = [make_recommendation(cast) for _ in range(5)]
    batches: list[int] = []

    def crash_at_the_second(happenings: list[Any], **rest: Any) -> None:
        batches.append(len(happenings))
        if len(batches) == 2:
            raise RuntimeError("the outbox is broken")

    happened.connect(crash_at_the_second)
    try:
        with pytest.raises(RuntimeError, match="the outbox is broken"):
            perform_many(all_of(made), "issue", by=cast.coordinator, batch=2)
    finally:
        happened.disconnect(crash_at_the_second)
    assert batches == [2, 2]
    states = list(all_of(made).order_by("pk").values_list("state", flat=True))
    assert states == ["issued", "issued", "draft", "draft", "draft"]
    assert Event.objects.filter(action="issue").count() == 2


def test_the_drafts_that_were_issued_are_found_by_their_new_numbers(cast: Cast) -> None:
    made = [make_recommendation(cast) for _ in range(2)]
    perform_many(all_of(made[:1]), "issue", by=cast.coordinator)
    perform(made[1], "issue", by=cast.coordinator)
    for one in all_of(made):
        assert list(Recommendation.objects.matching(one.number)) == [one]
