"""What guards the trail is compared with what was delivered, and the web's role with what it is granted."""

from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from tests.cast import Cast
from tests.trail.tampering import settle
from workflow.case import case_types
from workflow.trail.guards import DELIVERED, findings, names_in_full, present_guards
from workflow.trail.verification import verify_and_record

pytestmark = pytest.mark.django_db
EVENT, CASE = "public.workflow_event", "public.followup_recommendation"
BACK_DOOR = """
CREATE FUNCTION public.back_door() RETURNS void LANGUAGE sql SECURITY DEFINER AS 'DELETE FROM public.workflow_chainhead'
"""
EXTRA = """
CREATE FUNCTION public.slip() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.actor_id := NULL; RETURN NEW; END';
CREATE TRIGGER slip BEFORE INSERT ON public.workflow_event FOR EACH ROW EXECUTE FUNCTION public.slip()
"""
WEAK = """
CREATE OR REPLACE FUNCTION public.trail_refuse() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS 'BEGIN RETURN NEW; END'
"""
CHANGES = {
    "a guard switched off": (
        f"ALTER TABLE {EVENT} DISABLE TRIGGER trail_refuse",
        "is switched off: trigger trail_refuse on workflow_event.",
    ),
    "a guard that rests for copies": (
        f"ALTER TABLE {EVENT} ENABLE REPLICA TRIGGER trail_chain",
        "is switched off: trigger trail_chain on workflow_event.",
    ),
    "a guard removed": (
        f"DROP TRIGGER trail_refuse_truncate ON {EVENT}",
        "there is no trigger trail_refuse_truncate on workflow_event.",
    ),
    "a guard on another event": (
        f"DROP TRIGGER trail_refuse ON {EVENT};"
        f" CREATE TRIGGER trail_refuse BEFORE DELETE ON {EVENT} FOR EACH ROW EXECUTE FUNCTION public.trail_refuse()",
        "was changed: trigger trail_refuse on workflow_event.",
    ),
    "a body changed": (WEAK, "was changed: function public.trail_refuse()."),
    "a search path opened": (
        "ALTER FUNCTION public.trail_chain() RESET search_path",
        "was changed: function public.trail_chain().",
    ),
    "a case no longer watched": (
        f"DROP TRIGGER trail_case ON {CASE}",
        "no trigger trail_case on followup_recommendation.",
    ),
    "a case watched no longer": (
        f"ALTER TABLE {CASE} DISABLE TRIGGER trail_case",
        "is switched off: trigger trail_case on followup_recommendation.",
    ),
    "a trigger more": (EXTRA, "that Baikoo did not put there: trigger slip on workflow_event."),
    "a function with the owner's rights": (BACK_DOOR, "did not put there: function public.back_door()."),
    "a rule": (
        f"CREATE RULE silent AS ON INSERT TO {EVENT} WHERE NEW.action = 'withdraw' DO INSTEAD NOTHING",
        "did not put there: rule silent on workflow_event.",
    ),
    "rows hidden": (
        f"ALTER TABLE {EVENT} ENABLE ROW LEVEL SECURITY",
        "did not put there: row security on workflow_event.",
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_guard_that_was_changed_is_named(cast: Cast, name: str) -> None:
    assert verify_and_record().is_sound
    settle()
    statement, finding = CHANGES[name]
    with connection.cursor() as cursor:
        cursor.execute(statement)
    assert verify_and_record().finding.endswith(finding)


GRANTS = {
    "GRANT UPDATE ON workflow_event TO {}": "UPDATE on workflow_event.",
    "GRANT DELETE ON workflow_eventdetails TO {}": "DELETE on workflow_eventdetails.",
    "GRANT UPDATE (target) ON workflow_event TO {}": "UPDATE on workflow_event.target.",
    "GRANT INSERT ON workflow_trailcheck TO {}": "INSERT on workflow_trailcheck.",
    "GRANT UPDATE (sha256) ON followup_evidence TO {}": "UPDATE on followup_evidence.sha256.",
    "GRANT DELETE ON desk_comment TO {}": "DELETE on desk_comment.",
    "GRANT UPDATE ON workflow_event TO PUBLIC": "UPDATE on workflow_event.",
    "GRANT EXECUTE ON FUNCTION trail_chain() TO {}": "EXECUTE on public.trail_chain().",
}


@pytest.mark.parametrize("grant", GRANTS)
def test_a_privilege_too_many_is_named(cast: Cast, as_web: Any, grant: str) -> None:
    with as_web():
        assert verify_and_record().is_sound
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_user")
            [role] = cursor.fetchone()
    with connection.cursor() as cursor:
        cursor.execute(grant.format(role))
    with as_web():
        finding = verify_and_record().finding
    assert finding == f"The database role {role}, which web and worker use, may do what it must not: {GRANTS[grant]}"


def test_the_role_named_in_the_settings_is_looked_at_when_the_owner_verifies(cast: Cast, settings: Any) -> None:
    role = f"named_of_{connection.settings_dict['NAME']}"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE ROLE {role} NOLOGIN")
        cursor.execute(f"GRANT DELETE ON workflow_event TO {role}")
    assert list(findings()) == []
    settings.WEB_ROLE = role
    assert [finding.fault for finding in findings()] == ["granted"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        [settings.WEB_ROLE] = cursor.fetchone()
    assert [one.fault for one in findings()] == ["owns"]


def test_the_text_that_was_delivered_is_what_the_migrations_make(
    cast: Cast, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("trail_guards")
    assert capsys.readouterr().out == DELIVERED.read_text(encoding="utf-8")


def test_every_kind_of_case_is_watched() -> None:
    """A new kind is put under watch by one line of its migration: SELECT trail_watch('its_table', 'its CASE_TYPE')."""
    with names_in_full():
        present = present_guards()
    for name, model in case_types().items():
        assert f"trail_case('{name}')" in present[f"trigger trail_case on {model._meta.db_table}"]
    assert len(case_types()) >= 2


def test_the_search_path_is_afterwards_what_it_was() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL search_path = public, pg_temp")
        list(findings())
        cursor.execute("SHOW search_path")
        assert cursor.fetchone() == ("public, pg_temp",)
