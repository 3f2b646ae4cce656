"""The page of every action: it is done from there, or refused with a sentence, and what was typed stays."""

from datetime import timedelta
from inspect import signature
from typing import Any

import pytest

from cases.desk.kinds import kinds
from cases.followup.models import EffectReview, Extension, Recommendation
from tests.cast import Cast
from tests.factories import make_extension, make_recommendation
from tests.followup.pages import (
    READERS,
    Opened,
    blocked_buttons,
    browser,
    footprint,
    plain,
    press,
    text_of,
    url,
)
from workflow.models import Event
from workflow.terms import legal_date

pytestmark = pytest.mark.slow

SOON = str(legal_date() + timedelta(days=90))
RISK = {"reason": "It costs more than it saves.", "risk_owner": "Vice-rector", "risk_expires_on": SOON}
ACTS: list[tuple[str, str, str, dict[str, str], str]] = [
    ("issue", "draft", "coordinator", {}, "issued"),
    (
        "respond",
        "issued",
        "rector",
        {"response": "partial", "left_out": "The west wing", "text": "Yes"},
        "under_review",
    ),
    ("dispute", "issued", "rector", {"reason": "We have no library.", "asked": "Take it back"}, "disputed"),
    ("uphold", "disputed", "leader", {"reason": "There is one."}, "issued"),
    ("agree_plan", "under_review", "coordinator", {}, "in_progress"),
    ("return_plan", "under_review", "coordinator", {"reason": "Name the posts."}, "issued"),
    ("claim", "in_progress", "rector", {"text": "All done"}, "claimed"),
    ("confirm", "claimed", "coordinator", {"degree": "most", "text": "Seen"}, "verified"),
    ("not_confirmed", "claimed", "coordinator", {"reason": "Half is missing."}, "in_progress"),
    ("accept_claim", "claimed", "coordinator", {}, "closed"),
    ("close", "verified", "head", {"closing_reason": "implemented", "text": "Well done"}, "closed"),
    ("close_unimplemented", "in_progress", "leader", RISK, "closed"),
    ("withdraw", "issued", "leader", {"closing_reason": "issued_in_error", "reason": "Wrong institution"}, "closed"),
]
"""action, state, who, inputs, target: every action of a recommendation."""
DECISIONS: list[tuple[str, dict[str, str], str]] = [
    ("grant", {"text": "Granted once"}, "granted"),
    ("refuse", {"reason": "Enough time was given."}, "refused"),
    ("return_request", {"reason": "Say what was done."}, "returned"),
]


def ready(cast: Cast, state: str, action: str = "") -> Recommendation:
    """Advice may be closed on the institution's word; everything else is a condition."""
    kind = "improvement" if action == "accept_claim" else "condition"
    return make_recommendation(cast, state, classification=kind)


@pytest.mark.parametrize(("action", "state", "who", "inputs", "target"), ACTS)
def test_every_action_is_done_from_its_page(
    as_: Opened, cast: Cast, action: str, state: str, who: str, inputs: dict[str, str], target: str
) -> None:
    case = ready(cast, state, action)
    client = as_(who)
    shown = client.get(case.get_absolute_url())
    assert f'href="{url(case, action)}"' in text_of(shown)
    page = client.get(url(case, action))
    assert page.status_code == 200
    assert f'name="version" value="{case.version}"' in text_of(page)
    assert all(f'name="{name}"' in text_of(page) for name in inputs)
    response = press(client, case, action, **inputs)
    case = Recommendation.objects.get(pk=case.pk)
    assert (response.status_code, response.headers.get("Location")) == (302, case.get_absolute_url())
    assert case.state == target
    assert "Done: " in text_of(client.get(case.get_absolute_url()))
    event = Event.objects.of("recommendation", case.pk).last()
    assert event is not None
    assert (event.action, event.actor_id, event.target) == (action, getattr(cast, who).pk, target)


@pytest.mark.parametrize(("action", "inputs", "target"), DECISIONS)
def test_every_decision_on_more_time_is_made_from_its_page(
    as_: Opened, cast: Cast, action: str, inputs: dict[str, str], target: str
) -> None:
    extension = make_extension(cast)
    client = as_("coordinator")
    shown = client.get(extension.recommendation.get_absolute_url())
    assert f'href="{url(extension, action)}"' in text_of(shown)
    assert extension.reason in text_of(client.get(url(extension, action)))
    response = press(client, extension, action, **inputs)
    assert (response.status_code, response.headers.get("Location")) == (302, extension.get_absolute_url())
    decided = Extension.objects.get(pk=extension.pk)
    assert (decided.state, decided.decision) == (target, next(iter(inputs.values())))
    moved = Recommendation.objects.get(pk=extension.recommendation_id)
    assert moved.current_due == (extension.until if action == "grant" else extension.due_before)


