"""What the leading department does beside deciding: assign, translate, follow up what is closed."""

from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection

from cases.desk.leading import assign
from cases.followup.models import Recommendation
from cases.followup.verbs import Draft, draft_successor, edit_draft, translate
from tests.cast import Cast
from tests.factories import TEXTS, make_extension, make_recommendation
from tests.followup.pages import Opened, browser, footprint, text_of
from workflow.door import Refused
from workflow.models import Event, Expectation

pytestmark = pytest.mark.slow


def address(case: Recommendation, verb: str) -> str:
    return f"/recommendations/{case.number}/{verb}/"


def test_the_head_puts_a_coordinator_in_charge(as_: Opened, cast: Cast) -> None:
    case = make_recommendation(cast, "in_progress")
    extension = make_extension(cast, case)
    client = as_("head")
    page = text_of(client.get(address(case, "assign")))
    assert "In charge now: Aigul (test)." in page
    assert f'<option value="{cast.second_coordinator.pk}">' in page
    assert f'<option value="{cast.coordinator.pk}"' not in page
    sent = {"coordinator": cast.second_coordinator.pk, "version": case.version}
    response = client.post(address(case, "assign"), sent)
    assert (response.status_code, response.headers["Location"]) == (302, case.get_absolute_url())
    case = Recommendation.objects.get(pk=case.pk)
    assert case.coordinator == cast.second_coordinator
    rows = Expectation.objects.open().filter(role="coordinator")
    assert {(row.subject_id, row.assignee) for row in rows} == {(extension.pk, cast.second_coordinator)}
    assert Event.objects.of("recommendation", case.pk).latest("pk").action == "assign"


def test_only_coordinators_of_the_department_are_put_in_charge(as_: Opened, cast: Cast) -> None:
    case = make_recommendation(cast, "issued")
    for nobody in (cast.head, cast.rector, cast.coordinator):
        sent = {"coordinator": nobody.pk, "version": case.version}
        assert as_("head").post(address(case, "assign"), sent).status_code == 422
    with pytest.raises(Refused, match="not a coordinator"):
        assign(case, cast.rector, by=cast.head)
    with pytest.raises(Refused, match="in charge already"):
        assign(case, cast.coordinator, by=cast.head)
    assert "Choose a coordinator." in text_of(as_("head").post(address(case, "assign"), {"version": case.version}))


def test_an_outdated_assignment_is_told_what_changed(as_: Opened, cast: Cast) -> None:
    case = make_recommendation(cast, "issued", coordinator=None)
    seen = case.version
    assign(case, cast.coordinator, by=cast.head)
    sent = {"coordinator": cast.second_coordinator.pk, "version": seen}
    response = as_("second_head").post(address(case, "assign"), sent)
    assert (response.status_code, "Bakyt (test)" in text_of(response)) == (409, True)
    assert f'<option value="{cast.second_coordinator.pk}" selected>' in text_of(response)


def test_a_translation_is_added_and_checked(as_: Opened, cast: Cast) -> None:
    case = make_recommendation(cast, "issued", texts={"ky": TEXTS["ky"], "ru": TEXTS["ru"]})
    client = as_("coordinator")
    page = text_of(client.get(address(case, "translate")))
    assert TEXTS["ky"] in page
    assert '<input type="hidden" name="language" value="en"' in page
    sent: dict[str, Any] = {"language": "en", "text": " Complete\x00 the stock. ", "version": case.version}
    response = client.post(address(case, "translate"), sent)
    assert (response.status_code, response.headers["Location"]) == (302, f"{case.get_absolute_url()}#texts")
    case = Recommendation.objects.get(pk=case.pk)
    english = case.current_texts()["en"]
    assert (english.text, english.is_checked, english.written_by) == ("Complete the stock.", False, cast.coordinator)
    assert Recommendation.objects.matching("complete").count() == 1
    again = sent | {"text": "Complete the stock.", "is_checked": "on", "version": case.version}
    assert client.post(address(case, "translate"), again).status_code == 302
    newest = Recommendation.objects.get(pk=case.pk).current_texts()["en"]
    assert (newest.version, newest.is_checked) == (2, True)
    empty = client.post(address(case, "translate"), again | {"text": " ", "version": case.version + 1})
    assert (empty.status_code, "Write the translation." in text_of(empty)) == (422, True)


def test_the_authoritative_text_is_no_translation(as_: Opened, cast: Cast) -> None:
    for state in ("draft", "issued"):
        case = make_recommendation(cast, state)
        sent = {"language": "ky", "text": "Башка", "version": case.version}
        response = as_("coordinator").post(address(case, "translate"), sent)
        assert (response.status_code, "stays as it was drafted" in text_of(response)) == (422, True)
        page = text_of(as_("coordinator").get(f"{address(case, 'translate')}?language=ky"))
        assert '<input type="hidden" name="language" value="ru"' in page
        with pytest.raises(Refused, match="authoritative"):
            translate(case, "ky", "Башка", by=cast.coordinator, is_checked=True)


