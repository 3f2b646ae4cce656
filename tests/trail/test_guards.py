"""The database itself guards the trail: against the application, the web's role, and its owner's mistakes."""

import hashlib
import re
from typing import Any

import pytest
from django.db import connection, transaction

from tests.cast import Cast
from tests.factories import make_recommendation
from tests.trail.tampering import refused, tamper
from workflow.door import perform
from workflow.models import ChainHead, Event
from workflow.trail.recording import Entry, record
from workflow.trail.verification import verify_and_record

TABLES = ("workflow_event", "workflow_eventdetails", "workflow_chainhead", "workflow_trailcheck")
EVENT = (
    "INSERT INTO workflow_event (id, subject_type, subject_id, number, position, action, source, target, version, role,"
    " at, details_digest, previous, hash)"
    " VALUES (1, 'test', 1, 'T', 77, 'create', '', '', 1, '', '2001-01-01', '', 'forged', 'forged')"
)
TRICK = """
CREATE TEMPORARY TABLE trick (LIKE workflow_event);
CREATE TRIGGER trick BEFORE INSERT ON trick FOR EACH ROW EXECUTE FUNCTION public.trail_chain();
INSERT INTO trick SELECT * FROM workflow_event LIMIT 1
"""


@pytest.fixture
def event(cast: Cast) -> Event:
    """With details, and a verification that saw it."""
    case = make_recommendation(cast, "claimed", classification="improvement")
    event = perform(case, "not_confirmed", by=cast.coordinator, reason="The scan is blurred.")
    assert verify_and_record().is_sound
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # What is pending would keep TRUNCATE away by itself.
    return event


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE workflow_event SET target = 'closed'",
        "DELETE FROM workflow_event",
        "TRUNCATE workflow_event CASCADE",
        "UPDATE workflow_eventdetails SET text = '{}'",
        "DELETE FROM workflow_eventdetails",
        "TRUNCATE workflow_eventdetails",
        "INSERT INTO workflow_chainhead (subject_type, subject_id, length, hash) VALUES ('x', 1, 1, '')",
        "INSERT INTO workflow_chainhead (subject_type, subject_id, length, hash) SELECT subject_type, subject_id, 9, ''"
        " FROM workflow_chainhead ON CONFLICT (subject_type, subject_id) DO UPDATE SET length = 9",
        "UPDATE workflow_chainhead SET length = length - 1",
        "DELETE FROM workflow_chainhead",
        "TRUNCATE workflow_chainhead",
        "UPDATE workflow_trailcheck SET fault = 'seal', seal = ''",
        "DELETE FROM workflow_trailcheck",
        "TRUNCATE workflow_trailcheck",
    ],
)
def test_even_the_owner_is_refused_unless_guards_are_taken_down(event: Event, statement: str) -> None:
    assert "The audit trail is never changed" in refused(statement)
    assert verify_and_record().is_sound


def test_nobody_chooses_id_place_time_or_hash_of_an_event(event: Event) -> None:
    with connection.cursor() as cursor:
        cursor.execute(EVENT + " RETURNING id")
        [pk] = cursor.fetchone()
    written = Event.objects.get(pk=pk)
    assert written.pk > event.pk
    assert (written.position, written.previous) == (1, "")
    assert written.at.year > 2001
    assert written.hash != "forged"
    assert verify_and_record().is_sound


def test_a_conflicting_event_does_not_move_the_head_either(event: Event) -> None:
    with connection.cursor() as cursor:
        cursor.execute(EVENT + " ON CONFLICT DO NOTHING")
    assert ChainHead.objects.get(subject_type="test").length == 1
    assert verify_and_record().is_sound


def test_details_are_taken_only_as_they_were_hashed(event: Event) -> None:
    without = Event.objects.filter(details_digest="").latest("pk")
    salt, text = event.details.salt, event.details.text
    tamper("DELETE FROM workflow_eventdetails WHERE event_id = %s", event.pk)
    add = "INSERT INTO workflow_eventdetails (event_id, salt, text) VALUES (%s, %s, %s)"
    assert "not the details" in refused(add, without.pk, salt, "{}")
    assert "not the details" in refused(add, event.pk, salt, text.replace("blurred", "fine"))
    assert "not the details" in refused(add, event.pk, salt[:-1], salt[-1] + text)
    assert "not the details" in refused(add, event.pk + 1000, salt, text)
    with connection.cursor() as cursor:
        cursor.execute(add, [event.pk, salt, text])
    assert verify_and_record().erased == 0


