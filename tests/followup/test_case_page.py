"""The page of a case: what it shows."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pytest_django import Settings

from cases.desk.talking import comment
from cases.followup.models import Contributor, Evidence, InterimDeadline, Measure, Recommendation
from cases.followup.verbs import (
    Draft,
    MeasureDraft,
    attach,
    draft_recommendation,
    edit_draft,
    explain,
    request_extension,
    review_evidence,
    translate,
    write_plan,
)
from tests.cast import Cast
from tests.factories import make_extension, make_recommendation, make_source
from tests.followup.pages import Page, browser, plain, steps
from workflow.door import perform
from workflow.lifecycles.recommendation import State
from workflow.models import Expectation
from workflow.terms import legal_date

pytestmark = pytest.mark.slow

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
TODAY = legal_date()


@pytest.fixture(autouse=True)
def evidence_dir(settings: Settings, tmp_path: Path) -> None:
    settings.EVIDENCE_DIR = tmp_path


def pdf(name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, PDF)


def test_the_page_shows_what_the_case_is_about(page: Page, cast: Cast) -> None:
    case = make_recommendation(
        cast, "issued", item="2.1", controller="Vice-rector (test)", is_priority=True, risk="high"
    )
    Contributor.objects.create(recommendation=case, name="Library (test)")
    InterimDeadline.objects.create(recommendation=case, due=date(2031, 3, 1), topic="Report to the council")
    shown = plain(page(case, "rector"))
    for text in case.current_texts().values():
        assert text.text in shown
    for word in (
        case.number, "UNI (test)", "DEP (test)", "Aigul (test)", "Resolution of a council: Resolution (test), № 7",
        "item 2.1", "Criterion 5.2", "Condition (binding)", "High", "Vice-rector (test)", "Library (test)",
        "01.03.2031", "Report to the council", "Priority", "authoritative", f"{case.first_due:%d.%m.%Y}",
    ):  # fmt: skip
        assert word in shown, word


def test_what_has_to_be_done_is_said_with_who_and_by_when(page: Page, cast: Cast) -> None:
    case = make_recommendation(cast, "issued")
    Expectation.objects.filter(number=case.number).update(due=TODAY - timedelta(days=3))
    shown = plain(page(case, "rector"))
    assert "What has to be done now" in shown
    assert "Answer your turn Head of institution, UNI (test) (prepared by: Responsible officer" in shown
    assert f"{TODAY - timedelta(days=3):%d.%m.%Y} 3 days late 20 working days from" in shown
    assert "Answer you prepare it Head of institution" in plain(page(case, "officer"))
    assert "your turn" not in page(case, "coordinator")
    review = make_recommendation(cast, "under_review")
    assert "Coordinator, DEP (test): Aigul (test)" in plain(page(review, "rector"))
    assert "your turn" in page(review, "coordinator")
    assert "your turn" not in page(review, "second_coordinator")


def test_a_translation_older_than_its_source_is_marked(page: Page, cast: Cast) -> None:
    draft = Draft(
        institution=cast.university, department=cast.department, texts={"ky": "Биринчи", "ru": "Первый", "en": "First"},
        authoritative_language="ru", source=make_source(cast.department),
    )  # fmt: skip
    case = draft_recommendation(draft, by=cast.coordinator)
    assert "older than the authoritative text" not in page(case, "coordinator")
    texts = {"ky": "Биринчи", "ru": "Второй", "en": "Second"}
    changed = Draft(**(vars(draft) | {"texts": texts, "coordinator": cast.coordinator}))
    edit_draft(case, changed, by=cast.coordinator, version=case.version)
    html = page(case, "coordinator")
    assert html.count("older than the authoritative text") == 1
    assert re.search(r"Kyrgyz\s*<span class=\"st st-soon\">older", html)
    assert re.search(r"Russian\s*<span class=\"st st-ok\">authoritative", html)
    assert "Первый" not in plain(html).partition("History")[0]


def test_a_translation_that_nobody_checked_is_marked(page: Page, cast: Cast) -> None:
    case = make_recommendation(cast, "issued")
    assert page(case, "rector").count("translation not checked") == 2
    translate(case, "en", "Complete the stock.", by=cast.coordinator, is_checked=True)
    assert page(case, "rector").count("translation not checked") == 1


def test_three_dates_stay_apart(page: Page, cast: Cast) -> None:
    extension = make_extension(cast)
    perform(extension, "grant", by=cast.coordinator, text="Granted once")
    case = Recommendation.objects.get(pk=extension.recommendation_id)
    shown = plain(page(case, "rector"))
    assert f"First due date {case.first_due:%d.%m.%Y} Current due date {extension.until:%d.%m.%Y}" in shown
    assert "Extended 1 time, 30 days in all" in shown
    assert "Granted by Aigul (test)" in shown
    closed = make_recommendation(cast, "closed")
    assert f"Done on {closed.actual_date:%d.%m.%Y}" in plain(page(closed, "rector"))


def test_answers_and_plans_keep_their_versions(page: Page, cast: Cast) -> None:
    case = make_recommendation(cast, "issued", measures=0)
    due = TODAY + timedelta(days=20)
    write_plan(
        case,
        [MeasureDraft("Buy books for the programmes that begin in autumn", "Library", due)],
        by=cast.officer,
        version=case.version,
    )
    perform(case, "respond", by=cast.rector, response="partial", text="We try", left_out="The west wing")
    perform(case, "return_plan", by=cast.coordinator, reason="And the west wing?")
    write_plan(
        case,
        [MeasureDraft("Buy all books for the programmes that begin in autumn", "Library", due)],
        by=cast.officer,
        version=case.version,
    )
    perform(case, "respond", by=cast.rector, response="accepted", text="Now all of it")
    assert "not agreed yet" in page(case, "coordinator")
    perform(case, "agree_plan", by=cast.coordinator)
    shown = plain(page(case, "coordinator"))
    assert f"Plan of measures version 2 agreed on {TODAY:%d.%m.%Y}, frozen" in shown
    assert "1 earlier version" in shown
    for words in ("Buy all books", "The west wing", "Accepted in part", "Now all of it", "And the west wing?"):
        assert words in shown
    assert re.search(r'<ins class="d">\s*all\s*</ins>', page(case, "coordinator"))


def test_evidence_is_shown_with_its_facts_versions_and_decisions(page: Page, cast: Cast) -> None:
    case = make_recommendation(cast, "in_progress", measures=2)
    Evidence.objects.filter(recommendation=case).delete()
    first, second = case.measures_now()
    old = attach(case, pdf("order.pdf"), by=cast.officer, measure=first, own_date=TODAY, note="The order")
    new = attach(case, pdf("order-signed.pdf"), by=cast.officer, measure=first, replaces=old)
    assert "evidence/?measure=" in page(case, "officer")
    explain(second, "Done by the Ministry", by=cast.officer, recommendation=case)
    perform(case, "claim", by=cast.rector)
    html = page(case, "coordinator")
    assert f'href="/recommendations/{case.number}/evidence/{new.pk}/file/"' in html
    assert f'href="/recommendations/{case.number}/evidence/{new.pk}/review/"' in html
    assert f'href="/recommendations/{case.number}/evidence/{old.pk}/review/"' not in html
    shown = plain(html)
    for words in (
        "order-signed.pdf version 2 · 48 bytes Received", f"SHA-256 {new.sha256[:12]}…", new.sha256, "application/pdf",
        "1 earlier version", "The order", f"Date of the document: {TODAY:%d.%m.%Y}", "Received from Cholpon (test)",
        "None, because: Done by the Ministry",
    ):  # fmt: skip
        assert words in shown, words
    review_evidence(new, "rejected", "Not signed <at all>", by=cast.coordinator)
    html = page(case, "rector")
    assert "Rejected by Aigul (test)" in plain(html)
    assert "Not signed &lt;at all&gt;" in html
    assert "/review/" not in html


def test_more_time_is_decided_from_the_case(page: Page, cast: Cast) -> None:
    extension = make_extension(cast)
    case = extension.recommendation
    html = page(case, "coordinator")
    assert f"Decide on the request for more time {extension.number}" in html
    assert set(re.findall(r'href="/extensions/[^/]+/act/(\w+)/"', html)) == {"grant", "refuse", "return_request"}
    assert "/extensions/" not in page(case, "rector")
    assert extension.reason in page(case, "rector")


def test_everything_typed_is_shown_as_text(page: Page, cast: Cast) -> None:
    evil = "<img src=x onerror=alert(1)>"
    case = make_recommendation(
        cast, "in_progress", texts={"ky": evil, "ru": evil}, cause=evil, controller=evil, item="<i>1</i>",
        no_due_reason=evil, measures=0,
    )  # fmt: skip
    Contributor.objects.create(recommendation=case, name=evil)
    InterimDeadline.objects.create(recommendation=case, due=TODAY, topic=evil)
    Measure.objects.create(plan=case.plan_now() or case.plans.create(), position=1, text=evil, responsible=evil)
    comment(case, evil, by=cast.coordinator, is_internal=False)
    request_extension(case, until=TODAY + timedelta(days=200), reason=evil, by=cast.officer)
    html = page(case, "coordinator")
    assert "<img src=x" not in html
    assert "<i>1</i>" not in html
    assert html.count("&lt;img src=x onerror=alert(1)&gt;") >= 9


def test_the_stepper_tells_where_the_case_stands(page: Page, cast: Cast) -> None:
    shown = steps(page(make_recommendation(cast, "under_review"), "leader"))
    assert len(shown) == 7
    assert [step.partition(" (done)")[0] for step in shown[:2]] == ["Draft", "Answer awaited"]
    assert shown[2].startswith("Answer under review by ")
    assert shown[3:] == ["In progress", "Reported as done", "Verified", "Closed"]
    disputed = steps(page(make_recommendation(cast, "disputed"), "leader"))
    assert disputed[2].startswith("Disputed by ")
    assert len(disputed) == 8


def test_of_a_closed_case_only_the_steps_taken_are_shown(page: Page, cast: Cast) -> None:
    case = make_recommendation(cast, "disputed")
    perform(case, "withdraw", by=cast.leader, closing_reason="issued_in_error", reason="Wrong institution")
    html = page(case, "rector")
    assert [step.split(" (")[0] for step in steps(html)] == ["Draft", "Answer awaited", "Disputed", "Closed"]
    assert "Nothing: the case is closed. Issued in error." in plain(html)
    on_word = make_recommendation(cast, "claimed", classification="improvement")
    perform(on_word, "accept_claim", by=cast.coordinator)
    assert "Verified" not in " ".join(steps(page(on_word, "rector")))


@pytest.mark.parametrize("language", ["ky", "ru", "en"])
def test_the_page_opens_in_every_language(cast: Cast, language: str) -> None:
    client = browser(cast, "leader", language)
    for state in State.values:
        response = client.get(make_recommendation(cast, state).get_absolute_url())
        assert f'<html lang="{language}"' in response.content.decode()
