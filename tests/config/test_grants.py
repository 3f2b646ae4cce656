"""The role of web and worker can do its work, and can neither change the trail nor any table's shape."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import ProgrammingError, connection, transaction

from config.checks import check_web_role
from config.embedded.server import WEB
from config.grants import EVERYTHING, grant, owns_too_much, statements
from tests.cast import Cast
from tests.factories import make_recommendation
from workflow.door import perform
from workflow.lifecycles.recommendation import State
from workflow.models import ChainHead, Event

pytestmark = pytest.mark.django_db
PRIVILEGES = (*EVERYTHING, "TRUNCATE", "REFERENCES", "TRIGGER")


@pytest.fixture(autouse=True)
def role() -> None:
    """The embedded server has it; another may not yet."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [WEB])
        if not cursor.fetchone():
            cursor.execute(f"CREATE ROLE {WEB}")
    grant(WEB)


@contextmanager
def as_the_web_server() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {WEB}")
        try:
            yield
        finally:
            cursor.execute("RESET ROLE")


def refused(sql: str) -> bool:
    with as_the_web_server():
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(sql)
        except ProgrammingError as error:
            return "permission denied" in str(error) or "must be owner" in str(error)
    return False


def granted(table: str) -> set[str]:
    with connection.cursor() as cursor:
        held = "SELECT p FROM unnest(%s) p WHERE has_table_privilege(%s, %s, p)"
        cursor.execute(held, [list(PRIVILEGES), WEB, f'public."{table}"'])
        return {name for (name,) in cursor.fetchall()}


def updatable(table: str) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped"
            " AND has_column_privilege(%s, attrelid, attnum, 'UPDATE')",
            [f'public."{table}"', WEB],
        )
        return {name for (name,) in cursor.fetchall()}


def test_every_table_has_exactly_the_privileges_its_model_names() -> None:
    for model in apps.get_models(include_auto_created=True):
        wanted: Any = getattr(model, "TRAIL_GRANTS", EVERYTHING)
        whole = {one for one in wanted if " " not in one}
        assert granted(model._meta.db_table) == whole, model
        columns = {name for one in set(wanted) - whole for name in one.partition("(")[2].strip(")").split(", ")}
        if "UPDATE" not in whole:
            assert updatable(model._meta.db_table) == columns, model
    assert granted("django_migrations") == {"SELECT"}
    assert granted(Event._meta.db_table) == {"SELECT", "INSERT"}
    assert granted(ChainHead._meta.db_table) == {"SELECT"}


def test_it_owns_nothing() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_class WHERE relowner = %s::regrole", [WEB])
        assert cursor.fetchone() == (0,)


def test_it_can_act_and_leaves_its_steps_on_the_trail(cast: Cast) -> None:
    recommendation = make_recommendation(cast, State.DRAFT)
    before = Event.objects.count()
    with as_the_web_server():
        perform(recommendation, "issue", by=cast.coordinator, version=recommendation.version)
        assert Event.objects.count() == before + 1


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE workflow_event SET action = 'nothing'",
        "DELETE FROM workflow_event",
        "TRUNCATE workflow_event CASCADE",
        "ALTER TABLE workflow_event DISABLE TRIGGER ALL",
        "DROP TRIGGER trail_refuse ON workflow_event",
        "INSERT INTO workflow_chainhead (subject_type, subject_id, length, hash) VALUES ('x', 1, 1, '')",
        "DELETE FROM django_migrations",
        "CREATE TABLE own (id int)",
        "CREATE FUNCTION public.own() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "SET session_replication_role = replica",
    ],
)
def test_it_cannot_touch_the_trail_or_the_schema(sql: str) -> None:
    assert refused(sql)
    assert not refused("SELECT count(*) FROM workflow_event")


def test_a_migration_grants_when_the_role_is_named(settings: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"REVOKE ALL ON workflow_event FROM {WEB}")
    settings.WEB_ROLE = ""
    call_command("migrate", verbosity=0)
    assert granted("workflow_event") == set()
    settings.WEB_ROLE = WEB
    call_command("migrate", verbosity=0)
    assert granted("workflow_event") == {"SELECT", "INSERT"}


def test_a_role_that_is_missing_or_owns_the_tables_is_refused() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        (owner,) = cursor.fetchone()
    for name in ("no_such_role", owner):
        with pytest.raises(ImproperlyConfigured, match="WEB_ROLE"):
            grant(name)


def test_nobody_but_the_owner_creates_in_the_schema_as_everybody_could_up_to_postgresql_14() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"GRANT CREATE ON SCHEMA public TO PUBLIC; GRANT CREATE ON SCHEMA public TO {WEB}")
    assert not refused("CREATE TABLE workflow_event_too (id int)")
    grant(WEB)
    assert refused("CREATE TABLE workflow_event_three (id int)")
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE of_the_owner (id int)")


def test_a_right_that_the_owner_cannot_revoke_stops_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"GRANT CREATE ON SCHEMA public TO {WEB}")
    kept = [statement for statement in statements(WEB) if not statement.startswith("REVOKE CREATE")]
    monkeypatch.setattr("config.grants.statements", lambda role, using: kept)
    with pytest.raises(ImproperlyConfigured, match="REVOKE CREATE ON SCHEMA public FROM PUBLIC"):
        grant(WEB)


def test_a_web_server_that_owns_the_trail_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "close", lambda: None)
    assert "may change the trail" in owns_too_much()
    with as_the_web_server():
        assert owns_too_much() == ""


def test_a_forgotten_web_role_is_named_before_the_migration(settings: Any) -> None:
    settings.DEBUG, settings.WEB_ROLE = False, ""
    [warning] = check_web_role(databases=["default"])
    assert (warning.id, "WEB_ROLE" in str(warning)) == ("config.W001", True)
    assert not check_web_role()
    settings.WEB_ROLE = WEB
    assert not check_web_role(databases=["default"])
    settings.WEB_ROLE = ""
    with pytest.raises(SystemCheckError, match="WEB_ROLE is not set"):
        call_command("check", databases=["default"], fail_level="WARNING")
