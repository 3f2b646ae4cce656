"""Editing a draft: each wording is kept, and an outdated form is not lost."""

import re
from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from cases.followup.models import Contributor, InterimDeadline, Recommendation, SourceDocument
from cases.followup.verbs import Draft, edit_draft
from cases.registry.models import User
from notifications.models import Message
from tests.cast import Cast, person
from tests.factories import make_recommendation
from tests.followup.draft_forms import DUE, LEAST, NEW, editing, fields, school
from tests.followup.pages import Opened, footprint, text_of
from workflow.door import Refused, perform
from workflow.models import Event, Expectation
from workflow.roles import Role
from workflow.terms import legal_date


def test_editing_keeps_what_was_not_touched(as_: Opened, cast: Cast) -> None:
    client = as_("coordinator")
    sent = LEAST | {"contributors": "Library\nDean", "rows": "3", "interim_due_1": "2026-12-01", "item": "3",
                    "due": str(DUE), "cause": "Criterion 5", "text_en": "Carry out"}  # fmt: skip
    client.post(NEW, sent)
    case = Recommendation.objects.get()
    opened = fields(text_of(client.get(editing(case))))
    assert opened["institution"] == "UNI – UNI (test)"
    assert (opened["rows"], opened["interim_due_1"], opened["contributors"]) == ("4", "2026-12-01", "Library\nDean")
    before = footprint(case)[0] | {"version": 2}
    assert client.post(editing(case), opened).status_code == 302
    assert footprint(case)[0] == before
    assert case.texts.count() == 2
    assert list(case.contributors.values_list("name", flat=True)) == ["Library", "Dean"]


def test_editing_keeps_each_wording_and_tells_what_changed(as_: Opened, cast: Cast) -> None:
    case = make_recommendation(cast, "draft")
    client = as_("coordinator")
    opened = fields(text_of(client.get(editing(case))))
    changed = opened | {"text_ky": "Башка текст", "text_en": "", "contributors": "Library", "institution": "COL"}
    assert client.post(editing(case), changed).status_code == 302
    case = Recommendation.objects.get(pk=case.pk)
    assert {key: (one.text, one.version) for key, one in case.current_texts().items()} == {
        "ky": ("Башка текст", 2), "ru": (opened["text_ru"], 1),
    }  # fmt: skip
    assert case.institution == cast.college
    assert Expectation.objects.open().of("recommendation", case.pk).get().addressed_id is None, "it knows of no draft"
    assert Recommendation.objects.matching("башка").count() == 1
    details = Event.objects.of("recommendation", case.pk).latest("pk").details.text
    for told in ("Башка текст", opened["text_ky"], "Library", "institution"):
        assert told in details


def test_a_draft_handed_on_is_expected_of_its_new_coordinator(as_: Opened, cast: Cast) -> None:
    case = make_recommendation(cast, "draft")
    client = as_("coordinator")
    opened = fields(text_of(client.get(editing(case))))
    assert client.post(editing(case), opened | {"coordinator": str(cast.second_coordinator.pk)}).status_code == 302
    assert Expectation.objects.open().of("recommendation", case.pk).get().assignee == cast.second_coordinator
    assert "assigned to Asan" in text_of(client.get(editing(case)))
    events = Event.objects.of("recommendation", case.pk).order_by("pk").values_list("action", "version")
    assert list(events)[-2:] == [("edit", 2), ("assign", 3)]
    told = Message.objects.filter(channel="in_app").values_list("recipient", "template")
    assert list(told) == [(cast.second_coordinator.pk, "assigned")]


def test_a_draft_that_nobody_else_is_given_tells_nobody(as_: Opened, cast: Cast) -> None:
    case = make_recommendation(cast, "draft")
    client = as_("coordinator")
    opened = fields(text_of(client.get(editing(case))))
    assert client.post(editing(case), opened | {"item": "7"}).status_code == 302
    assert Event.objects.of("recommendation", case.pk).latest("pk").action == "edit"
    opened = fields(text_of(client.get(editing(case))))
    assert client.post(editing(case), opened | {"coordinator": ""}).status_code == 302
    case = Recommendation.objects.get(pk=case.pk)
    assert (case.coordinator, case.item) == (None, "7")
    assert not Message.objects.exists()


def test_a_form_filled_on_an_older_version_is_not_lost(as_: Opened, cast: Cast) -> None:
    case = make_recommendation(cast, "draft")
    client = as_("coordinator")
    opened = fields(text_of(client.get(editing(case))))
    assert client.post(editing(case), opened | {"item": "9", "text_ky": "Биринчи"}).status_code == 302
    mine = opened | {"text_ky": "Экинчи", "cause": "Mine"}
    response = client.post(editing(case), mine)
    shown = text_of(response)
    assert response.status_code == 409
    assert "This case changed after you opened it." in shown
    assert "What changed since you opened this page" in shown
    assert '<ins class="d">' in shown
    again = fields(shown)
    assert (again["text_ky"], again["cause"], again["version"]) == ("Экинчи", "Mine", str(case.version + 1))
    assert again["item"] == "9", "a field that was left alone shows what stands there now"
    assert client.post(editing(case), again).status_code == 302
    saved = Recommendation.objects.get(pk=case.pk)
    assert (saved.current_texts()["ky"].text, saved.cause, saved.item) == ("Экинчи", "Mine", "9")