def test_a_translation_of_an_older_version_comes_back(as_: Opened, cast: Cast) -> None:
    case = make_recommendation(cast, "issued")
    seen = case.version
    translate(case, "ru", "Первый", by=cast.coordinator, is_checked=True)
    sent = {"language": "ru", "text": "Второй", "version": seen}
    response = as_("coordinator").post(address(case, "translate"), sent)
    shown = text_of(response)
    assert (response.status_code, "Второй" in shown, "Первый" in shown) == (409, True, True)


def test_a_closed_case_gets_one_successor_with_its_dates_and_slips(as_: Opened, cast: Cast) -> None:
    case = make_recommendation(cast, "closed", slips=2, slip_days=40)
    assert case.first_due
    Recommendation.objects.filter(pk=case.pk).update(current_due=case.first_due + timedelta(days=40))
    client = as_("coordinator")
    page = text_of(client.get(address(case, "succeed")))
    assert f"{case.first_due:%d.%m.%Y}" in page
    response = client.post(address(case, "succeed"), {"version": case.version})
    successor = Recommendation.objects.get(predecessor=case)
    assert (response.status_code, response.headers["Location"]) == (302, address(successor, "edit"))
    assert (successor.first_due, successor.current_due) == (case.first_due, case.first_due + timedelta(days=40))
    assert (successor.slips, successor.slip_days, successor.coordinator) == (2, 40, cast.coordinator)
    assert successor.current_texts()["ky"].text == TEXTS["ky"]
    again = client.post(address(case, "succeed"), {"version": case.version + 1})
    assert (again.status_code, f"It has a successor already: {successor.number}." in text_of(again)) == (422, True)
    assert client.post(address(case, "succeed"), {}).status_code == 422
    assert f"It follows {case.number}" in text_of(client.get(address(successor, "edit")))


def test_a_later_date_of_a_successor_counts_as_a_slip_and_an_earlier_first_date_is_refused(cast: Cast) -> None:
    case = make_recommendation(cast, "closed", slips=1, slip_days=10)
    successor = draft_successor(case, by=cast.coordinator)
    first, current = successor.first_due, successor.current_due
    assert first
    assert current
    for days, slips, slip_days in ((25, 2, 35), (5, 2, 15), (0, 1, 10)):
        draft = Draft(
            cast.university, cast.department, coordinator=cast.coordinator, due=current + timedelta(days=days)
        )
        edit_draft(successor, draft, by=cast.coordinator, version=successor.version)
        assert (successor.first_due, successor.slips, successor.slip_days) == (first, slips, slip_days)
    draft = Draft(cast.university, cast.department, coordinator=cast.coordinator, due=first - timedelta(days=1))
    with pytest.raises(Refused, match="cannot be before the first due date"):
        edit_draft(successor, draft, by=cast.coordinator, version=successor.version)


def test_who_may_not_lead_gets_the_reason_and_strangers_nothing(as_: Opened, cast: Cast) -> None:
    case = make_recommendation(cast, "closed")
    before = footprint(case)
    sent = {"version": case.version, "coordinator": cast.second_coordinator.pk, "language": "ru", "text": "Нет"}
    for verb in ("assign", "translate", "succeed"):
        for who in ("rector", "officer", "leader", "observer"):
            for answer in (as_(who).get(address(case, verb)), as_(who).post(address(case, verb), sent)):
                assert (answer.status_code, "You may not do this: it is for" in text_of(answer)) == (403, True)
        for who in ("director", "registrar", "stranger"):
            assert as_(who).post(address(case, verb), sent).status_code == 404
    assert "in the state “Closed”" in text_of(as_("coordinator").get(address(case, "translate")))
    assert as_("coordinator").post(address(case, "translate"), sent).status_code == 422
    for verb in ("assign", "succeed"):
        assert "is assigned to Aigul (test)" in text_of(as_("second_coordinator").get(address(case, verb)))
    assert footprint(case) == before


@pytest.mark.django_db(transaction=True)
def test_of_two_who_draft_a_successor_at_once_one_is_told(transactional_db: None, cast: Cast) -> None:
    case = make_recommendation(cast, "closed")
    start, answers = Barrier(2), []

    def send() -> None:
        try:
            client = browser(cast, "coordinator")
            start.wait()
            answers.append(client.post(address(case, "succeed"), {"version": case.version}).status_code)
        finally:
            connection.close()

    threads = [Thread(target=send) for _turn in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [302, 409]
    assert Recommendation.objects.filter(predecessor=case).count() == 1
