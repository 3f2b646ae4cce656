"""Compares what guards the trail in the database with what was delivered: functions, triggers, and a role's privileges.

guards.sql holds the functions and triggers as PostgreSQL itself tells them, from whichever migrations they came;
`manage.py trail_guards` prints them. The trigger on each kind of case follows from its table and type.
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection, transaction

from workflow.case import case_types
from workflow.models import ChainHead, Event, EventDetails, TrailCheck
from workflow.trail.findings import TrailFault

DELIVERED = Path(__file__).with_name("guards.sql")
TABLES = [model._meta.db_table for model in (Event, EventDetails, ChainHead, TrailCheck)]
PRIVILEGES = ["SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"]
NAMED = re.compile(r"^--- (.+)\n", re.MULTILINE)
COLUMNS = re.compile(r"(\w{1,10}) \(([^()]{1,1000})\)")
WATCH = (
    "CREATE CONSTRAINT TRIGGER trail_case AFTER INSERT OR UPDATE OF id, state, version ON public.{table}"
    " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.trail_case('{case_type}')"
)

FUNCTIONS = """
SELECT 'function ' || oid::regprocedure, pg_get_functiondef(oid)
FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prokind = 'f' AND (proname LIKE 'trail\\_%%' OR prosecdef)
"""
TRIGGERS = """
SELECT 'trigger ' || tgname || ' on ' || relname, pg_get_triggerdef(tg.oid)
FROM pg_trigger AS tg JOIN pg_class AS held ON held.oid = tgrelid
WHERE relnamespace = 'public'::regnamespace AND NOT tgisinternal
AND (relname = ANY(%(tables)s) OR relname = ANY(%(cases)s) AND tgname = 'trail_case')
"""
OFF = """
SELECT 'trigger ' || tgname || ' on ' || relname FROM pg_trigger JOIN pg_class AS held ON held.oid = tgrelid
WHERE relnamespace = 'public'::regnamespace AND tgenabled <> 'O'
AND (relname = ANY(%(tables)s) OR relname = ANY(%(cases)s) AND tgname = 'trail_case')
ORDER BY tgisinternal, 1
"""
RULES = """
SELECT 'rule ' || rulename || ' on ' || relname FROM pg_rewrite JOIN pg_class AS held ON held.oid = ev_class
WHERE relnamespace = 'public'::regnamespace AND relname = ANY(%(tables)s)
UNION ALL SELECT 'row security on ' || relname FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relname = ANY(%(tables)s) AND relrowsecurity
ORDER BY 1
"""
MAY_OWN = """
SELECT rolsuper OR pg_has_role(rolname, relowner, 'MEMBER') FROM pg_roles, pg_class
WHERE rolname = %(role)s AND pg_class.oid = 'public.workflow_event'::regclass
"""
MAY = """
SELECT relname, privilege, '' FROM pg_class, unnest(%(privileges)s) AS privilege
WHERE relnamespace = 'public'::regnamespace AND relname = ANY(%(tables)s)
AND has_table_privilege(%(role)s, pg_class.oid, privilege)
UNION ALL
SELECT relname, privilege, attname FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid,
    unnest(ARRAY['INSERT', 'UPDATE', 'REFERENCES']) AS privilege
