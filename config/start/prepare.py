"""What happens before the servers start: the secret key, migrations, the demo."""

import hashlib
import json
import os
import re
import secrets
import signal
import subprocess
from contextlib import closing, suppress
from pathlib import Path

import psycopg2

from config.embedded.place import Trouble
from config.embedded.server import BASE, VAR, Server, last_lines
from config.environment import text
from config.processes import spawn, stop
from config.progress import Progress
from config.start.children import MANAGE, log, say

CODE = ("workflow", "cases", "notifications", "config")


def secret_key() -> str:
    """Made once, and renamed only when it is written; an empty one, which a full disk left, is made again."""
    path = VAR / "secret-key"
    if not path.exists() or path.stat().st_size == 0:
        unfinished = path.with_name("secret-key.new")
        unfinished.unlink(missing_ok=True)
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(50))
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(path)
    key = path.read_text(encoding="ascii", errors="replace").strip()
    if not re.fullmatch(r"[\w-]{50,200}", key, re.ASCII):
        raise Trouble(f"{path} is damaged. Remove it: a new one is made, and everybody signs in once more.")
    return key


def prepare_once(server: Server, env: dict[str, str]) -> str:
    """Migrates and loads the demo unless neither code nor database changed since; gives the demo's logins."""
    record = server.place.folder / "prepared.json"
    with suppress(OSError, ValueError, KeyError, TypeError, RecursionError):  # Damaged: it is prepared once more.
        known = json.loads(record.read_text())
        if known["state"] == state(server):
            return str(known["logins"])
    record.unlink(missing_ok=True)
    prepare(env)
    say("Loading the demo ...")
    step("load_demo", env=env)
    logins = step("load_demo", "--logins", env=env)
    record.write_text(json.dumps({"state": state(server), "logins": logins}))
    return logins


def state(server: Server) -> str:
    """A digest of our code, the locked libraries, and the migrations that the database has."""
    digest = hashlib.sha256((BASE / "requirements.lock").read_bytes())
    for path in sorted(path for folder in CODE for path in (BASE / folder).rglob("*.py")):
        digest.update(path.read_bytes())
    with closing(psycopg2.connect(server.url())) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('django_migrations')")
        if cursor.fetchone() != (None,):
            cursor.execute("SELECT app, name FROM django_migrations ORDER BY app, name")
            digest.update(repr(cursor.fetchall()).encode())
    return digest.hexdigest()


def prepare(env: dict[str, str]) -> None:
    """Migrates, as the role that owns the tables: OWNER_DATABASE_URL where it is not that of web and worker."""
    say("Preparing the database ...")
    step("migrate", "--noinput", env=env | {"DATABASE_URL": text("OWNER_DATABASE_URL", env["DATABASE_URL"])})


def step(*arguments: str, env: dict[str, str]) -> str:
    """One command of manage.py; gives what it printed."""
    path = log("start")
    with path.open("ab") as file:
        start = file.tell()
        child = spawn([*MANAGE, *arguments], env=env | {"PYTHONUNBUFFERED": "1"}, output=file)
        try:
            wait(child, path, start)
        finally:
            stop(child, signal.SIGTERM)
    if child.returncode != 0:
        raise Trouble(f"`manage.py {' '.join(arguments)}` failed:\n{last_lines(path)}")
    return path.read_bytes()[start:].decode(errors="replace").rstrip()


def wait(child: subprocess.Popen[bytes], path: Path, start: int) -> None:
    """Until it ends; shows how long it takes and the last line that it has written into its log, from byte `start`."""
    progress = Progress()
    while True:
        try:
            child.wait(0.2)
        except subprocess.TimeoutExpired:
            progress.show(last_line(path, start))
        else:
            progress.end()
            return


def last_line(path: Path, start: int) -> str:
    with path.open("rb") as file:
        file.seek(start)
        return (file.read().decode(errors="replace").splitlines() or [""])[-1].strip()