def test_no_row_is_lost_between_an_old_form_and_the_one_that_comes_back(as_: Opened, cast: Cast) -> None:
    case, client = make_recommendation(cast, "draft"), as_("coordinator")
    days = [legal_date() + timedelta(days=place) for place in range(1, 6)]
    rows = {f"interim_due_{place}": str(day) for place, day in enumerate(days, start=1)}
    opened = fields(text_of(client.get(editing(case))))
    assert client.post(editing(case), opened | rows | {"rows": "8"}).status_code == 302
    opened = fields(text_of(client.get(editing(case))))
    assert client.post(editing(case), opened | {"item": "9"}).status_code == 302
    stale = client.post(editing(case), opened | {"cause": "Mine"})
    assert stale.status_code == 409
    again = fields(text_of(stale))
    assert again["rows"] == opened["rows"]
    assert client.post(editing(case), again).status_code == 302
    saved = Recommendation.objects.get(pk=case.pk)
    assert (saved.cause, saved.item) == ("Mine", "9")
    assert [interim.due for interim in saved.interim_deadlines.all()] == days


def test_every_kind_of_field_that_was_left_alone_is_taken_over(as_: Opened, cast: Cast) -> None:
    case = make_recommendation(cast, "draft", is_priority=True, risk="low")
    client, due = as_("coordinator"), legal_date() + timedelta(days=77)
    opened = fields(text_of(client.get(editing(case))))
    theirs = {name: value for name, value in opened.items() if name != "is_priority"} | {
        "risk": "high", "due": str(due), "controller": "Vice-rector", "contributors": "Library\r\nDean",
        "interim_due_1": str(due), "interim_topic_1": "First", "source": "",
    }  # fmt: skip
    assert client.post(editing(case), theirs).status_code == 302
    stale = client.post(editing(case), opened | {"cause": "Mine"})
    assert stale.status_code == 409
    again = client.post(editing(case), fields(text_of(stale)))
    assert again.status_code == 302, re.findall(r"error-summary.*?</ul>", text_of(again), re.DOTALL)
    saved = Recommendation.objects.get(pk=case.pk)
    assert (saved.cause, saved.risk, saved.is_priority, saved.current_due) == ("Mine", "high", False, due)
    assert (saved.controller, saved.source) == ("Vice-rector", None)
    assert [contributor.name for contributor in saved.contributors.all()] == ["Library", "Dean"]
    assert [(interim.due, interim.topic) for interim in saved.interim_deadlines.all()] == [(due, "First")]


def test_a_draft_issued_meanwhile_gives_the_reason_and_keeps_what_was_typed(as_: Opened, cast: Cast) -> None:
    case = make_recommendation(cast, "draft")
    client = as_("coordinator")
    opened = fields(text_of(client.get(editing(case))))
    address = editing(case)
    perform(case, "issue", by=cast.coordinator)
    response = client.post(address, opened | {"text_ky": "Кеч калды"})
    assert (response.status_code, "Кеч калды" in text_of(response)) == (409, True)
    again = client.post(address, fields(text_of(response)))
    assert (again.status_code, "in the state “Answer awaited”" in text_of(again)) == (422, True)
    assert client.get(address).status_code == 403
    assert Recommendation.objects.get(pk=case.pk).current_texts()["ky"].version == 1


def test_who_stands_in_edits_the_draft_until_the_coordinator_has_left(cast: Cast) -> None:
    case = make_recommendation(cast, "draft", coordinator=cast.coordinator)
    stand_in = person("Substitute", (cast.department, Role.COORDINATOR))
    stand_in.memberships.update(substitutes_for=cast.coordinator, ends=legal_date() + timedelta(days=5))
    draft = Draft(cast.university, cast.department, source=case.source, coordinator=cast.coordinator, item="4")
    edit_draft(case, draft, by=stand_in, version=case.version)
    case = Recommendation.objects.get(pk=case.pk)
    assert case.item == "4"
    cast.coordinator.memberships.update(ends=legal_date() - timedelta(days=1))
    with pytest.raises(Refused):
        edit_draft(case, draft, by=User.objects.get(pk=stand_in.pk), version=case.version)


def test_the_page_takes_as_many_queries_for_few_as_for_many(
    as_: Opened, cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = as_("coordinator")
    case = make_recommendation(cast, "draft")
    for count in (0, 30):
        for number in range(count):
            SourceDocument.objects.create(kind="audit", title=f"Audit {number}", department=cast.department)
            InterimDeadline.objects.create(recommendation=case, due=DUE, topic="Report")
            Contributor.objects.create(recommendation=case, name="Library")
            person(f"Coordinator{number}", (cast.department, Role.COORDINATOR))
            school(f"Q-{number}", "Many (test)")
        with django_assert_num_queries(9):
            client.get(NEW)
        with django_assert_num_queries(14):
            client.get(editing(case))
