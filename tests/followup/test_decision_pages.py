"""A decision stands on the page that shows what is decided on: each act's page, part by part."""

from typing import Any

import pytest

from cases.desk.kinds import kinds
from cases.followup.models import Evidence, Extension, Recommendation, ResponseVersion
from cases.followup.verbs import MeasureDraft, request_extension, write_plan
from tests.cast import Cast
from tests.factories import TEXTS, make_extension, make_recommendation
from tests.followup.pages import Opened, plain, press, text_of, url
from workflow.door import perform
from workflow.terms import legal_date

pytestmark = pytest.mark.slow

PLAN = ("Plan of measures", "Measure 1", "Measure 2", "Head of the library")
SOURCE = ("UNI (test)", "Resolution (test)", "Condition (binding)", "First due date")
PROOF = (*PLAN, "protocol.pdf", "What was reported", "We ordered all of it.")
SHOWN: list[tuple[str, str, str, tuple[str, ...]]] = [
    ("issue", "draft", "coordinator", (*TEXTS.values(), *SOURCE, "Criterion 5.2: resources for learning")),
    ("respond", "issued", "rector", (*PLAN, *TEXTS.values(), *SOURCE)),
    ("dispute", "issued", "rector", (*TEXTS.values(), *SOURCE)),
    ("uphold", "disputed", "leader", ("The library is small.", "Asked for", "Close the library.", *TEXTS.values())),
    ("withdraw", "disputed", "leader", ("The library is small.", "Asked for", "Close the library.", *TEXTS.values())),
    ("agree_plan", "under_review", "coordinator", (*PLAN, "Accepted version 1, Chynara (test)", *TEXTS.values())),
    ("return_plan", "under_review", "coordinator", (*PLAN, "Accepted", *TEXTS.values())),
    ("claim", "in_progress", "rector", (*PLAN, "protocol.pdf", "Received")),
    ("confirm", "claimed", "coordinator", (*PROOF, "Accept or reject")),
    ("not_confirmed", "claimed", "coordinator", (*PROOF, "Accept or reject")),
    ("accept_claim", "claimed", "coordinator", PROOF),
    ("close", "verified", "head", (*PROOF, "Every shelf is full.", "Verified degree", "Fully")),
    ("close_unimplemented", "claimed", "leader", PROOF),
    ("withdraw", "in_progress", "leader", (*PLAN, "protocol.pdf", *TEXTS.values())),
]
"""act, state, who, what has to be read on its page."""


def _case(cast: Cast, state: str) -> Recommendation:
    """With the words that were said on the way there."""
    first = {"claimed": "in_progress", "verified": "in_progress"}.get(state, state)
    case = make_recommendation(cast, first, classification="improvement" if state == "claimed" else "condition")
    if first != state:
        perform(case, "claim", by=cast.rector, text="We ordered all of it.")
        case.evidence.update(decision="accepted")
        case = Recommendation.objects.get(pk=case.pk)
    if state == "verified":
        perform(case, "confirm", by=cast.coordinator, degree="full", text="Every shelf is full.")
    ResponseVersion.objects.filter(response="disputed").update(left_out="Close the library.")
    Recommendation.objects.filter(pk=case.pk).update(classification="condition")
    return Recommendation.objects.get(pk=case.pk)


@pytest.mark.parametrize(("action", "state", "who", "parts"), SHOWN)
def test_the_page_of_an_act_shows_what_is_decided_on(
    as_: Opened, cast: Cast, action: str, state: str, who: str, parts: tuple[str, ...]
) -> None:
    case = _case(cast, state)
    if action == "accept_claim":
        Recommendation.objects.update(classification="improvement")
    page = text_of(as_(who).get(url(case, action)))
    words = plain(page)
    assert [part for part in parts if part not in words] == []
    for file in case.evidence.all() if "protocol.pdf" in parts else ():
        assert f'href="/recommendations/{case.number}/evidence/{file.pk}/file/"' in page
        assert f'id="evidence-{file.pk}"' in page


