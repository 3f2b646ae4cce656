"""Verifications are a chain of their own, numbered, dated and hashed by the database, and written by one function."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from tests.cast import Cast
from tests.factories import make_recommendation
from tests.trail.tampering import refused, settle, tamper
from workflow.models import TrailCheck
from workflow.trail.checking import findings
from workflow.trail.recording import Entry, record
from workflow.trail.verification import verify_and_record
from workflow.trail.verify import sealed_up_to

SEAL = f"0-0-{'0' * 64}"
FORGED = (
    "INSERT INTO workflow_trailcheck (id, at, chains, events, erased, seal, fault, facts, previous, hash)"
    f" VALUES (9000000000000000000, '2100-01-01', 0, 0, 0, '{SEAL}', '', '{{}}', '', '')"
)


def test_the_role_of_the_web_writes_a_verification_through_the_function_alone(cast: Cast, as_web: Any) -> None:
    with as_web():
        assert "permission denied for table workflow_trailcheck" in refused(FORGED)
        check = verify_and_record()
    assert check.is_sound
    assert (check.pk, check.previous, len(check.hash)) == (1, "", 64)


def test_the_function_is_for_that_role_and_nobody_else(cast: Cast, as_web: Any) -> None:
    stranger = f"stranger_of_{connection.settings_dict['NAME']}"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE ROLE {stranger} NOLOGIN")
        cursor.execute("SELECT has_function_privilege(%s, %s, 'EXECUTE')", [stranger, TrailCheck.WRITER])
        assert cursor.fetchone() == (False,)


def test_nobody_chooses_number_time_or_place_of_a_verification(cast: Cast) -> None:
    first = verify_and_record()
    with connection.cursor() as cursor:
        cursor.execute(FORGED)  # As the owner of the table could.
    forged = TrailCheck.objects.latest("pk")
    assert (forged.pk, forged.previous) == (first.pk + 1, first.hash)
    assert forged.at < timezone.now() + timedelta(minutes=1)
    assert verify_and_record().pk == forged.pk + 1
    assert list(findings()) == []


def test_an_empty_seal_that_was_put_in_does_not_take_the_place_of_the_one_that_covers_more(cast: Cast) -> None:
    case = make_recommendation(cast, "claimed")
    sealed = verify_and_record().seal
    assert sealed_up_to(sealed) == 0, "inside of a transaction nothing new is sealed"
    with connection.cursor() as cursor:
        cursor.execute("SELECT last_value FROM workflow_event_id_seq")
        [last] = cursor.fetchone()
        wide = f"{last}-1-{'a' * 64}"
        for seal in (wide, SEAL):
            cursor.execute("SELECT public.trail_write_check(1, 1, 0, %s, '', '{}')", [seal])
    assert TrailCheck.objects.furthest_seal() == wide
    assert verify_and_record().fault in ("seal", "sealed_removed"), case


def test_a_seal_covers_no_event_that_is_not_written_yet(cast: Cast, as_web: Any) -> None:
    write = "SELECT public.trail_write_check(1, 1, 0, %s, '', '{}')"
    with as_web():
        assert "not written yet" in refused(write, f"8000000000000000000-1-{'a' * 64}")
        assert "trail_check_sound_is_sealed" in refused(write, "")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE workflow_trailcheck SET events = events + 1 WHERE id = 2",
        "UPDATE workflow_trailcheck SET at = at - interval '1 second' WHERE id = 2",
        'UPDATE workflow_trailcheck SET facts = \'{"id": "1"}\' WHERE id = 2',
        "DELETE FROM workflow_trailcheck WHERE id = 2",
        "DELETE FROM workflow_trailcheck WHERE id = 1",
    ],
)
def test_a_verification_that_was_changed_or_removed_is_found(cast: Cast, statement: str) -> None:
    for _time in range(3):
        assert verify_and_record().is_sound
    tamper(statement)
    assert verify_and_record().finding.startswith("Verification ")


@pytest.mark.django_db(transaction=True)
def test_verifications_at_once_are_all_kept_in_one_chain() -> None:
    record([Entry("test", 1, "T", "create", by=None)])
    ready = Barrier(4)

    def verify(_number: int) -> bool:
        try:
            connection.ensure_connection()
            ready.wait(10)
            return verify_and_record().is_sound
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(verify, range(4))) == [True] * 4
    assert sorted(TrailCheck.objects.values_list("pk", flat=True)) == [1, 2, 3, 4]
    assert list(findings()) == []


def test_a_chain_is_sealed_although_something_else_is_wrong(cast: Cast) -> None:
    case = make_recommendation(cast, "issued")
    settle()
    tamper("UPDATE followup_recommendation SET state = 'disputed' WHERE id = %s", case.pk)
    check = verify_and_record()
    assert check.fault == "row_differs"
    assert check.seal