def test_a_salt_of_another_length_is_not_taken_although_the_digest_fits(event: Event) -> None:
    fitting = hashlib.sha256(b"short{}").hexdigest()
    with connection.cursor() as cursor:
        cursor.execute(EVENT.replace("'', 'forged'", f"'{fitting}', 'forged'", 1) + " RETURNING id")
        [pk] = cursor.fetchone()
    assert Event.objects.get(pk=pk).details_digest == fitting
    add = "INSERT INTO workflow_eventdetails (event_id, salt, text) VALUES (%s, 'short', '{}')"
    assert "not the details" in refused(add, pk)


def test_the_role_of_the_web_appends_and_reads_and_can_do_nothing_else(event: Event, as_web: Any) -> None:
    with as_web():
        record([Entry("test", 7, "T-7", "create", by=None, details={"reason": "x"})])
        record([Entry("test", 7, "T-7", "edit", by=None)])
        check = verify_and_record()
        for table in TABLES:
            for statement in (f"DELETE FROM {table}", f"TRUNCATE {table}", f"ALTER TABLE {table} DISABLE TRIGGER ALL"):
                assert "permission denied" in refused(statement) or "must be owner" in refused(statement)
        for statement in (
            "UPDATE workflow_event SET target = ''",
            "UPDATE workflow_eventdetails SET text = ''",
            "UPDATE workflow_chainhead SET length = 1",
            "UPDATE workflow_trailcheck SET fault = ''",
            "INSERT INTO workflow_chainhead (subject_type, subject_id, length, hash) VALUES ('x', 1, 1, '')",
            "SELECT setval('workflow_event_id_seq', 1)",
            "SET session_replication_role = replica",
            "CREATE OR REPLACE FUNCTION public.trail_refuse() RETURNS trigger LANGUAGE sql AS 'SELECT NULL'",
            "SELECT * FROM workflow_event FOR UPDATE",
        ):
            assert "denied" in refused(statement) or "owner" in refused(statement), statement
    assert check.is_sound
    assert ChainHead.objects.get(subject_type="test").length == 2


def test_the_role_of_the_web_cannot_borrow_the_rights_of_the_chain(event: Event, as_web: Any) -> None:
    with as_web():
        assert re.search(r"permission denied for function (public\.)?trail_chain", refused(TRICK))
    assert verify_and_record().is_sound


def test_what_the_web_slips_into_its_own_schema_is_not_used_by_the_chain(event: Event, as_web: Any) -> None:
    with as_web(), connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE workflow_chainhead (LIKE public.workflow_chainhead INCLUDING ALL)")
        cursor.execute("CREATE FUNCTION pg_temp.sha256(bytea) RETURNS bytea LANGUAGE sql AS 'SELECT ''x''::bytea'")
        cursor.execute("SET LOCAL search_path = pg_temp, public")
        record([Entry("test", 9, "T-9", "create", by=None)])
        cursor.execute("SET LOCAL search_path = public")
        cursor.execute("DROP TABLE pg_temp.workflow_chainhead")
    assert ChainHead.objects.get(subject_type="test", subject_id=9).length == 1
    assert verify_and_record().is_sound


def test_a_step_that_is_undone_leaves_no_gap(event: Event) -> None:
    with transaction.atomic():
        record([Entry("test", 1, "T", "create", by=None)])
        transaction.set_rollback(True)
    record([Entry("test", 1, "T", "create", by=None)])
    assert Event.objects.get(subject_type="test").position == 1
    assert verify_and_record().is_sound


def test_texts_in_any_script_and_with_any_signs_are_hashed_alike_by_both(db: None) -> None:
    numbers = ["Күзөтчү", "№ 7 «ө»", "a:1;b", "-;", "0:;", "𝕏 🇰🇬", "tab\tand\nline", "'", "\\", "%s"]
    for place, number in enumerate(numbers):
        record([Entry("тест", place, number, "create", by=None, details={"text": number * 50, "n": [number]})])
    check = verify_and_record()
    assert (check.finding, check.events) == ("", len(numbers))
