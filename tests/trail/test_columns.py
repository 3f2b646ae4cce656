"""The columns of people, organisations and cases are compared with the trail, and where events are shown with cases."""

from collections.abc import Iterator
from datetime import date, timedelta
from hashlib import sha256
from typing import Any

import pytest
from django.db import connection
from django.db.models import Model

from cases.desk.leading import assign
from cases.followup.models import Delivery, Measure, Plan, Recommendation
from cases.followup.verbs import request_extension
from cases.registry.models import Organisation, User
from cases.registry.verbs import add_organisation, add_person, change_address, change_organisation, deactivate_person
from tests.cast import Cast
from tests.factories import make_extension, make_recommendation
from tests.followup.walking import walk
from tests.registry.acting import COLLEGE, PERSON, decided
from tests.trail.tampering import settle, tamper
from tests.workflow.effects import Clock
from workflow.models import Event
from workflow.terms import legal_date
from workflow.trail import columns
from workflow.trail.erasure import erase
from workflow.trail.recording import Entry, record
from workflow.trail.verification import verify_and_record

OF = "WHERE id = %s"


@pytest.fixture
def case(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Recommendation:
    """Led by real acts to its end: the trail tells all of it."""
    clock = Clock()
    clock.day = legal_date()
    monkeypatch.setattr("django.utils.timezone.now", clock.now)
    made = walk(cast, clock, "closed")
    settle()
    assert verify_and_record().finding == ""
    return made


PEOPLE = {
    "email": "'thief@test.example'",
    "full_name": "'Somebody else'",
    "post": "'minister'",
    "is_active": "NOT is_active",
}


@pytest.mark.parametrize("column", PEOPLE)
def test_changed_data_of_a_person_are_named(cast: Cast, column: str) -> None:
    tamper(f"UPDATE registry_user SET {column} = {PEOPLE[column]} {OF}", cast.leader.pk)
    code = f"P-{cast.leader.pk}"
    assert verify_and_record().finding == (f"Person {cast.leader.pk} ({code}): “{column}” does not match its trail.")


ORGANISATIONS = {
    "code": "'OTHER'",
    "kind": "'contractor'",
    "name_ky": "'Башка'",
    "name_ru": "'Другая'",
    "short_name_en": "'Other'",
    "region": "'osh'",
    "founder": "'nobody'",
    "languages": "'{ru}'",
    "parent_id": "(SELECT max(id) FROM registry_organisation)",
    "monitored_on": "'2020-01-01'",
    "is_active": "false",
}


@pytest.mark.parametrize("column", ORGANISATIONS)
def test_changed_data_of_an_organisation_are_named(cast: Cast, column: str) -> None:
    tamper(f"UPDATE registry_organisation SET {column} = {ORGANISATIONS[column]} {OF}", cast.department.pk)
    assert verify_and_record().finding == (
        f"Organisation {cast.department.pk} (DEP): “{column}” does not match its trail."
    )


@pytest.mark.parametrize("model", [User, Organisation])
def test_an_account_that_was_put_in_or_taken_away_is_named(cast: Cast, model: type[Model]) -> None:
    made: Any = (
        User.objects.create(email="x@test.example", full_name="X", password="!")
        if model is User
        else Organisation.objects.create(code="X", kind="contractor")
    )
    settle()
    what = str(model._meta.verbose_name).capitalize()
    assert verify_and_record().finding == f"{what} {made.pk} is stored, but has no trail."
    tamper(f"DELETE FROM {model._meta.db_table} {OF}", made.pk)
    assert verify_and_record().finding == ""
    known = cast.stranger if model is User else cast.contractor
    tamper(f"DELETE FROM {model._meta.db_table} {OF}", known.pk)
    assert verify_and_record().finding == f"{what} {known.pk} has a trail, but is not stored any more."


def test_everything_that_is_done_to_people_and_organisations_is_told_by_the_trail(cast: Cast) -> None:
    college = add_organisation(by=cast.registrar, **{**COLLEGE, "languages": ["ky", "ru"]})
    change_organisation(college, by=cast.registrar, name_ru="Колледж", monitored_on=date(2020, 1, 1))
    person = add_person(by=cast.registrar, **PERSON)
    change_address(person, "Other@Test.example", by=decided(cast.registrar))
    deactivate_person(person, by=decided(cast.registrar), reason="Left")
    User.objects.filter(pk=person.pk).update(language="ru")  # As the person does on any page.
    assert verify_and_record().finding == ""


def test_what_was_told_after_an_erasure_is_compared_again(cast: Cast) -> None:
    person = add_person(by=cast.registrar, **PERSON)
    erase(Event.objects.of("person", person.pk).get(), by=cast.leader, reason="By law")
    tamper(f"UPDATE registry_user SET post = 'minister' {OF}", person.pk)
    assert verify_and_record().finding == "", "what it was is not known any more"
    change_address(User.objects.get(pk=person.pk), "other@test.example", by=decided(cast.registrar))
    assert verify_and_record().finding == ""
    tamper(f"UPDATE registry_user SET email = 'thief@test.example' {OF}", person.pk)
    assert "“email” does not match its trail" in verify_and_record().finding


CASES = {
    "institution_id": "(SELECT id FROM registry_organisation WHERE code = 'COL')",
    "coordinator_id": "(SELECT max(id) FROM registry_user)",
    "current_due": "current_due + 100",
    "closing_reason": "'superseded'",
    "verified_degree": "'most'",
    "verified_by_id": "(SELECT max(id) FROM registry_user)",
    "issued_on": "issued_on - 1",
    "closed_on": "closed_on + 1",
    "risk": "'low'",
    "number": "'R-1999-00001'",
}


@pytest.mark.parametrize("column", CASES)
def test_a_changed_column_of_a_case_is_named(case: Recommendation, column: str) -> None:
    tamper(f"UPDATE followup_recommendation SET {column} = {CASES[column]} {OF}", case.pk)
    assert verify_and_record().finding == (
        f"Recommendation {case.pk} ({case.number}): “{column}” does not match its trail."
    )


def test_a_changed_extension_is_named(cast: Cast) -> None:
    asked = make_recommendation(cast, "in_progress")
    until = (asked.current_due or legal_date()) + timedelta(days=30)
    extension = request_extension(asked, until=until, reason="Late (test)", by=cast.officer)
    assert verify_and_record().finding == ""
    tamper(f"UPDATE followup_extension SET until = until + 30 {OF}", extension.pk)
    assert "“until” does not match its trail" in verify_and_record().finding


def test_a_change_that_was_covered_by_a_later_act_is_named(cast: Cast) -> None:
    made = make_recommendation(cast, "issued")
    assign(made, cast.second_coordinator, by=cast.head)
    tamper(f"UPDATE followup_recommendation SET coordinator_id = {cast.head.pk} {OF}", made.pk)
    assign(Recommendation.objects.get(pk=made.pk), cast.coordinator, by=cast.head)
    last = Event.objects.of("recommendation", made.pk).latest("position")
    assert verify_and_record().finding == (
        f"Event {last.pk} ({made.number}, step {last.position}, assign): it changed “coordinator_id”, but not from the"
        " value that the trail told before."
    )


@pytest.mark.parametrize("text", ["[]", "nonsense", '{"changes": 5}', '{"changes": {"risk": "low"}}', "[" * 9000])
def test_details_that_baikoo_did_not_write_are_named_and_stop_nothing(case: Recommendation, text: str) -> None:
    """Whoever holds the role of the web may append such events."""
    entry = Entry("recommendation", case.pk, case.number, "comment", None, None, "closed", "closed", case.version)
    [event] = record([entry])
    salt = "a" * 32
    tamper(
        "UPDATE workflow_event SET details_digest = encode(sha256(convert_to(%s, 'UTF8')), 'hex') WHERE id = %s",
        f"{salt}{text}", event.pk,
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO workflow_eventdetails VALUES (%s, %s, %s)", [event.pk, salt, text])
    first = next(columns.findings())
    assert (first.fault, first.facts["id"]) == ("details_unreadable", str(event.pk))


def test_of_very_many_rows_a_part_is_compared_each_day_and_in_turn_all(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(columns, "PER_DAY", 8)
    stored = User.objects.count()
    parts = columns.parts_of(User)
    assert parts == 1 + stored // 8
    tamper("UPDATE registry_user SET post = 'x'")
    read = [_people(columns.findings(on=date(2026, 1, 1) + timedelta(days=day))) for day in range(parts)]
    assert max(map(len, read)) < stored
    assert sorted(pk for some in read for pk in some) == sorted(map(str, User.objects.values_list("pk", flat=True)))
    assert len(_people(columns.findings(parts=1))) == stored


def _people(found: Iterator[Any]) -> list[str]:
    return [one.facts["subject_id"] for one in found if one.facts["model"] == "registry.User"]


SHOWN = {
    "another ministry": "ministry_id = ministry_id + 1",
    "every ministry": "ministry_id = NULL",
    "another page": "about_type = 'engagement', about_id = 1",
    "a page of that kind": "about_id = 1",
}


@pytest.mark.parametrize("what", SHOWN)
def test_an_event_of_a_case_that_was_moved_out_of_sight_is_named(case: Recommendation, what: str) -> None:
    event = Event.objects.of("recommendation", case.pk).get(action="claim")
    tamper(f"UPDATE workflow_event SET {SHOWN[what]} {OF}", event.pk)
    assert verify_and_record().finding == (
        f"Event {event.pk} ({case.number}, step {event.position}, claim): the page on which it is shown, or the"
        " ministry that may read it, was changed."
    )


def test_an_event_on_an_extension_belongs_on_the_page_of_its_recommendation(cast: Cast) -> None:
    extension = make_extension(cast)
    [event] = Event.objects.of("extension", extension.pk)
    assert verify_and_record().finding == ""
    tamper(f"UPDATE workflow_event SET about_type = '', about_id = NULL {OF}", event.pk)
    assert verify_and_record().fault == "shown_elsewhere"


@pytest.mark.parametrize("what", ["ministry_id = 1", "about_type = 'recommendation'", "about_id = 1"])
def test_an_event_of_the_registry_belongs_to_no_case_and_no_ministry(cast: Cast, what: str) -> None:
    event = Event.objects.of("person", cast.leader.pk).get()
    tamper(f"UPDATE workflow_event SET {what} {OF}", event.pk)
    assert verify_and_record().finding == (
        f"Event {event.pk} (P-{cast.leader.pk}, step 1, add_person): the page on which it is shown, or the ministry"
        " that may read it, was changed."
    )


PROOFS = {
    "delivered": ("UPDATE followup_delivery SET text = text || '.'", "delivery"),
    "hash and text": ("UPDATE followup_delivery SET text = 'x', sha256 = encode(sha256('x'), 'hex')", "delivery"),
    "another's": ("UPDATE followup_delivery SET event_id = event_id - 1", "delivery"),
    "no delivery": ("DELETE FROM followup_delivery", "delivery"),
    "measure": ("UPDATE followup_measure SET text = 'Less' WHERE position = 2", "plan"),
    "no date": ("UPDATE followup_plan SET agreed_on = NULL", "plan"),
    "hash of the plan": ("UPDATE followup_plan SET sha256 = repeat('0', 64)", "plan"),
}


@pytest.mark.parametrize("what", PROOFS)
def test_what_was_delivered_and_agreed_is_compared_every_night(case: Recommendation, what: str) -> None:
    statement, kind = PROOFS[what]
    tamper(statement)
    words = {
        "delivery": "what is kept of its delivery is not what was delivered.",
        "plan": "what is kept of its agreed plan is not what was agreed.",
    }
    assert verify_and_record().finding == f"{case.number}: {words[kind]}"


def rehashed() -> None:
    """A plan that was changed together with its hash proves itself."""
    tamper("UPDATE followup_measure SET due = %s WHERE position = 1", legal_date() + timedelta(days=999))
    plan = Plan.objects.get()
    tamper("UPDATE followup_plan SET sha256 = %s", sha256(plan.contents().encode()).hexdigest())
    assert Plan.objects.get().is_intact


def test_a_plan_that_was_changed_with_its_hash_is_named_by_the_trail(case: Recommendation) -> None:
    event = Event.objects.of("recommendation", case.pk).get(action="agree_plan")
    assert f'"plan_sha256": "{Plan.objects.get().sha256}"' in event.details.text
    rehashed()
    assert verify_and_record().finding == f"{case.number}: what is kept of its agreed plan is not what was agreed."


def test_of_a_plan_that_was_agreed_before_its_hash_was_told_the_plan_alone_is_compared(case: Recommendation) -> None:
    event = Event.objects.of("recommendation", case.pk).get(action="agree_plan")
    erase(event, by=event.actor, reason="By law")  # type: ignore[arg-type]
    assert verify_and_record().finding == ""
    rehashed()
    assert verify_and_record().finding == ""
    assert (Delivery.objects.count(), Measure.objects.count()) == (1, 2)
    tamper("UPDATE followup_measure SET text = 'Less' WHERE position = 2")
    assert verify_and_record().fault == "plan_differs"