@pytest.mark.parametrize(("action", "state", "who", "inputs", "target"), ACTS)
def test_an_action_of_other_roles_is_refused_with_a_sentence(
    as_: Opened, cast: Cast, action: str, state: str, who: str, inputs: dict[str, str], target: str
) -> None:
    case = ready(cast, state, action)
    before = footprint(case)
    role = Recommendation.transitions()[action].permission.roles
    for name in READERS:
        if case.standing(getattr(cast, name), role) or (state == "draft" and name in ("rector", "officer")):
            continue
        client = as_(name)
        for response in (client.get(url(case, action)), press(client, case, action, **inputs)):
            assert response.status_code == 403
            assert "You may not do this: it is for" in text_of(response)
        assert url(case, action) not in text_of(client.get(case.get_absolute_url()))
    assert footprint(case) == before


@pytest.mark.parametrize(("action", "state", "who", "inputs", "target"), ACTS)
def test_an_action_of_another_state_is_refused_with_a_sentence(
    as_: Opened, cast: Cast, action: str, state: str, who: str, inputs: dict[str, str], target: str
) -> None:
    wrong = "verified" if state != "verified" else "claimed"
    case = ready(cast, wrong, action)
    before = footprint(case)
    client = as_(who)
    page = client.get(url(case, action))
    assert page.status_code == 200
    assert "This is not possible now: the case is in the state" in text_of(page)
    assert 'name="version"' not in text_of(page)
    response = press(client, case, action, **inputs)
    assert response.status_code == 422
    assert "This is not possible now: the case is in the state" in text_of(response)
    assert all(value in text_of(response) for name, value in inputs.items() if name in ("reason", "text", "asked"))
    assert footprint(case) == before


MISSING: list[tuple[str, str, str, dict[str, str], str]] = [
    ("respond", "issued", "rector", {"text": "typed"}, "Choose whether you accept it"),
    ("respond", "issued", "rector", {"response": "disputed", "text": "typed"}, "Choose whether you accept it"),
    ("respond", "issued", "rector", {"response": "partial", "text": "typed"}, "Say what you leave out and why."),
    ("dispute", "issued", "rector", {"reason": "typed"}, "Say what you ask for."),
    ("dispute", "issued", "rector", {"asked": "typed", "reason": " \n "}, "Give the reason."),
    ("uphold", "disputed", "leader", {"reason": "   "}, "Give the reason."),
    ("return_plan", "under_review", "coordinator", {}, "Give the reason."),
    ("confirm", "claimed", "coordinator", {"text": "typed"}, "Say to which degree it is done"),
    ("confirm", "claimed", "coordinator", {"text": "typed", "degree": "none"}, "Say to which degree it is done"),
    ("not_confirmed", "claimed", "coordinator", {}, "Give the reason."),
    ("close", "verified", "head", {"text": "typed"}, "Choose the closing reason."),
    ("close", "verified", "head", {"text": "typed", "closing_reason": "superseded"}, "Choose the closing reason."),
    ("close_unimplemented", "claimed", "leader", RISK | {"reason": ""}, "Give the reason."),
    ("close_unimplemented", "claimed", "leader", RISK | {"risk_owner": ""}, "Name who answers for the accepted risk."),
    ("close_unimplemented", "claimed", "leader", RISK | {"risk_expires_on": ""}, "Give a date in the future"),
    ("close_unimplemented", "claimed", "leader", RISK | {"risk_expires_on": "2020-01-01"}, "Give a date in the future"),
    ("close_unimplemented", "claimed", "leader", RISK | {"risk_expires_on": "31.02.2031"}, "This is not a date."),
    ("withdraw", "issued", "leader", {"reason": "typed"}, "Choose why it is taken back"),
    ("withdraw", "issued", "leader", {"reason": "typed", "closing_reason": "on_word"}, "Choose why it is taken back"),
]


@pytest.mark.parametrize(("action", "state", "who", "inputs", "sentence"), MISSING)
def test_what_is_missing_is_said_and_what_was_typed_stays(
    as_: Opened, cast: Cast, action: str, state: str, who: str, inputs: dict[str, str], sentence: str
) -> None:
    case = ready(cast, state, action)
    before = footprint(case)
    response = press(as_(who), case, action, **inputs)
    assert response.status_code == 422
    page = text_of(response)
    assert sentence in page
    assert 'class="error-summary"' in page
    assert f'name="version" value="{case.version}"' in page
    assert all(value in page for name, value in inputs.items() if name in ("reason", "text", "asked", "risk_owner"))
    assert footprint(case) == before


def test_what_a_condition_refuses_stands_at_its_field_and_is_linked_from_above(as_: Opened, cast: Cast) -> None:
    case = make_recommendation(cast, "issued")
    page = text_of(press(as_("rector"), case, "respond", response="partial"))
    assert '<a href="#id_left_out">What you leave out and why: Say what you leave out and why.</a>' in page
    assert page.count("Say what you leave out and why.") == 2
    claimed = make_recommendation(cast, "claimed")
    claimed.evidence.update(decision="received")
    claimed.evidence.filter(measure__position=1).update(decision="accepted")
    page = text_of(press(as_("coordinator"), claimed, "confirm", degree="full"))
    assert '<a href="#id_degree_group">' in page
    assert page.count("Before you say “fully”, accept or reject each file: protocol.pdf.") == 2