WHERE relnamespace = 'public'::regnamespace AND relname = ANY(%(tables)s) AND attnum > 0 AND NOT attisdropped
AND has_column_privilege(%(role)s, pg_class.oid, attnum, privilege)
AND NOT has_table_privilege(%(role)s, pg_class.oid, privilege)
UNION ALL
SELECT oid::regprocedure::text, 'EXECUTE', '' FROM pg_proc
WHERE pronamespace = 'public'::regnamespace AND prosecdef AND has_function_privilege(%(role)s, oid, 'EXECUTE')
ORDER BY 1, 2, 3
"""


def findings() -> Iterator[TrailFault]:
    with names_in_full():
        present, expected = present_guards(), {**delivered_guards(), **_watches()}
        off, added = _column(OFF), _column(RULES)
        beyond = list(_of_role())
    for name, text in sorted(expected.items()):
        if name not in present:
            yield TrailFault("guard_missing", {"guard": name})
        elif present[name] != text:
            yield TrailFault("guard_changed", {"guard": name})
    yield from (TrailFault("guard_off", {"guard": name}) for name in off)
    yield from (TrailFault("guard_added", {"guard": name}) for name in [*sorted(present.keys() - expected), *added])
    yield from beyond


def present_guards() -> dict[str, str]:
    """Name -> definition, as the database has them; within names_in_full()."""
    return {name: text.strip() for name, text in [*_rows(FUNCTIONS), *_rows(TRIGGERS)]}


def delivered_guards() -> dict[str, str]:
    parts = NAMED.split(DELIVERED.read_text(encoding="utf-8"))[1:]
    return {name: text.strip() for name, text in zip(parts[::2], parts[1::2], strict=True)}


def as_text(guards: dict[str, str]) -> str:
    """The text of guards.sql."""
    own = {name: text for name, text in guards.items() if name not in _watches()}
    return "\n".join(f"--- {name}\n{text}\n" for name, text in sorted(own.items()))


@contextmanager
def names_in_full() -> Iterator[None]:
    """Inside of the block, what PostgreSQL tells of itself names schemas, whatever the connection's search path is."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('search_path'), set_config('search_path', 'pg_catalog, pg_temp', true)")
        before, _now = cursor.fetchone()
        yield
        cursor.execute("SELECT set_config('search_path', %s, true)", [before])


def _watches() -> dict[str, str]:
    tables = {model._meta.db_table: name for name, model in case_types().items()}
    return {
        f"trigger trail_case on {table}": WATCH.format(table=table, case_type=name) for table, name in tables.items()
    }


def _of_role() -> Iterator[TrailFault]:
    """What the role of web and worker may do beyond what the models grant; nothing when it is not known."""
    role = _web_role()
    if not role:
        return
    if _rows(MAY_OWN, role=role)[0][0]:
        yield TrailFault("owns", {"role": role})
        return
    granted = {row._meta.db_table: row.TRAIL_GRANTS for row in apps.get_models() if hasattr(row, "TRAIL_GRANTS")}
    allowed = {(table, *right) for table, grants in granted.items() for right in _rights(grants)}
    allowed.add((TrailCheck.WRITER, "EXECUTE", ""))
    for table, privilege, column in _rows(MAY, role=role, tables=list(granted), privileges=PRIVILEGES):
        if (table, privilege, column) not in allowed:
            where = f"{table}.{column}" if column else table
            yield TrailFault("granted", {"role": role, "privilege": privilege, "table": where})


def _rights(grants: Iterable[str]) -> Iterator[tuple[str, str]]:
    """(privilege, column) of each: "INSERT", and "UPDATE (decision, decided_at)", which is of these columns alone."""
    for grant in grants:
        of_columns = COLUMNS.fullmatch(grant)
        if of_columns:
            yield from ((of_columns[1], column.strip()) for column in of_columns[2].split(","))
        else:
            yield grant, ""


def _web_role() -> str:
    """WEB_ROLE where it is set, else the current role, unless that is the owner."""
    [[me, is_owner]] = _rows(
        "SELECT current_user, relowner::regrole::text = current_user::regrole::text"
        " FROM pg_class WHERE oid = 'public.workflow_event'::regclass"
    )
    wanted = settings.WEB_ROLE or ("" if is_owner else me)
    return wanted if _rows("SELECT rolname FROM pg_roles WHERE rolname = %(role)s", role=wanted) else ""


def _column(sql: str) -> list[str]:
    return [str(first) for first, *_rest in _rows(sql)]


def _rows(sql: str, **named: str | list[str]) -> list[tuple[Any, ...]]:
    cases = [model._meta.db_table for model in case_types().values()]
    with connection.cursor() as cursor:
        cursor.execute(sql, {"tables": TABLES, "cases": cases, **named})
        return list(cursor.fetchall())
