"""The page of the plan: rows of measures, each wrong one told in its row, nothing typed lost."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from pytest_django import DjangoAssertNumQueries

from cases.followup.models import Measure, Plan, Recommendation
from cases.followup.verbs import MeasureDraft, write_plan
from tests.cast import Cast
from tests.factories import make_recommendation
from tests.followup.pages import Opened, footprint, text_of
from workflow.door import Refused, perform
from workflow.lifecycles.follow_up import is_in_time
from workflow.models import Event
from workflow.terms import legal_date

pytestmark = pytest.mark.slow


def address(case: Recommendation) -> str:
    return f"/recommendations/{case.number}/plan/"


def due(case: Recommendation, days: int = -10) -> str:
    assert case.current_due
    return str(case.current_due + timedelta(days=days))


def filled(case: Recommendation, *rows: tuple[str, str, str], **more: str) -> dict[str, str]:
    """The form with these rows, and three empty ones beneath them."""
    sent = {"version": str(case.version), "rows": str(len(rows) + 3)}
    for place in range(1, len(rows) + 4):
        row = rows[place - 1] if place <= len(rows) else ("", "", "")
        sent |= {f"{name}_{place}": value for name, value in zip(("text", "responsible", "due"), row, strict=True)}
    return sent | more


def written(case: Recommendation) -> list[tuple[int, str, str, date | None]]:
    return [
        (one.position, one.text, one.responsible, one.due)
        for one in Recommendation.objects.get(pk=case.pk).measures_now()
    ]


def inputs(html: str) -> dict[str, str]:
    """name -> value of the text areas, lines and dates of a page."""
    areas = re.findall(r'<textarea name="(\w+)"[^>]*>\s*(.*?)</textarea>', html, re.DOTALL)
    lines = [
        (re.search(r'name="(\w+)"', tag), re.search(r'value="([^"]*)"', tag))
        for tag in re.findall(r"<input[^>]*>", html)
    ]
    return dict(areas) | {name[1]: value[1] if value else "" for name, value in lines if name}


def test_the_officer_writes_the_plan(as_: Opened, cast: Cast) -> None:
    case = make_recommendation(cast, "issued", measures=0)
    client = as_("officer")
    page = text_of(client.get(address(case)))
    assert page.count("<textarea") == 3
    assert f"No date may be later than {case.current_due:%d.%m.%Y}." in page
    sent = filled(
        case, (" Buy\x07 books\r\nfor all ", " Head  of the library ", due(case)), ("Count them", "Dean", due(case, 0))
    )
    response = client.post(address(case), sent)
    assert (response.status_code, response.headers["Location"]) == (302, f"{case.get_absolute_url()}#plan")
    assert case.current_due
    assert written(case) == [
        (1, "Buy books\nfor all", "Head of the library", case.current_due - timedelta(days=10)),
        (2, "Count them", "Dean", case.current_due),
    ]
    event = Event.objects.of("recommendation", case.pk).latest("pk")
    assert (event.action, event.actor) == ("plan", cast.officer)
    assert "Head of the library" in event.details.text


def test_a_row_is_taken_out_by_emptying_it(as_: Opened, cast: Cast) -> None:
    case = make_recommendation(cast, "issued", measures=3)
    client = as_("rector")
    shown = inputs(text_of(client.get(address(case))))
    assert [shown[f"text_{place}"] for place in range(1, 7)] == ["Measure 1", "Measure 2", "Measure 3", "", "", ""]
    sent = shown | {"text_2": "", "responsible_2": " ", "due_2": ""}
    assert client.post(address(case), sent).status_code == 302
    assert [(position, text) for position, text, *_rest in written(case)] == [(1, "Measure 1"), (2, "Measure 3")]


def test_what_is_wrong_is_said_in_its_row(as_: Opened, cast: Cast) -> None:
    case = make_recommendation(cast, "issued", measures=1)
    before = footprint(case), written(case)
    sent = filled(
        case,
        ("Only a text", "", ""),
        ("", "Dean", due(case)),
        ("<i>Late</i>", "Dean", due(case, 1)),
        ("No date", "Dean", "tomorrow"),
        ("x" * 2001, "y" * 301, "0001-01-01"),
    )
    response = as_("officer").post(address(case), sent)
    shown = text_of(response)
    assert response.status_code == 422
    for place, sentence in [
        ("responsible_1", "Measure 1, responsible post or unit: Name the post or unit that answers for it."),
        ("due_1", "Measure 1, by: Give the date by which it is done."),
        ("text_2", "Measure 2: Write what will be done, or empty the row."),
        ("due_3", f"Measure 3, by: This is later than the due date, {case.current_due:%d.%m.%Y}."),
        ("due_4", "Measure 4, by: This is not a date."),
        ("text_5", "Measure 5: Ensure this value has at most 2000 characters"),
        ("responsible_5", "Measure 5, responsible post or unit: Ensure this value has at most 300 characters"),
        ("due_5", "Measure 5, by: This is not a date."),
    ]:
        assert f'<a href="#id_{place}">{sentence}' in shown
    assert "&lt;i&gt;Late&lt;/i&gt;" in shown
    again = inputs(shown)
    assert (again["due_4"], again["responsible_2"], again["text_1"]) == ("tomorrow", "Dean", "Only a text")
    assert (footprint(case), written(case)) == before


def test_a_plan_without_measures_is_refused(as_: Opened, cast: Cast) -> None:
    case = make_recommendation(cast, "issued", measures=1)
    for sent in (
        filled(case),
        {"version": str(case.version)},
        filled(case) | {"rows": "0"},
        filled(case) | {"rows": "x"},
    ):
        response = as_("officer").post(address(case), sent)
        assert (response.status_code, "Write at least one measure." in text_of(response)) == (422, True)
    with pytest.raises(Refused, match="needs a text"):
        write_plan(case, [MeasureDraft(" ")], by=cast.officer, version=case.version)


def test_rows_are_added_without_losing_what_was_typed(as_: Opened, cast: Cast) -> None:
    case = make_recommendation(cast, "issued", measures=1)
    sent = filled(case, ("Half a measure", "", "not a date"), more_rows="1")
    response = as_("officer").post(address(case), sent)
    shown = text_of(response)
    assert response.status_code == 200
    assert shown.count("<textarea") == 7
    assert "error-summary" not in shown
    again = inputs(shown)
    assert (again["text_1"], again["due_1"], again["version"]) == ("Half a measure", "not a date", str(case.version))
    assert written(case)[0][1] == "Measure 1"


def test_a_plan_for_what_is_overdue_lies_beyond_the_due_date(cast: Cast) -> None:
    today = legal_date()
    ahead = today + timedelta(days=8)
    assert is_in_time(ahead, ahead, today)
    assert is_in_time(ahead, None, today)
    assert not is_in_time(ahead + timedelta(days=1), ahead, today)
    case = make_recommendation(cast, "issued", first_due=today - timedelta(days=30), measures=0)
    write_plan(case, [MeasureDraft("Do", "Dean", ahead)], by=cast.rector, version=case.version)
    perform(case, "respond", by=cast.rector, response="accepted")
    perform(case, "agree_plan", by=cast.coordinator)
    assert case.state == "in_progress"


def test_rows_end_at_a_hundred(as_: Opened, cast: Cast) -> None:
    case = make_recommendation(cast, "issued")
    for rows in ("99", "100", "5000", "99999999999"):
        shown = text_of(as_("officer").post(address(case), {"version": "3", "rows": rows, "more_rows": "1"}))
        assert 3 <= shown.count("<textarea") <= 100


def test_a_plan_filled_on_an_older_version_comes_back_with_what_changed(as_: Opened, cast: Cast) -> None:
    case = make_recommendation(cast, "issued", measures=0)
    seen = case.version
    write_plan(case, [MeasureDraft("Written by the head", "Dean", case.current_due)], by=cast.rector, version=seen)
    client = as_("officer")
    sent = filled(case, ("Written by the officer", "Dean", due(case))) | {"version": str(seen)}
    response = client.post(address(case), sent)
    shown = text_of(response)
    assert response.status_code == 409
    assert "This case changed after you opened it." in shown
    assert "Chynara (test)" in shown
    assert "Written by the head" in shown
    assert inputs(shown)["text_1"] == "Written by the officer"
    assert written(case)[0][1] == "Written by the head"
    assert client.post(address(case), inputs(shown)).status_code == 302
    assert [text for _position, text, *_rest in written(case)] == ["Written by the officer"]


def test_a_plan_that_was_answered_with_stays_and_its_change_is_a_new_version(cast: Cast) -> None:
    case = make_recommendation(cast, "issued", measures=1)
    perform(case, "dispute", by=cast.rector, reason="We have no library.", asked="Take it back")
    perform(case, "uphold", by=cast.leader, reason="There is one.")
    write_plan(case, [MeasureDraft("New")], by=cast.officer, version=case.version)
    assert list(Plan.objects.values_list("version", "measures__text")) == [(1, "Measure 1"), (2, "New")]
    write_plan(case, [MeasureDraft("Newer")], by=cast.officer, version=case.version)
    assert list(Plan.objects.values_list("version", "measures__text")) == [(1, "Measure 1"), (2, "Newer")]


def test_an_undated_recommendation_takes_any_date(as_: Opened, cast: Cast) -> None:
    case = make_recommendation(cast, "issued", measures=0, first_due=None, current_due=None, no_due_reason="Always")
    assert as_("officer").post(address(case), filled(case, ("Do it", "Dean", "2040-01-01"))).status_code == 302
    assert Measure.objects.get().due == date(2040, 1, 1)


def test_who_may_not_plan_gets_the_reason_and_strangers_nothing(as_: Opened, cast: Cast) -> None:
    case = make_recommendation(cast, "issued", measures=1)
    sent = filled(case, ("Forged", "Dean", due(case)))
    for who in ("leader", "observer", "head", "coordinator"):
        for answer in (as_(who).get(address(case)), as_(who).post(address(case), sent)):
            assert (answer.status_code, "You may not do this: it is for" in text_of(answer)) == (403, True)
    for who in ("director", "expert", "registrar", "stranger"):
        assert {as_(who).get(address(case)).status_code, as_(who).post(address(case), sent).status_code} == {404}
    assert written(case)[0][1] == "Measure 1"


def test_a_plan_that_is_under_review_is_not_changed(as_: Opened, cast: Cast) -> None:
    case = make_recommendation(cast, "under_review")
    client = as_("officer")
    assert client.get(address(case)).status_code == 403
    answer = client.post(address(case), filled(case, ("Too late", "Dean", due(case))))
    assert (answer.status_code, "Too late" in text_of(answer)) == (422, True)
    assert "in the state “Answer under review”" in text_of(answer)
    assert len(written(case)) == 2


def test_the_page_takes_as_many_queries_for_two_measures_as_for_fifty(
    as_: Opened, cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = as_("officer")
    for count in (2, 50):
        case = make_recommendation(cast, "issued", measures=count)
        ContentType.objects.get_for_model(Recommendation)  # Kept by the process; whether it is yet is left to chance.
        with django_assert_num_queries(9):
            assert text_of(client.get(address(case))).count("<textarea") == count + 3
        sent: dict[str, Any] = inputs(text_of(client.get(address(case)))) | {"text_1": ""}
        with django_assert_num_queries(11):  # Four of them are for what is stored once.
            assert client.post(address(case), sent).status_code == 422
