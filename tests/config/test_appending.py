"""What was said and received stays: the role of the web may add to it, and does all of its work without more rights."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from pytest_django import Settings

from cases.desk.leading import assign
from cases.desk.talking import comment
from cases.followup.models import Evidence, Recommendation
from cases.followup.verbs import (
    Draft,
    MeasureDraft,
    attach,
    draft_successor,
    edit_draft,
    explain,
    review_evidence,
    translate,
    write_plan,
)
from cases.registry.models import Membership
from cases.registry.verbs import arrange_substitution, change_person, end_membership, give_membership
from tests.cast import Cast, make_told_cast
from tests.config.test_grants import as_the_web_server, refused, role  # noqa: F401 - a fixture that all tests use
from tests.factories import make_recommendation
from tests.followup.files import upload
from tests.registry.acting import decided
from workflow.door import perform
from workflow.models import Event
from workflow.terms import legal_date
from workflow.trail.verification import verify_and_record

pytestmark = pytest.mark.django_db
TODAY = legal_date()

REFUSED = [
    "UPDATE desk_comment SET text = 'other'",
    "DELETE FROM desk_comment",
    "UPDATE followup_recommendationtext SET text = 'other'",
    "DELETE FROM followup_recommendationtext",
    "UPDATE followup_responseversion SET response = 'accepted'",
    "DELETE FROM followup_responseversion",
    *(
        f"UPDATE followup_evidence SET {column} = {column}"
        for column in ("sha256", "path", "name", "size", "received_at", "received_from_id", "measure_id", "version")
    ),
    "DELETE FROM followup_evidence",
    "UPDATE followup_evidence SET interim_id = interim_id",
    "UPDATE followup_measure SET text = 'other'",
    "UPDATE followup_interimdeadline SET due = '2030-01-01'",
    "UPDATE followup_plan SET version = 2",
    "DELETE FROM followup_plan",
    "DELETE FROM followup_recommendation",
    "DELETE FROM followup_extension",
    "DELETE FROM registry_membership",
    "INSERT INTO workflow_trailcheck (chains, events, erased, seal, fault, facts) VALUES (1, 1, 0, '', 'x', '{}')",
]


@pytest.fixture
def cast(db: None) -> Cast:
    """What is stored without a trail is a finding."""
    return make_told_cast()


@pytest.mark.parametrize("statement", REFUSED)
def test_the_web_changes_nothing_of_what_was_said_or_received(statement: str) -> None:
    assert refused(statement)


def _edit(cast: Cast) -> None:
    case = make_recommendation(cast, "draft")
    draft = Draft(
        institution=cast.university, department=cast.department, source=case.source, texts={"ky": "Башка"},
        cause="Criterion 9", due=case.first_due, coordinator=cast.coordinator, contributors=["Library"],
    )  # fmt: skip
    with as_the_web_server():
        edit_draft(case, draft, by=cast.coordinator, version=case.version)
        translate(case, "ru", "Другая", by=cast.coordinator, is_checked=True)
        assign(case, cast.second_coordinator, by=cast.head)


def _plan_twice(cast: Cast) -> None:
    case = make_recommendation(cast, "issued")
    with as_the_web_server():
        for text in ("Buy books", "Buy more books"):
            write_plan(case, [MeasureDraft(text, "Librarian", case.current_due)], by=cast.officer, version=case.version)
        comment(case, "We plan.", by=cast.officer, is_internal=False)
        perform(case, "respond", by=cast.rector, response="partial", text="Mostly", left_out="The roof")
        perform(case, "return_plan", by=cast.coordinator, reason="Too vague")
        perform(case, "respond", by=cast.rector, response="accepted")
        perform(case, "agree_plan", by=cast.coordinator)


def _prove(cast: Cast) -> None:
    case = make_recommendation(cast, "in_progress")
    with as_the_web_server():
        first, second = case.measures_now()
        explain(first, "Nobody came", by=cast.officer, recommendation=case)
        old = attach(case, upload(), by=cast.officer, measure=second)
        attach(case, upload("b.pdf"), by=cast.officer, replaces=old, note="Better")
        perform(Recommendation.objects.get(pk=case.pk), "claim", by=cast.rector)
        for evidence in Recommendation.objects.get(pk=case.pk).evidence_now():
            review_evidence(Evidence.objects.get(pk=evidence.pk), "rejected", "Blurred", by=cast.coordinator)
            review_evidence(Evidence.objects.get(pk=evidence.pk), "accepted", by=cast.coordinator)


def _succeed(cast: Cast) -> None:
    case = make_recommendation(cast, "closed")
    with as_the_web_server():
        draft_successor(case, by=cast.coordinator)


def _roles(cast: Cast) -> None:
    with as_the_web_server():
        given = give_membership(
            cast.stranger, cast.college, "institution_officer", starts=TODAY, by=decided(cast.registrar)
        )
        end_membership(given, TODAY + timedelta(days=9), by=decided(cast.registrar))
        absent = Membership.objects.get(person=cast.coordinator)
        until = TODAY + timedelta(days=5)
        arrange_substitution(absent, cast.second_coordinator, starts=TODAY, ends=until, by=decided(cast.registrar))
        change_person(cast.stranger, by=cast.registrar, post="Guest")


WORK: dict[str, Callable[[Cast], None]] = {
    "draft": _edit,
    "plan": _plan_twice,
    "prove": _prove,
    "succeed": _succeed,
    "roles": _roles,
}


@pytest.mark.parametrize("name", WORK)
def test_the_web_does_its_work_and_the_trail_tells_it(cast: Cast, name: str) -> None:
    before = Event.objects.count()
    WORK[name](cast)
    with as_the_web_server(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        assert verify_and_record().finding == ""
    assert Event.objects.count() > before


@pytest.mark.slow
def test_the_whole_demo_is_made_with_the_rights_of_the_web(settings: Settings, tmp_path: Path) -> None:
    settings.DEBUG = settings.EMBEDDED_DATABASE = True
    settings.EVIDENCE_DIR = tmp_path
    with as_the_web_server(), connection.cursor() as cursor:
        call_command("load_demo", verbosity=0)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        check: Any = verify_and_record()
    assert (check.finding, Recommendation.objects.filter(state="closed").exists()) == ("", True)
