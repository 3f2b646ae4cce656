"""Comments, documents, answers and texts of cases are compared with what the trail tells of them."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cases.desk.talking import add_document, comment
from cases.followup import compared
from cases.followup.models import Recommendation
from cases.followup.verbs import Draft, draft_recommendation, edit_draft, translate
from tests.cast import Cast
from tests.factories import CONTENT, TEXTS, make_recommendation, make_source
from tests.followup.walking import walk
from tests.kinds.toys import make_visit
from tests.trail.tampering import settle, tamper
from tests.workflow.effects import Clock
from workflow.door import perform
from workflow.models import Event
from workflow.terms import legal_date
from workflow.trail.erasure import erase
from workflow.trail.verification import verify_and_record

WORDS = {
    "comment": "its comments are not those that were written.",
    "document": "its documents are not those that were added.",
    "answer": "its answers are not those that were given.",
    "text": "its texts are not those that were written.",
}


@pytest.fixture
def case(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Recommendation:
    """Answered by real acts, with two comments and a second version of a translation."""
    clock = Clock()
    clock.day = legal_date()
    monkeypatch.setattr("django.utils.timezone.now", clock.now)
    made = walk(cast, clock, "under_review")
    comment(made, "We begin in May.", by=cast.officer, is_internal=False)
    comment(made, "Watch this one.", by=cast.head, is_internal=True)
    translate(made, "en", "Complete the stock.", by=cast.coordinator, is_checked=True)
    settle()
    assert verify_and_record().finding == ""
    return made


NEWEST = "WHERE id = (SELECT max(id) FROM {table})"
COPY = "INSERT INTO {table} ({columns}) SELECT {columns} FROM {table} " + NEWEST
FORGED = {
    "the words of a comment": ("comment", "UPDATE desk_comment SET text = text || '!' " + NEWEST),
    "whom it is for": ("comment", "UPDATE desk_comment SET is_internal = false " + NEWEST),
    "who wrote it": ("comment", "UPDATE desk_comment SET written_by_id = written_by_id - 1 " + NEWEST),
    "a comment taken away": ("comment", "DELETE FROM desk_comment " + NEWEST),
    "a comment moved": ("comment", "UPDATE desk_comment SET subject_id = subject_id + 1000000 " + NEWEST),
    "all comments taken away": ("comment", "DELETE FROM desk_comment"),
    "a comment put in": (
        "comment",
        COPY.replace("{columns}", "subject_type, subject_id, is_internal, text, written_by_id, written_at"),
    ),
    "the answer": ("answer", "UPDATE followup_responseversion SET response = 'partial' " + NEWEST),
    "the words of an answer": ("answer", "UPDATE followup_responseversion SET text = 'Gladly.' " + NEWEST),
    "what is left out": ("answer", "UPDATE followup_responseversion SET left_out = 'All.' " + NEWEST),
    "who answered": ("answer", "UPDATE followup_responseversion SET given_by_id = given_by_id + 1 " + NEWEST),
    "an answer taken away": ("answer", "DELETE FROM followup_responseversion " + NEWEST),
    "a text": ("text", "UPDATE followup_recommendationtext SET text = 'Less.' " + NEWEST),
    "an older text": ("text", "UPDATE followup_recommendationtext SET text = 'Less.' WHERE version = 1"),
    "a text taken away": ("text", "DELETE FROM followup_recommendationtext " + NEWEST),
    "texts turned round": (
        "text",
        "UPDATE followup_recommendationtext SET version = 5 - version WHERE language = 'en'",
    ),
    "a text put in": (
        "text",
        "INSERT INTO followup_recommendationtext (recommendation_id, language, version, text, is_checked, written_at)"
        " SELECT recommendation_id, language, version + 1, 'Less.', true, written_at"
        " FROM followup_recommendationtext " + NEWEST,
    ),
}


@pytest.mark.parametrize("what", FORGED)
def test_what_was_changed_behind_the_trail_is_named(case: Recommendation, what: str) -> None:
    kind, statement = FORGED[what]
    tables = {"comment": "desk_comment", "answer": "followup_responseversion", "text": "followup_recommendationtext"}
    tamper(statement.replace("{table}", tables[kind]))
    assert verify_and_record().finding == f"{case.number}: {WORDS[kind]}"


FILES = {"name": "'other.pdf'", "sha256": "repeat('0', 64)", "size": "size + 1", "received_from_id": "1"}


@pytest.mark.parametrize("column", FILES)
def test_documents_and_comments_of_every_kind_of_case_are_compared(cast: Cast, column: str) -> None:
    visit = make_visit(cast, "running")
    comment(visit, "We come at nine.", by=cast.expert, is_internal=False)
    add_document(visit, SimpleUploadedFile("plan.pdf", CONTENT), by=cast.lead)
    settle()
    assert verify_and_record().finding == ""
    tamper(f"UPDATE desk_document SET {column} = {FILES[column]}")
    assert verify_and_record().finding == f"{visit.number}: {WORDS['document']}"
    tamper("UPDATE desk_comment SET text = 'We come at ten.'")
    assert verify_and_record().finding == f"{visit.number}: {WORDS['comment']}"


def test_texts_that_a_draft_got_lost_and_got_again_are_told_by_the_trail(cast: Cast) -> None:
    source = make_source(cast.department)
    first = Draft(cast.university, cast.department, source, texts=TEXTS, coordinator=cast.coordinator)
    made = draft_recommendation(replace(first, texts={"ky": f" {TEXTS['ky']} ", "ru": ""}), by=cast.coordinator)
    for texts in (TEXTS, {**TEXTS, "en": ""}, TEXTS, TEXTS):
        made.refresh_from_db()
        edit_draft(made, replace(first, texts=texts), by=cast.coordinator, version=made.version)
    settle()
    assert verify_and_record().finding == ""
    tamper("UPDATE followup_recommendationtext SET text = 'Less.' WHERE language = 'en' AND version = 1")
    assert verify_and_record().finding == f"{made.number}: {WORDS['text']}"


def test_an_answer_after_a_dispute_and_a_return_is_one_more(cast: Cast) -> None:
    made = make_recommendation(cast, "issued")
    perform(made, "dispute", by=cast.rector, reason="The library is small.", asked="Take it back.")
    perform(made, "uphold", by=cast.leader, reason="It stands.")
    perform(made, "respond", by=cast.rector, response="partial", text="In part.", left_out="The rest.")
    settle()
    assert verify_and_record().finding == ""
    tamper("UPDATE followup_responseversion SET left_out = 'Keep it.' WHERE version = 1")
    assert verify_and_record().finding == f"{made.number}: {WORDS['answer']}"


def test_of_events_that_tell_no_words_any_more_the_rest_is_compared(case: Recommendation, cast: Cast) -> None:
    """By law, or because they are older than the words in them."""
    for action in ("create", "comment", "respond"):
        erase(Event.objects.of("recommendation", case.pk).get(action=action), by=cast.leader, reason="By law")
    assert verify_and_record().finding == ""
    tamper("UPDATE desk_comment SET text = 'x' WHERE NOT is_internal")
    tamper("UPDATE followup_responseversion SET text = 'x'")
    tamper("UPDATE followup_recommendationtext SET text = 'x' WHERE version = 1")
    assert verify_and_record().finding == "", "what they were is not known any more"
    tamper("UPDATE followup_recommendationtext SET text = 'x' WHERE version = 2")
    assert verify_and_record().finding == f"{case.number}: {WORDS['text']}", "what was told later is"
    tamper("UPDATE followup_responseversion SET given_by_id = given_by_id + 1")
    assert verify_and_record().finding == f"{case.number}: {WORDS['answer']}", "who answered is known"


def test_what_tells_nothing_of_its_words_is_no_fault(cast: Cast) -> None:
    for state in ("draft", "disputed", "under_review", "closed"):
        make_recommendation(cast, state)
    assert verify_and_record().finding == ""


def test_of_very_many_cases_a_part_is_compared_each_day_and_in_turn_all(cast: Cast) -> None:
    cases = [make_recommendation(cast, "under_review") for _time in range(4)]
    tamper("DELETE FROM followup_responseversion")
    first = date(2026, 1, 1)
    days = [list(compared.ANSWERS.findings(2, on=first + timedelta(days=day))) for day in range(2)]
    assert [len(some) for some in days] == [2, 2]
    assert {fault.facts["subject_id"] for some in days for fault in some} == {str(case.pk) for case in cases}