def test_what_is_needed_for_a_part_only_is_not_called_optional(as_: Opened, cast: Cast) -> None:
    page = plain(text_of(as_("rector").get(url(make_recommendation(cast, "issued"), "respond"))))
    assert "What you leave out and why (needed when you accept it in part)" in page
    assert "Explanation (optional)" in page


def test_a_blocked_issue_lists_all_that_is_missing_on_the_case_and_on_its_page(as_: Opened, cast: Cast) -> None:
    case = make_recommendation(cast, "draft", cause="", first_due=None, current_due=None)
    missing = ("Say which finding or criterion it answers.", "Add a due date first, or the reason why there is none.")
    client = as_("coordinator")
    assert blocked_buttons(text_of(client.get(case.get_absolute_url())))["Issue"] == missing
    page = text_of(client.get(url(case, "issue")))
    assert all(sentence in page for sentence in missing)


def test_who_may_not_act_is_told_that_alone(as_: Opened, cast: Cast) -> None:
    case = make_recommendation(cast, "draft", cause="")
    shown = text_of(as_("second_coordinator").get(case.get_absolute_url()))
    assert blocked_buttons(shown)["Issue"] == ("This case is assigned to Aigul (test).",)


@pytest.mark.parametrize("action", ["refuse", "return_request"])
def test_a_decision_against_more_time_needs_its_reason(as_: Opened, cast: Cast, action: str) -> None:
    extension = make_extension(cast)
    before = footprint(extension)
    response = press(as_("coordinator"), extension, action, reason=" ")
    assert (response.status_code, "Give the reason." in text_of(response)) == (422, True)
    assert footprint(extension) == before


BLOCKED: list[tuple[str, str, str, dict[str, Any], str]] = [
    ("issue", "draft", "coordinator", {"cause": ""}, "Say which finding or criterion it answers."),
    ("issue", "draft", "second_coordinator", {}, "This case is assigned to Aigul (test)."),
    ("respond", "issued", "rector", {"measures": 0}, "Add a plan with at least one measure first."),
    ("accept_claim", "claimed", "coordinator", {}, "Only advice (class “improvement”) may be closed"),
]


@pytest.mark.parametrize(("action", "state", "who", "fields", "reason"), BLOCKED)
def test_a_blocked_action_says_why_in_place_of_its_form(
    as_: Opened, cast: Cast, action: str, state: str, who: str, fields: dict[str, Any], reason: str
) -> None:
    case = make_recommendation(cast, state, **fields)
    before = footprint(case)
    client = as_(who)
    shown = text_of(client.get(case.get_absolute_url()))
    assert f'href="{url(case, action)}"' not in shown
    page = text_of(client.get(url(case, action)))
    assert reason in shown
    assert reason in page
    assert 'name="version"' not in page
    response = press(client, case, action, response="accepted")
    assert (response.status_code, reason in text_of(response)) == (422, True)
    assert footprint(case) == before


def test_nobody_verifies_what_they_claimed_or_closes_what_they_verified(as_: Opened, cast: Cast) -> None:
    claimed = make_recommendation(cast, "claimed", claimed_by=cast.coordinator)
    verified = make_recommendation(cast, "verified", verified_by=cast.head)
    for case, who, action in ((claimed, "coordinator", "confirm"), (verified, "head", "close")):
        response = press(as_(who), case, action, degree="full", closing_reason="implemented")
        assert (response.status_code, "yourself" in text_of(response)) == (422, True)
    assert press(as_("second_head"), verified, "close", closing_reason="implemented").status_code == 302


def test_more_time_than_the_level_allows_is_blocked_with_the_level(as_: Opened, cast: Cast) -> None:
    case = make_recommendation(cast, "in_progress", risk="high")
    extension = make_extension(cast, case)
    shown = text_of(as_("coordinator").get(case.get_absolute_url()))
    assert "This much more time is decided by: Head of department." in shown
    response = press(as_("coordinator"), extension, "grant")
    assert (response.status_code, "This much more time is decided by" in text_of(response)) == (422, True)
    assert press(as_("head"), extension, "grant").status_code == 302


def test_forms_ask_for_what_the_actions_take() -> None:
    for model in (Recommendation, Extension, EffectReview):
        for action in model.transitions():
            takes = [name for name in signature(getattr(model, action)).parameters if name != "self"]
            asked = set(kinds()[model.CASE_TYPE].form_of(action).base_fields) - {"version"}
            assert asked == set(takes), action


@pytest.mark.parametrize("language", ["ky", "ru", "en"])
def test_the_page_opens_in_every_language(cast: Cast, language: str) -> None:
    case = make_recommendation(cast, "in_progress")
    page = text_of(browser(cast, "leader", language).get(url(case, "close_unimplemented")))
    assert f'<html lang="{language}"' in page
    assert 'type="date"' in page