def test_every_act_of_follow_up_shows_something() -> None:
    for name in ("recommendation", "extension", "effect_review"):
        kind = kinds()[name]
        assert set(kind.decided_on) == set(kind.model.acts())


@pytest.mark.parametrize("action", ["grant", "refuse", "return_request"])
def test_a_request_is_decided_beside_its_reason_its_evidence_and_the_earlier_ones(
    as_: Opened, cast: Cast, action: str
) -> None:
    case = make_recommendation(cast, "in_progress", risk="low")
    make_extension(cast, case, "granted", reason="The first delay (test).")
    case = Recommendation.objects.get(pk=case.pk)
    assert case.current_due
    extension = make_extension(cast, case, evidence=case.evidence.first(), reason="The second delay (test).")
    page = text_of(as_("coordinator").get(url(extension, action)))
    words = plain(page)
    days = (extension.until - extension.due_before).days
    for part in (
        "The second delay (test).", "1 earlier request", "The first delay (test).", "Granted by Aigul (test)",
        "1 time, 30 days in all", f"This request adds {days} days", *PLAN, TEXTS["en"],
    ):  # fmt: skip
        assert part in words
    assert f'href="/recommendations/{case.number}/evidence/{extension.evidence_id}/file/"' in page


def test_an_institution_reads_no_more_on_the_page_of_an_act_than_on_the_case(as_: Opened, cast: Cast) -> None:
    """Files are judged by the department alone, and drafts are kept from the institution."""
    case = make_recommendation(cast, "in_progress")
    page = text_of(as_("rector").get(url(case, "claim")))
    assert "/review/" not in page
    assert as_("rector").get(url(make_recommendation(cast, "draft"), "issue")).status_code == 404


def test_from_the_page_of_the_verification_each_file_is_accepted_or_rejected(as_: Opened, cast: Cast) -> None:
    case = make_recommendation(cast, "claimed")
    mine, other = (text_of(as_(who).get(url(case, "confirm"))) for who in ("coordinator", "second_coordinator"))
    for file in case.evidence.all():
        address = f"/recommendations/{case.number}/evidence/{file.pk}/review/"
        assert address in mine
        assert address not in other


def test_the_page_of_an_act_asks_a_constant_number_of_queries(
    as_: Opened, cast: Cast, django_assert_max_num_queries: Any
) -> None:
    case = make_recommendation(cast, "claimed", measures=2)
    many = make_recommendation(cast, "claimed", measures=30)
    client = as_("coordinator")
    client.get(url(case, "confirm"))
    with django_assert_max_num_queries(100) as few:
        client.get(url(case, "confirm"))
    with django_assert_max_num_queries(len(few.captured_queries)):
        client.get(url(many, "confirm"))


STALE: list[tuple[str, str, str, dict[str, str], bool]] = [
    ("agree_plan", "coordinator", "agree_plan", {}, False),
    ("return_plan", "coordinator", "agree_plan", {"reason": "Name the posts."}, False),
    ("withdraw", "leader", "agree_plan", {"closing_reason": "superseded", "reason": "A new one came."}, True),
]


@pytest.mark.parametrize(("action", "who", "first", "inputs", "is_possible"), STALE)
def test_a_form_that_came_late_says_what_changed_and_what_became_of_what_was_typed(
    as_: Opened, cast: Cast, action: str, who: str, first: str, inputs: dict[str, str], is_possible: bool
) -> None:
    case = make_recommendation(cast, "under_review")
    perform(Recommendation.objects.get(pk=case.pk), first, by=cast.coordinator)
    response = press(as_(who), case, action, **inputs)
    page, words = text_of(response), plain(text_of(response))
    assert response.status_code == 409
    assert "Answer under review → In progress" in words
    assert ('name="version"' in page) == is_possible
    sentences = {
        "Nothing was done": not is_possible,
        "This case changed after you opened it.": is_possible,
        "What you typed is in the form below and not saved yet.": is_possible,
        "Nothing of yours was saved.": not is_possible,
        "What you typed was not saved. Copy what you still need.": bool(inputs) and not is_possible,
    }
    assert {sentence: sentence in words for sentence in sentences} == sentences
    assert all(text in words for name, text in inputs.items() if name == "reason")


