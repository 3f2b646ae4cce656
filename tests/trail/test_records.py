"""What is stored is compared with what the trail tells: cases, memberships, times and files."""

import shutil
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from cases.followup.models import Evidence, Recommendation
from cases.registry.models import LegalAct, Membership
from cases.registry.verbs import arrange_substitution, end_membership, give_membership
from tests.cast import Cast
from tests.factories import CONTENT, FOLDER, make_recommendation, stay
from tests.registry.acting import decided
from tests.trail.tampering import rewrite, settle, tamper
from workflow.models import Event
from workflow.terms import legal_date
from workflow.trail import files
from workflow.trail.erasure import erase
from workflow.trail.recording import Entry, record
from workflow.trail.verification import verify_and_record

OF = "WHERE id = %s"


@pytest.fixture
def case(cast: Cast) -> Recommendation:
    made = make_recommendation(cast, "claimed")
    settle()
    assert verify_and_record().is_sound
    return made


def test_a_case_closed_behind_the_guards_is_named_with_both_states(case: Recommendation) -> None:
    tamper(
        f"UPDATE followup_recommendation SET state = 'closed', closed_on = now(), closing_reason = 'implemented' {OF}",
        case.pk,
    )
    assert verify_and_record().finding == (
        f"{case.number}: the record is in the state “Closed” (version 5),"
        " but its trail ends in “Reported as done” (version 5)."
    )


def test_another_version_is_named(case: Recommendation) -> None:
    tamper(f"UPDATE followup_recommendation SET version = 4 {OF}", case.pk)
    assert "(version 4), but its trail ends in “Reported as done” (version 5)" in verify_and_record().finding


def test_a_case_that_was_put_in_or_taken_away_is_named(case: Recommendation) -> None:
    tamper(f"UPDATE followup_recommendation SET id = id + 1000000 {OF}", case.pk)
    check = verify_and_record()
    assert check.finding == f"Recommendation {case.pk + 1_000_000} is stored, but has no trail."
    tamper("DELETE FROM followup_recommendation WHERE id = %s", case.pk + 1_000_000)
    assert verify_and_record().finding == f"Recommendation {case.pk} has a trail, but is not stored any more."


def test_a_step_that_does_not_continue_the_one_before_is_named(cast: Cast, case: Recommendation) -> None:
    """Whoever holds the role of the web may append such steps."""
    forged = Entry("recommendation", case.pk, case.number, "close", cast.head, None, "verified", "closed", 6)
    [event] = record([forged, stay(case, "comment", cast.head)])[:1]
    finding = verify_and_record().finding
    assert finding == (
        f"Event {event.pk} ({case.number}, step 6, close): it does not begin in the state in which the step before it"
        " ended."
    )


def put_in(cast: Cast) -> Membership:
    return Membership.objects.create(
        person=cast.stranger, organisation=cast.ministry, role="ministry_leader", starts=date(2020, 1, 1)
    )


MEMBERSHIPS: dict[str, tuple[str, str]] = {
    "another person": ("person_id = (SELECT max(id) FROM registry_user)", "person_id"),
    "another role": ("role = 'ministry_leader'", "role"),
    "another organisation": ("organisation_id = (SELECT max(id) FROM registry_organisation)", "organisation_id"),
    "begun before": ("starts = '2019-01-01'", "starts"),
    "ended": ("ends = '2030-01-01'", "ends"),
    "withdrawn": ("is_withdrawn = true", "is_withdrawn"),
}


@pytest.mark.parametrize("name", MEMBERSHIPS)
def test_a_changed_membership_is_named(cast: Cast, name: str) -> None:
    held = Membership.objects.get(person=cast.officer)
    assignment, column = MEMBERSHIPS[name]
    tamper(f"UPDATE registry_membership SET {assignment} {OF}", held.pk)
    finding = verify_and_record().finding
    assert finding == f"Membership {held.pk} (P-{held.person_id}): “{column}” does not match its trail."


def test_a_membership_that_was_put_in_or_taken_away_is_named(cast: Cast) -> None:
    forged = put_in(cast)
    settle()
    assert verify_and_record().finding == f"Membership {forged.pk} is stored, but has no trail."
    tamper("DELETE FROM registry_membership WHERE id = %s", forged.pk)
    assert verify_and_record().is_sound
    held = Membership.objects.get(person=cast.officer)
    tamper("DELETE FROM registry_membership WHERE id = %s", held.pk)
    assert verify_and_record().finding == f"Membership {held.pk} has a trail, but is not stored any more."


