"""The pages of evidence: a file is added, replaced, explained away, accepted or rejected, with what was typed kept."""

from datetime import timedelta
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection
from pytest_django import DjangoAssertNumQueries, Settings

from cases.followup.models import Evidence, Measure, Recommendation
from cases.followup.verbs import attach
from tests.cast import Cast
from tests.factories import make_recommendation
from tests.followup.files import PDF, upload
from tests.followup.pages import Opened, browser, footprint, text_of
from workflow.door import Refused, perform
from workflow.models import Event, Expectation
from workflow.terms import legal_date

TODAY = legal_date()
TOMORROW = str(TODAY + timedelta(days=1))


@pytest.fixture(autouse=True)
def evidence_dir(settings: Settings, tmp_path: Path) -> Path:
    settings.EVIDENCE_DIR = tmp_path / "evidence"
    return tmp_path / "evidence"


def adding(case: Recommendation) -> str:
    return f"/recommendations/{case.number}/evidence/"


def explaining(case: Recommendation, measure: Measure) -> str:
    return f"/recommendations/{case.number}/measures/{measure.pk}/explain/"


def in_progress(cast: Cast, **fields: Any) -> Recommendation:
    """Just agreed, without any evidence yet."""
    case = make_recommendation(cast, "under_review", **fields)
    perform(case, "agree_plan", by=cast.coordinator)
    return case


def owed_topics(case: Recommendation) -> list[str]:
    rows = Expectation.objects.open().of("recommendation", case.pk).exclude(topic="").order_by("pk")
    return [row.topic for row in rows]


def test_the_officer_adds_a_file_to_a_measure(as_: Opened, cast: Cast, evidence_dir: Path) -> None:
    case = in_progress(cast)
    measure = case.measures_now()[1]
    client = as_("officer")
    page = client.get(adding(case), {"measure": measure.pk})
    assert f'<option value="{measure.pk}" selected>' in text_of(page)
    sent = {"measure": measure.pk, "own_date": str(TODAY), "note": "The protocol", "file": upload("Протокол № 1.pdf")}
    response = client.post(adding(case), sent)
    assert (response.status_code, response.headers["Location"]) == (302, f"{case.get_absolute_url()}#evidence")
    assert "“Протокол № 1.pdf” is stored" in text_of(client.get(case.get_absolute_url()))
    evidence = Evidence.objects.get()
    assert (evidence.measure, evidence.own_date, evidence.note) == (measure, TODAY, "The protocol")
    assert (evidence.name, evidence.content_type, evidence.size) == ("Протокол № 1.pdf", "application/pdf", len(PDF))
    assert evidence.received_from == cast.officer
    assert [path.read_bytes() for path in evidence_dir.rglob("*") if path.is_file()] == [PDF]
    assert owed_topics(case) == ["Measure 1"]
    event = Event.objects.of("recommendation", case.pk).latest("pk")
    assert (event.action, event.actor) == ("evidence", cast.officer)
    assert evidence.sha256 in event.details.text


def test_a_refused_file_leaves_nothing_and_everything_typed_comes_back(
    as_: Opened, cast: Cast, evidence_dir: Path
) -> None:
    case = in_progress(cast)
    measure = case.measures_now()[0]
    before = footprint(case)
    sent = {"measure": measure.pk, "own_date": TOMORROW, "note": "Read <b>this</b>", "file": upload()}
    response = as_("officer").post(adding(case), sent)
    shown = text_of(response)
    assert response.status_code == 422
    assert "The date of the document lies in the future." in shown
    assert "Read &lt;b&gt;this&lt;/b&gt;" in shown
    assert f'value="{TOMORROW}"' in shown
    assert f'<option value="{measure.pk}" selected>' in shown
    assert "choose it again" in shown
    assert footprint(case) == before
    assert not [path for path in evidence_dir.rglob("*") if path.is_file()]


def test_a_file_has_to_be_chosen(as_: Opened, cast: Cast) -> None:
    case = in_progress(cast)
    response = as_("officer").post(adding(case), {"note": "No file"})
    assert response.status_code == 422
    assert "Choose a file." in text_of(response)


def test_a_newer_version_replaces_a_file_and_keeps_its_measure(as_: Opened, cast: Cast) -> None:
    case = in_progress(cast)
    measure = case.measures_now()[0]
    first = attach(case, upload("old.pdf"), by=cast.officer, measure=measure)
    client = as_("officer")
    response = client.post(adding(case), {"replaces": first.pk, "file": upload("new.pdf")})
    assert response.status_code == 302
    second = Evidence.objects.get(name="new.pdf")
    assert (second.version, second.replaces, second.measure) == (2, first, measure)
    again = client.post(adding(case), {"replaces": first.pk, "file": upload("newer.pdf")})
    assert again.status_code == 422  # The list offers newest versions only.
    with pytest.raises(Refused, match="newer version already"):
        attach(case, upload("newer.pdf"), by=cast.officer, replaces=first)
    assert Evidence.objects.count() == 2