def test_a_late_press_of_what_asks_for_nothing_says_that_nothing_was_done(as_: Opened, cast: Cast) -> None:
    case = make_recommendation(cast, "under_review")
    write = Recommendation.objects.get(pk=case.pk)
    perform(write, "return_plan", by=cast.coordinator, reason="Name the posts.")
    write_plan(write, [MeasureDraft("New", "Rector", legal_date())], by=cast.officer, version=write.version)
    perform(write, "respond", by=cast.rector, response="accepted")
    response = press(as_("coordinator"), case, "agree_plan")
    words = plain(text_of(response))
    assert response.status_code == 409
    assert "This case changed after you opened it. Look at what changed and decide again." in words
    assert "Nothing was done yet." in words
    assert "What you typed" not in words


def test_the_box_of_now_begins_with_the_buttons_of_the_open_task_also_of_a_request(as_: Opened, cast: Cast) -> None:
    case = make_recommendation(cast, "in_progress", risk="high")
    assert case.current_due
    request_extension(case, until=legal_date().replace(year=legal_date().year + 2), reason="Late.", by=cast.officer)
    extension = Extension.objects.get()
    box = text_of(as_("leader").get(case.get_absolute_url())).partition('class="now"')[2].partition("</section>")[0]
    buttons = [box.index(f"/extensions/{extension.number}/act/{act}/") for act in ("grant", "refuse", "return_request")]
    assert buttons == sorted(buttons)
    assert max(buttons) < box.index("disabled")
    assert f"Decide on the request for more time {extension.number}" in plain(box)


def test_a_blocked_button_follows_those_that_can_be_pressed(as_: Opened, cast: Cast) -> None:
    case = make_recommendation(cast, "claimed")
    Evidence.objects.update(decision="received")
    box = (
        text_of(as_("coordinator").get(case.get_absolute_url())).partition('class="now"')[2].partition("</section>")[0]
    )
    assert box.index("act/not_confirmed/") < box.index("disabled")
    assert "Accept at least one piece of evidence first." in box


TASKS = {
    "disputed": ("leader", "Decide on the dispute"),
    "under_review": ("coordinator", "Review the answer and the plan"),
    "claimed": ("coordinator", "Verify"),
    "verified": ("head", "Decide on closing"),
}


@pytest.mark.parametrize("state", TASKS)
def test_a_task_is_named_by_what_is_to_be_decided_on_the_case_and_in_the_inbox(
    as_: Opened, cast: Cast, state: str
) -> None:
    who, name = TASKS[state]
    case = make_recommendation(cast, state)
    assert f"<strong>{name}</strong>" in text_of(as_(who).get(case.get_absolute_url()))
    assert name in plain(text_of(as_(who).get("/")))


def test_the_form_of_a_plan_states_no_rule_that_does_not_hold(as_: Opened, cast: Cast) -> None:
    today = legal_date()
    late = make_recommendation(cast, "issued", first_due=today.replace(year=today.year - 1))
    in_time = make_recommendation(cast, "issued")
    client = as_("rector")
    texts = [plain(text_of(client.get(f"/recommendations/{case.number}/plan/"))) for case in (late, in_time)]
    assert ["No date may be later than" in text for text in texts] == [False, True]
    assert ["has passed. Give dates that you can keep" in text for text in texts] == [True, False]


def test_a_closed_case_shows_no_days_left(as_: Opened, cast: Cast) -> None:
    case = make_recommendation(cast, "closed")
    client = as_("coordinator")
    for address in (case.get_absolute_url(), f"/recommendations/{case.number}/succeed/"):
        page = plain(text_of(client.get(address)))
        assert case.number in page
        assert "left" not in page