def test_everything_that_is_done_to_memberships_is_told_by_the_trail(cast: Cast) -> None:
    today = legal_date()
    given = give_membership(
        cast.stranger, cast.college, "institution_officer", starts=today, by=decided(cast.registrar)
    )
    end_membership(given, today + timedelta(days=9), by=decided(cast.registrar))
    absent = Membership.objects.get(person=cast.coordinator)
    until = today + timedelta(days=5)
    arrange_substitution(absent, cast.second_coordinator, starts=today, ends=until, by=decided(cast.registrar))
    ahead = give_membership(
        cast.stranger, cast.university, "institution_officer", starts=today + timedelta(days=30), by=cast.registrar
    )
    end_membership(ahead, today, by=decided(cast.registrar))
    ahead.refresh_from_db()
    assert ahead.is_withdrawn
    assert verify_and_record().finding == ""


def test_a_membership_of_which_the_trail_was_erased_by_law_is_not_held_against_anybody(cast: Cast) -> None:
    held = Membership.objects.get(person=cast.officer)
    erase(Event.objects.of("membership", held.pk).get(), by=cast.leader, reason="By law")
    assert verify_and_record().finding == ""


def test_a_step_that_was_dated_back_is_named_although_its_chain_fits(case: Recommendation) -> None:
    """As somebody could who writes the whole chain again, before the next seal."""
    last = Event.objects.of("recommendation", case.pk).latest("position")
    at = timezone.now() - timedelta(days=3)
    tamper("UPDATE workflow_event SET at = %s WHERE id = %s", at, last.pk)
    rewrite("recommendation", case.pk)
    assert verify_and_record().finding.startswith(f"Event {last.pk} ({case.number}, step 5, claim): its time, ")


def test_a_clock_that_is_set_right_is_no_fault(case: Recommendation) -> None:
    last = Event.objects.of("recommendation", case.pk).latest("position")
    at = timezone.now() - timedelta(minutes=4)
    tamper("UPDATE workflow_event SET at = %s WHERE id = %s", at, last.pk)
    rewrite("recommendation", case.pk)
    assert verify_and_record().finding == ""


def exchange(path: Path) -> None:
    path.write_bytes(CONTENT.replace(b"1.4", b"1.5"))


FILES: dict[str, tuple[Callable[[Path], Any], str]] = {
    "exchanged": (exchange, "is not the one that was received."),
    "cut off": (lambda path: path.write_bytes(CONTENT[:-1]), "is not the one that was received."),
    "lost": (Path.unlink, "cannot be read from the server's disk."),
    "a folder": (lambda path: path.unlink() or path.mkdir(), "cannot be read from the server's disk."),  # type: ignore[func-returns-value]
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_not_as_it_was_received_is_named(
    case: Recommendation, settings: Settings, tmp_path: Path, name: str
) -> None:
    settings.EVIDENCE_DIR = tmp_path / "evidence"
    shutil.copytree(FOLDER, settings.EVIDENCE_DIR)
    evidence = case.evidence.all()[1]
    assert verify_and_record().is_sound
    do, finding = FILES[name]
    do(settings.EVIDENCE_DIR / evidence.path)
    check = verify_and_record()
    assert check.finding == f"Evidence {evidence.pk}: the file {evidence.path} {finding}"
    assert check.seal


def test_the_file_of_a_legal_act_is_compared_too(cast: Cast) -> None:
    act = LegalAct.objects.create(kind="order", number="5", file_path="aa/bb", file_sha256="0" * 64, file_size=1)
    assert verify_and_record().finding == f"Legal act {act.pk}: the file aa/bb cannot be read from the server's disk."


def test_of_many_files_a_part_is_read_each_day_and_in_turn_all(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    for _number in range(4):
        make_recommendation(cast, "claimed", measures=3)
    stored = set(Evidence.objects.values_list("pk", flat=True))
    monkeypatch.setattr(files, "PER_DAY", len(CONTENT) * 3)
    parts = files.parts_of(Evidence)
    assert parts == 1 + len(stored) // 3
    shutil.rmtree(FOLDER)
    FOLDER.mkdir()
    read: list[set[int]] = []
    for day in range(parts):
        lost = files.findings(on=date(2026, 1, 1) + timedelta(days=day))
        read.append({int(one.facts["subject_id"]) for one in lost})
    assert set().union(*read) == stored
    assert sum(map(len, read)) == len(stored)
    assert {int(finding.facts["subject_id"]) for finding in files.findings(parts=1)} == stored
