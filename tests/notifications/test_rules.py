"""Who is told of which act: every rule, by the names of the cast."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.core.checks.registry import registry

from cases.desk.kinds import Rule, kinds
from cases.desk.leading import assign
from cases.desk.talking import comment
from cases.followup.models import Recommendation
from cases.followup.verbs import Draft, draft_recommendation, request_extension
from cases.registry import two_people
from cases.registry.messages import LETTERS, SILENT
from notifications.checks import check_letters, check_messages, check_messages_of, check_rule
from notifications.models import Channel, Message
from tests.cast import Cast
from tests.factories import make_extension, make_recommendation, make_source
from tests.kinds.accounts import make_account_change
from tests.kinds.follow_up import make_effect_review
from workflow.door import perform
from workflow.lifecycles.account_change import Change
from workflow.lifecycles.recommendation import State
from workflow.roles import Role
from workflow.terms import legal_date

REASON = {"reason": "Because (test)."}

ACTS: dict[str, tuple[State, str, dict[str, Any], set[str]]] = {
    "issue": (State.DRAFT, "coordinator", {}, {"rector", "officer"}),
    "respond": (State.ISSUED, "rector", {"response": "accepted"}, {"coordinator"}),
    "dispute": (
        State.ISSUED,
        "rector",
        REASON | {"asked": "Withdraw it."},
        {"leader", "head", "second_head", "coordinator"},
    ),
    "uphold": (State.DISPUTED, "leader", REASON, {"rector", "officer", "coordinator"}),
    "agree_plan": (State.UNDER_REVIEW, "coordinator", {}, {"rector", "officer"}),
    "return_plan": (State.UNDER_REVIEW, "coordinator", REASON, {"rector", "officer"}),
    "claim": (State.IN_PROGRESS, "rector", {}, {"coordinator"}),
    "confirm": (State.CLAIMED, "coordinator", {"degree": "full"}, {"head", "second_head", "rector", "officer"}),
    "not_confirmed": (State.CLAIMED, "coordinator", REASON, {"rector", "officer"}),
    "accept_claim": (State.CLAIMED, "coordinator", {}, {"rector", "officer", "head", "second_head"}),
    "close": (State.VERIFIED, "head", {"closing_reason": "implemented"}, {"rector", "officer", "coordinator"}),
    "close_unimplemented": (
        State.IN_PROGRESS,
        "leader",
        REASON | {"risk_owner": "Vice-rector", "risk_expires_on": legal_date() + timedelta(days=90)},
        {"rector", "officer", "coordinator", "head", "second_head"},
    ),
    "withdraw": (
        State.ISSUED,
        "leader",
        REASON | {"closing_reason": "issued_in_error"},
        {"rector", "officer", "coordinator", "head", "second_head"},
    ),
}
"""action -> the state it starts from, who acts, with what, and who is told."""


def _assign(cast: Cast, case: Recommendation) -> None:
    assign(case, cast.second_coordinator, by=cast.head)


def _draft_for(who: str) -> Callable[[Cast, Recommendation], None]:
    def act(cast: Cast, case: Recommendation) -> None:
        draft = Draft(cast.university, cast.department, make_source(cast.department), coordinator=getattr(cast, who))
        draft_recommendation(draft, by=cast.coordinator)

    return act


def _comment(who: str, *, is_internal: bool = False) -> Callable[[Cast, Recommendation], None]:
    def act(cast: Cast, case: Recommendation) -> None:
        comment(case, "Said (test).", by=getattr(cast, who), is_internal=is_internal)

    return act


def _more_time(days: int) -> Callable[[Cast, Recommendation], None]:
    def act(cast: Cast, case: Recommendation) -> None:
        assert case.current_due
        until = case.current_due + timedelta(days=days)
        request_extension(case, until=until, reason="Late delivery (test).", by=cast.officer)

    return act


VERBS = [
    ("recommendation.create", _draft_for("second_coordinator"), {"second_coordinator"}),
    ("recommendation.create", _draft_for("coordinator"), set()),
    ("recommendation.assign", _assign, {"second_coordinator"}),
    ("recommendation.comment", _comment("rector"), {"coordinator"}),
    ("recommendation.comment", _comment("coordinator"), {"rector", "officer"}),
    ("recommendation.comment", _comment("leader"), {"rector", "officer", "coordinator"}),
    ("recommendation.comment_internal", _comment("coordinator", is_internal=True), {"head", "second_head"}),
    ("recommendation.comment_internal", _comment("leader", is_internal=True), {"coordinator", "head", "second_head"}),
    ("extension.create", _more_time(30), {"coordinator"}),
    ("extension.create", _more_time(150), {"head", "second_head"}),
    ("extension.create", _more_time(300), {"leader"}),
]

DECISIONS: dict[str, dict[str, Any]] = {"grant": {}, "refuse": REASON, "return_request": REASON}


def told(cast: Cast, on: str) -> set[str]:
    """The names in the cast of those who were told of an act, the same by both channels."""
    case_type, _, action = on.partition(".")
    rows = Message.objects.filter(event__subject_type=case_type, event__action=action)
    names = {user.pk: name for name, user in vars(cast).items() if hasattr(user, "email")}
    found = {channel: {names[row.recipient_id] for row in rows.filter(channel=channel)} for channel in Channel.values}
    assert found[Channel.IN_APP] == found[Channel.EMAIL]
    return found[Channel.IN_APP]


@pytest.mark.parametrize("action", ACTS)
def test_each_step_of_a_recommendation_tells_whom_it_concerns(cast: Cast, action: str) -> None:
    state, actor, inputs, expected = ACTS[action]
    fields = {"classification": "improvement"} if action == "accept_claim" else {}
    case = make_recommendation(cast, state, **fields)
    perform(case, action, by=getattr(cast, actor), **inputs)
    assert told(cast, f"recommendation.{action}") == expected


@pytest.mark.parametrize(("on", "act", "expected"), VERBS)
def test_each_verb_tells_whom_it_concerns(
    cast: Cast, on: str, act: Callable[[Cast, Recommendation], None], expected: set[str]
) -> None:
    act(cast, make_recommendation(cast, State.IN_PROGRESS))
    assert told(cast, on) == expected


@pytest.mark.parametrize("action", DECISIONS)
def test_a_decision_on_more_time_tells_the_institution_and_the_coordinator(cast: Cast, action: str) -> None:
    extension = make_extension(cast)
    perform(extension, action, by=cast.head, **DECISIONS[action])
    assert told(cast, f"extension.{action}") == {"rector", "officer", "coordinator"}


CHANGES: dict[str, tuple[str, dict[str, Any], set[str]]] = {
    "approve": ("head", {}, {"registrar", "second_head", "leader"}),
    "refuse": ("head", REASON, {"registrar", "second_head"}),
    "withdraw": ("registrar", {}, {"head", "second_head"}),
    "create": ("registrar", {}, {"head", "second_head"}),
    "comment": ("leader", {}, {"registrar", "head", "second_head"}),
}
"""action on a request of the registrar -> who acts, with what, and who is told."""


@pytest.mark.parametrize("action", CHANGES)
def test_each_act_on_a_change_of_an_account_tells_those_who_decide(cast: Cast, action: str) -> None:
    actor, inputs, expected = CHANGES[action]
    by = getattr(cast, actor)
    if action == "create":
        two_people.ask(Change.DEACTIVATE, by=by, person=cast.officer, reason="Left (test).")
    elif action == "comment":
        comment(make_account_change(cast, requested_by=cast.registrar), "Said (test).", by=by, is_internal=False)
    else:
        perform(make_account_change(cast, requested_by=cast.registrar), action, by=by, **inputs)
    assert told(cast, f"account_change.{action}") == expected


EFFECTS: dict[str, tuple[str, set[str]]] = {
    "create": ("asked", {"rector", "officer", "coordinator"}),
    "report": ("reported", {"coordinator"}),
    "assess": ("assessed", {"rector", "officer", "head", "second_head"}),
}
"""action on an effect review -> the state it leads to, and who is told."""


@pytest.mark.parametrize("action", EFFECTS)
def test_each_act_of_an_effect_review_tells_the_other_side(cast: Cast, action: str) -> None:
    state, expected = EFFECTS[action]
    make_effect_review(cast, state)
    assert told(cast, f"effect_review.{action}") == expected


def test_every_act_of_the_registry_has_a_letter_or_is_silent() -> None:
    assert list(check_letters(LETTERS, SILENT)) == []
    for letters, silent in (({}, SILENT), (LETTERS, SILENT | set(LETTERS)), (LETTERS, SILENT - {"invite"})):
        assert {error.id for error in check_letters(letters, silent)} == {"notifications.E006"}
    wrong = {**LETTERS, "change_address": "never_written"}
    assert {error.id for error in check_letters(wrong, SILENT)} == {"notifications.E002"}


def test_every_rule_is_tried_above() -> None:
    assert set(CHANGES) == {rule.action for rule in kinds()["account_change"].tells}
    tried = {f"recommendation.{action}" for action in ACTS} | {f"extension.{action}" for action in DECISIONS}
    tried |= {f"effect_review.{action}" for action in EFFECTS} | {on for on, _act, _expected in VERBS}
    names = ("recommendation", "extension", "effect_review")
    rules = {f"{name}.{rule.action}" for name in names for rule in kinds()[name].tells}
    in_test_clock = {"recommendation.expire", "recommendation.fall_late"}
    in_analysis = {"recommendation.finding_withdrawn"}  # tests/analysis/test_recommendations.py
    assert tried == rules - in_test_clock - in_analysis


def test_silent_acts_tell_nobody_and_have_no_rule(cast: Cast) -> None:
    case = make_recommendation(cast, State.IN_PROGRESS)
    _more_time(30)(cast, case)
    assert told(cast, "recommendation.extend") == set()
    for kind in kinds().values():
        assert not kind.silent & {rule.action for rule in kind.tells}


def test_the_rules_pass_the_system_checks() -> None:
    assert check_messages() == []
    assert check_messages in registry.get_checks()


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"action": "explode"}, "notifications.E001"),
        ({"template": "never_written"}, "notifications.E002"),
        ({"to": (Role.REGISTRAR,)}, "notifications.E003"),
        ({"to": ("nobody",)}, "notifications.E003"),
        ({"action": "create"}, "notifications.E004"),
        ({"action": "comment_internal"}, "notifications.E004"),
    ],
)
def test_a_rule_that_cannot_work_stops_the_start(change: dict[str, Any], expected: str) -> None:
    kind = kinds()["recommendation"]
    rule = Rule("issue", to=(Role.INSTITUTION_HEAD,), template="issued")
    assert list(check_rule(kind, rule)) == []
    assert {error.id for error in check_rule(kind, replace(rule, **change))} == {expected}


def test_an_act_without_a_word_on_who_is_told_stops_the_start() -> None:
    kind = kinds()["recommendation"]
    first, *others = kind.tells
    errors = list(check_messages_of(replace(kind, tells=others)))
    assert [(error.id, f"recommendation.{first.action}" in error.msg) for error in errors] == [
        ("notifications.E005", True)
    ]


def test_internal_comments_are_for_the_department_alone() -> None:
    [rule] = [rule for rule in kinds()["recommendation"].tells if rule.action == "comment_internal"]
    assert set(rule.to) == {Role.COORDINATOR, Role.DEPARTMENT_HEAD}
