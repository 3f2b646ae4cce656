"""Every step of our migrations can be taken back; the last one of every app is, and applied again."""

import re
from collections.abc import Iterable, Iterator

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.operations.special import RunPython, RunSQL

MIXED = {
    ("followup", "0003_whose_page_and_which_ministry"),
    ("followup", "0008_deliveries_are_kept"),
    ("notifications", "0003_letters_to_an_address_of_their_own"),
}
"""Landed with data and schema in one; no line is added."""
ROWS = re.compile(r"\s*(DELETE|INSERT|UPDATE)\b")
FOLDERS = ("workflow", "cases", "notifications", "config")


def own_apps() -> list[str]:
    loader = MigrationLoader(None)
    ours = {app.label for app in apps.get_app_configs() if app.name.split(".")[0] in FOLDERS}
    return sorted(ours & loader.migrated_apps & {label for label, _name in loader.disk_migrations})


@pytest.fixture
def whole_afterwards(transactional_db: None) -> Iterator[None]:
    yield
    call_command("migrate", verbosity=0)


def schema() -> list[tuple[str, ...]]:
    """Every column, index, constraint and trigger of the database."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 'column', table_name, column_name, data_type, is_nullable, coalesce(column_default, '')"
            " FROM information_schema.columns WHERE table_schema = 'public'"
            " UNION ALL SELECT 'index', tablename, indexname, indexdef, '', '' FROM pg_indexes"
            " WHERE schemaname = 'public'"
            " UNION ALL SELECT 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid), '', ''"
            " FROM pg_constraint WHERE connamespace = 'public'::regnamespace"
            " UNION ALL SELECT 'trigger', tgrelid::regclass::text, tgname, pg_get_triggerdef(oid), '', ''"
            " FROM pg_trigger WHERE NOT tgisinternal"
            " UNION ALL SELECT 'function', proname, prosrc, '', '', '' FROM pg_proc"
            " WHERE pronamespace = 'public'::regnamespace"
        )
        return sorted(cursor.fetchall())


def flat(operations: Iterable[Operation]) -> Iterator[Operation]:
    """With those that an operation consists of."""
    for operation in operations:
        yield operation
        yield from flat(getattr(operation, "database_operations", ()))


def test_every_step_can_be_taken_back_but_one_of_viewflow() -> None:
    """Its second migration rests on the people of the registry, which therefore stays when all others go to zero."""
    loader = MigrationLoader(None)
    stuck = {
        key for key, step in loader.disk_migrations.items() if not all(op.reversible for op in flat(step.operations))
    }
    assert stuck == {("viewflow", "0002_fsmchange")}
    assert {app for (app, _name) in loader.graph.forwards_plan(("viewflow", "0002_fsmchange"))} & set(own_apps()) == {
        "registry"
    }


def changes_rows(operation: Operation) -> bool:
    if isinstance(operation, RunSQL):
        return any(isinstance(sql, str) and ROWS.match(sql) for sql in (operation.sql, operation.reverse_sql))
    return isinstance(operation, RunPython)


def test_data_and_schema_are_changed_apart() -> None:
    steps = MigrationLoader(None).disk_migrations.items()
    ours = {key: list(flat(step.operations)) for key, step in steps if key[0] in own_apps()}
    mixed = {key for key, all_of in ours.items() if len({changes_rows(operation) for operation in all_of}) > 1}
    assert mixed == MIXED


@pytest.mark.slow
def test_the_last_migration_of_every_app_can_be_taken_back_and_applied_again(whole_afterwards: None) -> None:
    """All together: with one go those that rest on it, which would be taken back once more for their own app."""
    loader = MigrationLoader(connection)
    before = schema()
    for label in own_apps():
        [(_label, last)] = loader.graph.leaf_nodes(label)
        parents = [name for app, name in loader.disk_migrations[label, last].dependencies if app == label]
        call_command("migrate", label, parents[0] if parents else "zero", verbosity=0)
        assert (label, last) not in MigrationLoader(connection).applied_migrations
    call_command("migrate", verbosity=0)
    assert schema() == before