def test_measures_and_files_of_other_cases_are_refused(as_: Opened, cast: Cast) -> None:
    case, other = in_progress(cast), in_progress(cast)
    foreign = attach(other, upload(), by=cast.officer)
    client = as_("officer")
    for sent in ({"measure": other.measures_now()[0].pk}, {"replaces": foreign.pk}, {"measure": "nonsense"}):
        assert client.post(adding(case), {**sent, "file": upload()}).status_code == 422
    with pytest.raises(Refused, match="not part of the present plan"):
        attach(case, upload(), by=cast.officer, measure=other.measures_now()[0])
    with pytest.raises(Refused, match="another recommendation"):
        attach(case, upload(), by=cast.officer, replaces=foreign)
    assert case.evidence.count() == 0


def test_who_sees_the_case_but_may_not_add_gets_the_reason_and_strangers_nothing(as_: Opened, cast: Cast) -> None:
    case = in_progress(cast)
    for who in ("leader", "observer", "head", "coordinator"):
        for answer in (as_(who).get(adding(case)), as_(who).post(adding(case), {"file": upload()})):
            assert answer.status_code == 403
            assert "You may not do this: it is for Head of institution, Responsible officer" in text_of(answer)
    for who in ("director", "expert", "registrar", "stranger"):
        assert as_(who).get(adding(case)).status_code == 404
        assert as_(who).post(adding(case), {"file": upload()}).status_code == 404
    assert case.evidence.count() == 0


def test_a_case_that_moved_on_gives_the_reason_and_keeps_what_was_typed(as_: Opened, cast: Cast) -> None:
    case = make_recommendation(cast, "claimed")
    client = as_("officer")
    opened = client.get(adding(case))
    assert (opened.status_code, "in the state “Reported as done”" in text_of(opened)) == (403, True)
    sent = client.post(adding(case), {"note": "Came late", "file": upload()})
    assert (sent.status_code, "Came late" in text_of(sent)) == (422, True)
    assert "in the state “Reported as done”" in text_of(sent)


def test_a_reason_takes_the_place_of_evidence(as_: Opened, cast: Cast) -> None:
    case = in_progress(cast)
    first, second = case.measures_now()
    client = as_("officer")
    assert first.text in text_of(client.get(explaining(case, first)))
    empty = client.post(explaining(case, first), {"reason": " \n "})
    assert (empty.status_code, "Give the reason." in text_of(empty)) == (422, True)
    answer = client.post(explaining(case, first), {"reason": "It was\x00 bought\x07 by the founder.\r\nSee note."})
    assert (answer.status_code, answer.headers["Location"]) == (302, f"{case.get_absolute_url()}#plan")
    first.refresh_from_db()
    assert first.unproved_reason == "It was bought by the founder.\nSee note."
    assert owed_topics(case) == [second.text]
    other = in_progress(cast).measures_now()[0]
    assert client.post(explaining(case, other), {"reason": "Wrong case"}).status_code == 404


def test_a_measure_of_an_older_plan_cannot_be_explained(as_: Opened, cast: Cast) -> None:
    case = make_recommendation(cast, "under_review")
    old = case.measures_now()[0]
    perform(case, "return_plan", by=cast.coordinator, reason="Name the posts.")
    perform(case, "respond", by=cast.rector, response="accepted")
    perform(case, "agree_plan", by=cast.coordinator)
    answer = as_("officer").post(explaining(case, old), {"reason": "It is gone."})
    assert (answer.status_code, "not part of the present plan" in text_of(answer)) == (422, True)


def test_the_page_takes_as_many_queries_for_two_measures_as_for_fifty(
    as_: Opened, cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    few, many = (
        make_recommendation(cast, "in_progress", measures=2),
        make_recommendation(cast, "in_progress", measures=50),
    )
    client = as_("officer")
    for case in (few, many):
        with django_assert_num_queries(11):  # Two of them are for the roles.
            assert client.get(adding(case)).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_of_two_who_replace_the_same_file_at_once_one_is_told(transactional_db: None, cast: Cast) -> None:
    case = in_progress(cast)
    first = attach(case, upload(), by=cast.officer)
    answers = _at_once(cast, case, [{"replaces": first.pk}, {"replaces": first.pk}])
    assert sorted(answer.status_code for answer in answers) == [302, 422]
    assert case.evidence.count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_who_add_files_at_once_both_succeed(transactional_db: None, cast: Cast) -> None:
    case = in_progress(cast)
    answers = _at_once(cast, case, [{"note": "one"}, {"note": "two"}, {"note": "three"}])
    assert [answer.status_code for answer in answers] == [302, 302, 302]
    assert sorted(case.evidence.values_list("note", flat=True)) == ["one", "three", "two"]


def _at_once(cast: Cast, case: Recommendation, forms: list[dict[str, Any]]) -> list[Any]:
    start, answers = Barrier(len(forms)), []

    def send(form: dict[str, Any]) -> None:
        try:
            client = browser(cast, "officer")
            start.wait()
            answers.append(client.post(adding(case), {**form, "file": upload()}))
        finally:
            connection.close()

    threads = [Thread(target=send, args=(form,)) for form in forms]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers
