"""What somebody with all rights on the database could do to the trail, and the export that verify.py reads."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from workflow.models import TrailCheck
from workflow.trail import verify
from workflow.trail.checking import HASHED
from workflow.trail.verification import export_lines, snapshot

PROGRAM = Path(verify.__file__)


@contextmanager
def without_guards() -> Iterator[None]:
    """As a superuser may: triggers and foreign keys rest."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        try:
            yield
        finally:
            cursor.execute("SET session_replication_role = origin")


def tamper(statement: str, *parameters: Any) -> None:
    settle()
    with without_guards(), connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        assert cursor.rowcount > 0, "nothing was tampered with"


def settle() -> None:
    """What waits for the commit is judged now, as it would be where the test commits."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def rewrite(subject_type: str, subject_id: int, **changed: str) -> None:
    """Change fields of a chain's last event and write the whole chain anew, head included, as its owner could."""
    lines = [line for line in exported() if line.get("subject_id") == str(subject_id)]
    lines = [line for line in lines if line["subject_type"] == subject_type]
    lines[-1].update(changed)
    last = ""
    with without_guards(), connection.cursor() as cursor:
        for line in lines:
            line["previous"] = last
            last = verify.event_hash(line)
            cursor.execute(
                "UPDATE workflow_event SET previous = %s, hash = %s, target = %s, action = %s WHERE id = %s",
                [line["previous"], last, line["target"], line["action"], line["id"]],
            )
        cursor.execute(
            "UPDATE workflow_chainhead SET hash = %s WHERE subject_type = %s AND subject_id = %s",
            [last, subject_type, subject_id],
        )


TABLES = "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'django_migrations'"
COLUMNS = (
    "SELECT string_agg(quote_ident(column_name), ', ') FROM information_schema.columns"
    " WHERE table_schema = 'public' AND quote_ident(table_name) = %s AND is_generated = 'NEVER'"
)


def empty_all_tables() -> None:
    """As whoever owns them may, guards and all."""
    with without_guards(), connection.cursor() as cursor:
        cursor.execute(TABLES)
        cursor.execute(f"TRUNCATE {', '.join(name for (name,) in cursor.fetchall())}")


@contextmanager
def backed_up() -> Iterator[Callable[[], None]]:
    """A backup of all tables as they are now; the function restores it over whatever came later."""
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        names = [name for (name,) in cursor.fetchall()]
        cursor.execute("CREATE SCHEMA backup")
        for name in names:
            cursor.execute(f"CREATE TABLE backup.{name} AS TABLE public.{name}")

        def restore() -> None:
            empty_all_tables()
            with without_guards():
                for name in names:
                    cursor.execute(COLUMNS, [name])
                    columns = cursor.fetchone()[0]
                    cursor.execute(f"INSERT INTO public.{name} ({columns}) SELECT {columns} FROM backup.{name}")

        try:
            yield restore
        finally:
            cursor.execute("DROP SCHEMA backup CASCADE")


def rewrite_check(check: TrailCheck) -> None:
    """Give a verification the seal of the chains as they are now, and hash it anew, as the owner of both could."""
    seal = verify.verify(exported(), "", verify.sealed_up_to(check.seal)).seal
    tamper("UPDATE workflow_trailcheck SET seal = %s WHERE id = %s", seal, check.pk)
    [hashed] = TrailCheck.objects.filter(pk=check.pk).values_list(*HASHED)
    new = verify.hash_of(str(value) for value in hashed)
    tamper("UPDATE workflow_trailcheck SET hash = %s WHERE id = %s", new, check.pk)


def exported() -> list[verify.Line]:
    with snapshot():
        return list(export_lines())


def write_export(path: Path, lines: list[verify.Line] | None = None) -> Path:
    rows = exported() if lines is None else lines
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in rows), encoding="utf-8")
    return path


def run_verifier(*arguments: object) -> tuple[int, str]:
    """verify.py as a stranger runs it: alone, without site packages. Returns exit code and output."""
    command = [sys.executable, "-I", "-S", str(PROGRAM), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, encoding="utf-8")
    assert done.stderr == ""
    return done.returncode, done.stdout.strip()


def refused(statement: str, *parameters: Any) -> str:
    """Why the database refuses; the transaction goes on."""
    with pytest.raises(DatabaseError) as refusal, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, parameters)
    return str(refusal.value)
