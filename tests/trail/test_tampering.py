"""Whatever is done to the trail behind its guards is found, by the command and by the stand-alone program alike."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import call_command

from cases.followup.models import Recommendation
from notifications.models import Message
from tests.cast import Cast
from tests.factories import make_recommendation
from tests.trail.tampering import exported, run_verifier, settle, tamper, without_guards, write_export
from workflow.door import perform
from workflow.models import Event, EventDetails, Expectation, TrailCheck
from workflow.trail.erasure import erase

pytestmark = pytest.mark.slow

Tampering = Callable[[Recommendation], None]
OF = "subject_type = 'recommendation' AND subject_id = %s"


def swap(case: Recommendation) -> None:
    for old, new in ((5, 100), (6, 5), (100, 6)):
        tamper(f"UPDATE workflow_event SET position = {new} WHERE {OF} AND position = {old}", case.pk)


def put_in(case: Recommendation) -> None:
    tamper(
        "INSERT INTO workflow_event (id, subject_type, subject_id, number, position, action, source, target, version,"
        " role, at, details_digest, previous, hash) SELECT id + 1000, subject_type, subject_id, number, position + 1,"
        " 'withdraw', 'claimed', 'closed', version, role, at, '', hash, hash FROM workflow_event"
        f" WHERE {OF} ORDER BY position DESC LIMIT 1",
        case.pk,
    )


def move_salt(case: Recommendation) -> None:
    tamper(
        "UPDATE workflow_eventdetails SET salt = left(salt, 31), text = right(salt, 1) || text"
        f" WHERE event_id IN (SELECT id FROM workflow_event WHERE {OF})",
        case.pk,
    )


def add_details(case: Recommendation) -> None:
    tamper(
        "INSERT INTO workflow_eventdetails (event_id, salt, text) SELECT id, repeat('a', 32), '{}'"
        f" FROM workflow_event WHERE {OF} AND position = 2",
        case.pk,
    )


def alter(step: int, assignment: str) -> Tampering:
    return lambda case: tamper(f"UPDATE workflow_event SET {assignment} WHERE {OF} AND position = {step}", case.pk)


def alter_head(assignment: str) -> Tampering:
    return lambda case: tamper(f"UPDATE workflow_chainhead SET {assignment} WHERE {OF}", case.pk)


def remove_head(case: Recommendation) -> None:
    tamper(f"DELETE FROM workflow_chainhead WHERE {OF}", case.pk)


def change_details(case: Recommendation) -> None:
    tamper(
        "UPDATE workflow_eventdetails SET text = replace(text, 'blurred', 'fine')"
        f" WHERE event_id IN (SELECT id FROM workflow_event WHERE {OF})",
        case.pk,
    )


def remove(which: str) -> Tampering:
    """With their details."""

    def do(case: Recommendation) -> None:
        ids = list(Event.objects.of("recommendation", case.pk).extra(where=[which]).values_list("pk", flat=True))
        with without_guards():
            EventDetails.objects.filter(event__in=ids).delete()
        tamper("DELETE FROM workflow_event WHERE id = ANY(%s)", ids)

    return do


ZEROS = "repeat('0', 64)"
TAMPERINGS: dict[str, tuple[Tampering, str]] = {
    "a changed state": (alter(3, "target = 'closed'"), "step 3, respond): it was changed"),
    "a changed time": (alter(5, "at = at - interval '1 microsecond'"), "step 5, claim): it was changed"),
    "a changed person": (alter(1, "actor_id = NULL"), "step 1, create): it was changed"),
    "a changed number of the event": (alter(2, "id = id + 1000"), "step 2, issue): it was changed"),
    "a changed digest of details": (alter(6, f"details_digest = {ZEROS}"), "step 6, not_confirmed): it was changed"),
    "changed details": (change_details, "step 6, not_confirmed): its details were changed"),
    "details moved into the salt": (move_salt, "step 6, not_confirmed): its details were changed"),
    "added details": (add_details, "step 2, issue): details were added"),
    "a removed step": (remove("position = 3"), "step 4, agree_plan): step 3 of its chain is missing"),
    "a removed first step": (remove("position = 1"), "step 2, issue): step 1 of its chain is missing"),
    "a removed last step": (remove("position = 6"), "step 5, claim): the steps after it, up to step 6, were removed"),
    "all steps removed": (remove("true"), "all its 6 events were removed"),
    "steps in another order": (swap, "step 5, not_confirmed): it does not follow the step before it"),
    "a step put in": (put_in, "step 7, withdraw): it was changed"),
    "another hash of the head": (alter_head(f"hash = {ZEROS}"), "step 6, not_confirmed): the end of its chain was"),
    "another length of the head": (alter_head("length = 5"), "behind the end of its chain, which is step 5"),
    "a removed head": (remove_head, "step 6, not_confirmed): its chain has no head"),
}


@pytest.fixture
def case(cast: Cast) -> Recommendation:
    """The second of three chains, six steps long, the last of them with details."""
    make_recommendation(cast, "issued")
    case = make_recommendation(cast, "claimed", classification="improvement")
    perform(case, "not_confirmed", by=cast.coordinator, reason="The scan is blurred.")
    make_recommendation(cast, "closed")
    for model in (Expectation, Message):
        model.objects.all().delete()  # What else hangs on events would not let them go, even without guards.
    return case


@pytest.mark.parametrize("name", TAMPERINGS)
def test_tampering_is_found_and_named(
    case: Recommendation, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    call_command("verify_trail")
    assert run_verifier(write_export(tmp_path / "before.jsonl"))[0] == 0
    do, finding = TAMPERINGS[name]
    do(case)
    capsys.readouterr()
    with pytest.raises(SystemExit) as stopped:
        call_command("verify_trail")
    assert stopped.value.code == 1
    told = capsys.readouterr().err
    assert finding in told
    check = TrailCheck.objects.latest("pk")
    assert (check.is_sound, check.finding, check.seal) == (False, told.strip(), "")
    assert run_verifier(write_export(tmp_path / "after.jsonl")) == (1, told.strip())


def test_erased_details_are_counted_and_break_nothing(cast: Cast, case: Recommendation, tmp_path: Path) -> None:
    settle()
    event = Event.objects.of("recommendation", case.pk).latest("pk")
    erase(event, by=cast.leader, reason="The reason named a pupil.")
    call_command("verify_trail")
    check = TrailCheck.objects.latest("pk")
    assert (check.is_sound, check.erased) == (True, 1)
    code, told = run_verifier(write_export(tmp_path / "t.jsonl"))
    assert code == 0
    assert "details of 1 erased" in told


def test_tampering_with_the_export_itself_is_found(case: Recommendation, tmp_path: Path) -> None:
    lines = exported()
    mine = [
        line
        for line in lines
        if "recommendation" in (line.get("subject_type"), line.get("head", [""])[0])
        and str(case.pk) in (line.get("subject_id"), line.get("head", ["", ""])[1])
    ]
    without = [line for line in lines if line not in mine]
    code, told = run_verifier(write_export(tmp_path / "t.jsonl", without))
    events, chains = lines[-1]["end"]
    assert (code, told) == (1, f"Whole chains are missing: {events} events and {chains} chains were exported.")
    code, told = run_verifier(write_export(tmp_path / "t.jsonl", lines[:-1]))
    assert (code, told) == (2, "This is not an export of the trail: its end is missing: it was cut off.")
    code, told = run_verifier(write_export(tmp_path / "t.jsonl", [*mine, *lines]))
    assert code == 2
    assert "is not where it belongs" in told
