"""The history of a case: every step readable, as far as the reader may know of it."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from cases.desk.leading import assign
from cases.desk.talking import comment
from cases.followup.models import Recommendation
from cases.followup.verbs import MeasureDraft, write_plan
from cases.registry.models import User
from cases.registry.verbs import add_organisation, change_organisation
from tests.cast import Cast
from tests.factories import make_extension, make_recommendation
from workflow.door import perform
from workflow.models import Event
from workflow.trail.erasure import erase
from workflow.trail.history import HistoryLine, history
from workflow.trail.readable import readable


def actions(case: Recommendation, reader: User) -> list[str]:
    return [line.action for line in history(case, reader=reader)]


def details(line: HistoryLine) -> dict[str, tuple[str, str]]:
    return {detail.label: (detail.old, detail.new) for detail in line.details}


def test_a_line_tells_who_when_what_and_between_which_states(cast: Cast) -> None:
    case = make_recommendation(cast, "draft")
    event = perform(case, "issue", by=cast.coordinator)
    event.refresh_from_db()
    line = history(case, reader=cast.rector)[-1]
    assert (line.event_id, line.at, line.number) == (event.pk, event.at, case.number)
    assert (line.actor, line.role, line.organisation_id) == ("Aigul (test)", "Coordinator", cast.department.pk)
    assert (line.action, line.label, line.source, line.target) == ("issue", "Issue", "Draft", "Answer awaited")
    told = details(line)
    assert told["Number"] == (case.draft_number, case.number)
    assert told["Issued on"] == ("", f"{case.issued_on:%d.%m.%Y}")


def test_values_are_read_with_their_words_names_and_dates(cast: Cast) -> None:
    case = make_recommendation(cast, "verified", classification="improvement")
    assign(case, cast.second_coordinator, by=cast.head)
    perform(case, "close", by=cast.head, closing_reason="implemented", text="Seen on site")
    assigned, closed = (details(line) for line in history(case, reader=cast.head)[-2:])
    assert assigned == {"Coordinator": ("Aigul (test)", "Asan (test)")}
    assert closed["Closing reason"] == ("", "Implemented")
    assert closed["Closed by"] == ("", "Bakyt (test)")
    assert closed["Text"] == ("", "Seen on site")
    with translation.override("ru"):
        assert history(case, reader=cast.head)[-1].details


def test_an_input_that_a_change_repeats_is_told_once(cast: Cast) -> None:
    case = make_recommendation(cast, "claimed")
    perform(case, "confirm", by=cast.coordinator, degree="most")
    labels = [detail.label for detail in history(case, reader=cast.head)[-1].details]
    assert labels.count("Verified degree") == 1
    assert len(labels) == len(set(labels))


def test_long_texts_and_plans_come_with_both_versions(cast: Cast) -> None:
    case = make_recommendation(cast, "issued", measures=0)
    due = (case.current_due or case.first_due) - timedelta(days=30)
    for text in ("Buy books", "Buy new books"):
        write_plan(case, [MeasureDraft(text, "Dean", due)], by=cast.officer, version=case.version)
    [plan] = history(case, reader=cast.rector)[-1].details
    assert (plan.label, plan.is_change) == ("Plan", True)
    assert plan.old.startswith("1. Buy books, Dean")
    assert plan.new.startswith("1. Buy new books, Dean")


def test_the_institution_is_told_neither_of_the_draft_nor_of_internal_comments(cast: Cast) -> None:
    case = make_recommendation(cast, "draft")
    comment(case, "Is this wise?", by=cast.coordinator, is_internal=True)
    perform(case, "issue", by=cast.coordinator)
    comment(case, "They will dispute it.", by=cast.head, is_internal=True)
    comment(case, "We read it.", by=cast.officer, is_internal=False)
    whole = ["create", "comment_internal", "issue", "comment_internal", "comment"]
    for reader in (cast.coordinator, cast.head, cast.leader, cast.observer):
        assert actions(case, reader) == whole
    for reader in (cast.rector, cast.officer, cast.stranger, cast.expert):
        lines = history(case, reader=reader)
        assert [line.action for line in lines] == ["issue", "comment"]
        assert not any("dispute" in detail.new or "wise" in detail.new for line in lines for detail in line.details)
    assert [line.is_internal for line in history(case, reader=cast.head)] == [False, True, False, True, False]


def test_what_hangs_on_the_case_is_told_in_its_place(cast: Cast) -> None:
    case = make_recommendation(cast, "in_progress")
    extension = make_extension(cast, case)
    perform(extension, "grant", by=cast.head)
    told = [(line.number, line.action) for line in history(case, [extension], reader=cast.rector)]
    assert told[-3:] == [(extension.number, "create"), (extension.number, "grant"), (case.number, "move_due")]
    assert (case.number, "agree_plan") in told


def test_erased_details_are_marked_and_the_system_has_a_name(cast: Cast) -> None:
    case = make_recommendation(cast, "draft")
    event = perform(case, "issue", by=cast.coordinator)
    erase(event, by=cast.leader, reason="By law")
    first, last = history(case, reader=cast.head)
    assert (first.is_erased, last.is_erased) == (False, True)
    assert last.details == []


@pytest.mark.parametrize("many", [1, 20])
def test_a_long_history_takes_as_many_queries_as_a_short_one(
    cast: Cast, many: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    case = make_recommendation(cast, "draft")
    for number in range(many):
        assign(case, (cast.second_coordinator, cast.coordinator)[number % 2], by=cast.head)
        comment(case, f"Comment {number}", by=cast.head, is_internal=True)
    head: Any = User.objects.get(pk=cast.head.pk)
    assert head.role_map
    with django_assert_max_num_queries(2):
        assert len(history(case, reader=head)) == 1 + 2 * many


def test_events_of_the_registry_are_readable_too(cast: Cast) -> None:
    made = add_organisation(
        by=cast.registrar, code="NEW", kind="institution", institution_type="college", name="New", languages=["ky"]
    )
    change_organisation(made, by=cast.registrar, name="Newer", languages=["ky", "ru"], parent=cast.ministry)
    events = Event.objects.filter(subject_type="organisation", subject_id=made.pk)
    added, changed = events.order_by("id").select_related("details")
    told = readable([added, changed])
    first = {one.label: one.new for one in told[added.pk]}
    assert first["Type of institution"] == "College"
    assert first["Languages of instruction"] == "Kyrgyz"
    second = {one.label: (one.old, one.new) for one in told[changed.pk]}
    assert second["Languages of instruction"] == ("Kyrgyz", "Kyrgyz\nRussian")
    assert second["Part of"] == ("", "MIN (test)")
