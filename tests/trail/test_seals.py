"""Each sound verification seals what it saw: a chain written anew together with its head is found by the next one."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from notifications.models import Message
from tests.cast import Cast
from tests.factories import make_recommendation
from tests.trail.tampering import (
    backed_up,
    empty_all_tables,
    exported,
    rewrite,
    rewrite_check,
    run_verifier,
    tamper,
    without_guards,
    write_export,
)
from workflow.door import perform
from workflow.models import ChainHead, Event, EventDetails, Expectation, TrailCheck
from workflow.trail import verification, verify
from workflow.trail.recording import Entry, record
from workflow.trail.verification import verify_and_record

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

INSERT = (
    "INSERT INTO workflow_event (subject_type, subject_id, number, position, action, source, target, version, role,"
    " details_digest, previous, hash) VALUES ('test', %s, 'T', 0, 'create', '', '', 1, '', '', '', '')"
)


@pytest.fixture
def other() -> Iterator[BaseDatabaseWrapper]:
    """A second connection, as of another worker."""
    second = connection.copy()
    yield second
    second.close()


def step(subject_id: int) -> Event:
    [event] = record([Entry("test", subject_id, "T", "create", by=None, details={"n": subject_id})])
    return event


def test_a_chain_written_anew_with_its_head_is_found_by_the_next_verification(cast: Cast, tmp_path: Path) -> None:
    case = make_recommendation(cast, "claimed")
    make_recommendation(cast, "issued")
    sound = verify_and_record()
    assert sound.is_sound
    rewrite("recommendation", case.pk, target="closed", action="close")
    assert not verify.verify(exported()).broken, "the chain alone is as it should be"
    check = verify_and_record()
    last = sound.seal.split("-")[0]
    assert check.finding == (f"The events up to event {last} are not the sealed ones: a whole chain was rewritten.")
    export = write_export(tmp_path / "trail.jsonl")
    assert run_verifier(export)[0] == 0
    assert run_verifier(export, sound.seal) == (1, check.finding)


def test_a_chain_removed_with_its_head_is_found_by_the_next_verification(cast: Cast) -> None:
    case = make_recommendation(cast, "claimed")
    before = verify_and_record()
    with without_guards():
        for model in (Message, Expectation, EventDetails):
            model.objects.all().delete()
    of_case = "subject_type = 'recommendation' AND subject_id = %s"
    tamper(f"DELETE FROM workflow_event WHERE {of_case}", case.pk)
    tamper(f"DELETE FROM workflow_chainhead WHERE {of_case}", case.pk)
    last, sealed, _digest = before.seal.split("-")
    finding = verify_and_record().finding
    assert finding == f"Of {sealed} sealed events, up to event {last}, only {int(sealed) - 5} are left."


def test_what_was_written_after_the_seal_changes_nothing_of_it(cast: Cast, tmp_path: Path) -> None:
    make_recommendation(cast, "claimed")
    first = verify_and_record()
    make_recommendation(cast, "verified")
    second = verify_and_record()
    assert first.is_sound
    assert second.is_sound
    assert second.events == first.events + 6
    export = write_export(tmp_path / "trail.jsonl")
    for check in (first, second):
        code, told = run_verifier(export, check.seal)
        assert (code, told) == (0, f"Sound: {second.events} events in {second.chains} chains, as they were sealed.")


def test_a_broken_trail_is_compared_with_the_last_sound_verification_for_good(cast: Cast) -> None:
    case = make_recommendation(cast, "claimed")
    verify_and_record()
    rewrite("recommendation", case.pk, target="closed")
    assert [verify_and_record().fault, verify_and_record().fault] == ["seal", "seal"]


def test_that_all_tables_were_emptied_is_found_by_a_seal_from_outside_alone(cast: Cast, tmp_path: Path) -> None:
    make_recommendation(cast, "claimed")
    outside = verify_and_record().seal
    empty_all_tables()
    check = verify_and_record()
    assert (check.finding, check.events, check.pk) == ("", 0, 1), "the database remembers nothing"
    export = write_export(tmp_path / "trail.jsonl")
    last, sealed, _digest = outside.split("-")
    assert run_verifier(export)[0] == 0
    assert run_verifier(export, outside) == (1, f"Of {sealed} sealed events, up to event {last}, only 0 are left.")


def test_that_an_older_backup_was_restored_is_found_by_a_seal_from_outside_alone(cast: Cast, tmp_path: Path) -> None:
    case = make_recommendation(cast, "in_progress")
    older = verify_and_record()
    with backed_up() as restore:
        perform(case, "claim", by=cast.rector)
        outside = verify_and_record()
        assert outside.is_sound
        restore()
    assert verify_and_record().finding == "", "the records went back together with the trail"
    export = write_export(tmp_path / "trail.jsonl")
    last, sealed, _digest = outside.seal.split("-")
    assert run_verifier(export, older.seal)[0] == 0
    assert run_verifier(export, outside.seal) == (
        1, f"Of {sealed} sealed events, up to event {last}, only {older.seal.split('-')[1]} are left.",
    )  # fmt: skip


def test_a_chain_written_anew_together_with_the_check_that_sealed_it_is_found_by_a_seal_from_outside_alone(
    cast: Cast, tmp_path: Path
) -> None:
    case = make_recommendation(cast, "claimed")
    check = verify_and_record()
    rewrite("recommendation", case.pk, action="explain")
    assert verify_and_record().fault == "seal", "the check still remembers"
    with without_guards():
        TrailCheck.objects.exclude(pk=check.pk).delete()
    rewrite_check(check)
    assert verify_and_record().finding == ""
    export = write_export(tmp_path / "trail.jsonl")
    last = check.seal.split("-")[0]
    assert run_verifier(export, check.seal) == (
        1, f"The events up to event {last} are not the sealed ones: a whole chain was rewritten.",
    )  # fmt: skip


def test_a_step_that_is_still_under_way_is_not_missed_by_the_seal(
    other: BaseDatabaseWrapper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verification, "PATIENCE", 0.2)
    step(1)
    settled = verify_and_record()
    with transaction.atomic(using="default"), other.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute(INSERT, [2])
    later = step(3)
    impatient = verify_and_record()
    assert impatient.is_sound
    assert verify.sealed_up_to(impatient.seal) == verify.sealed_up_to(settled.seal), "it seals no more than before"
    with other.cursor() as cursor:
        cursor.execute("COMMIT")
    final = verify_and_record()
    assert final.is_sound
    assert verify.sealed_up_to(final.seal) >= later.pk
    assert verify_and_record().is_sound
    assert final.events == 3


def test_inside_of_a_transaction_no_more_is_sealed_than_before() -> None:
    step(1)
    before = verify_and_record()
    with transaction.atomic():
        step(2)
        check = verify_and_record()
        assert (check.is_sound, check.events, check.seal) == (True, 2, before.seal)


def test_a_step_under_way_waits_in_the_chain_and_ids_grow_along_it(other: BaseDatabaseWrapper) -> None:
    for _ in range(3):
        with other.cursor() as cursor:
            cursor.execute(INSERT, [1])
        step(1)
    events = list(Event.objects.of("test", 1).order_by("position").values_list("pk", "position"))
    assert [position for _pk, position in events] == [1, 2, 3, 4, 5, 6]
    assert [pk for pk, _position in events] == sorted(pk for pk, _position in events)


def test_the_commands_tell_figures_and_seal_and_write_what_the_program_reads(
    cast: Cast, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make_recommendation(cast, "closed")
    call_command("verify_trail")
    told = capsys.readouterr().out
    check = TrailCheck.objects.get()
    events, chains = Event.objects.count(), ChainHead.objects.count()
    assert told == f"Sound: {events} events in {chains} chains.\nSeal, to be kept elsewhere: {check.seal}\n"
    file = tmp_path / "trail.jsonl"
    call_command("export_trail", str(file))
    assert run_verifier(file, check.seal)[0] == 0
    with pytest.raises(Exception, match=r"The trail cannot be written to .*trail.jsonl: File exists\."):
        call_command("export_trail", str(file))
