"""One server of the embedded PostgreSQL: made, started whatever an earlier one left behind, and stopped."""

import contextlib
import fcntl
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path
from typing import IO
from urllib.parse import quote

import psycopg2
import psycopg2.extensions

from config.embedded.place import Place, Trouble, find_place
from config.processes import spawn, stop

BASE = Path(__file__).resolve().parent.parent.parent
VAR = Path(os.environ.get("VAR_DIR") or BASE / "var").absolute()
DATABASE, OWNER, WEB = "baikoo", "baikoo_owner", "baikoo_web"

CREATION = ("--username=postgres", "--auth=trust", "--encoding=UTF8", "--no-instructions", "--no-sync")
LOCALE = ("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")
ALWAYS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "jit": "off",
}
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_wal_size": "4GB"}
"""For data that may be lost: those of tests and benchmarks."""
LARGE = {"shared_buffers": "1GB"}
"""For a million rows, as a server in production would have it."""


class Busy(Trouble):
    """Another process drives the server of this purpose."""


class Server:
    """One server. `start()` recovers from whatever an earlier one left behind; `stop()` ends it cleanly."""

    def __init__(self, purpose: str, var: Path = VAR) -> None:
        self.purpose = purpose
        self.place: Place = find_place(var, purpose)
        self.log = var / "log" / f"postgres-{purpose}.log"
        self.lock_path = var / "postgres" / f"{purpose}.lock"
        self.lock: IO[str] | None = None
        self.process: subprocess.Popen[bytes] | None = None

    def url(self, role: str = OWNER) -> str:
        return f"postgres://{role}@/{DATABASE}?host={quote(str(self.place.socket))}"

    def start(self) -> None:
        self.lock = take_lock(self.lock_path)
        self.log.parent.mkdir(mode=0o700, exist_ok=True)
        end_leftovers(self.place.data)
        if not self.place.data.exists():
            self._create()
        try:
            self._launch()
        except Trouble:
            if self.purpose == "run":
                raise
            # Kept without fsync: a crash of the machine may have broken it, and nothing in it is worth keeping.
            shutil.rmtree(self.place.data)
            self._create()
            self._launch()
        with contextlib.closing(self._connect()) as connection:
            make_roles(connection, for_tests=self.purpose != "run")

    def stop(self) -> None:
        if self.process:
            stop(self.process, signal.SIGINT, signal.SIGQUIT, seconds=20)
        if self.lock:
            self.lock.close()

    def _create(self) -> None:
        """initdb into a folder that gets its name only when it is whole."""
        unfinished = self.place.folder / "unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        command: list[str | Path] = [self.place.programs / "initdb", "-D", unfinished, *CREATION, *LOCALE]
        with self.log.open("ab") as log:
            made = spawn(command, env=self._environment(), output=log, account=self.place.account).wait()
        if made != 0:
            raise Trouble(f"PostgreSQL could not make its data folder:\n{last_lines(self.log)}")
        unfinished.rename(self.place.data)

    def _launch(self) -> None:
        # Nothing runs on these data any more; a number left in this file may by now be that of another program.
        (self.place.data / "postmaster.pid").unlink(missing_ok=True)
        options = ALWAYS | ({} if self.purpose == "run" else FAST) | (LARGE if self.purpose == "bench" else {})
        options["unix_socket_directories"] = '"' + str(self.place.socket).replace('"', '""') + '"'
        command: list[str | Path] = [self.place.programs / "postgres", "-D", self.place.data]
        command += [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        with self.log.open("ab") as log:
            self.process = spawn(
                command,
                env=self._environment(),
                output=log,
                last_signal=signal.SIGINT,
                account=self.place.account,
            )
        self._wait_until_it_answers(self.process)

    def _wait_until_it_answers(self, process: subprocess.Popen[bytes], seconds: float = 120) -> None:
        """It may first have to recover what a kill -9 left."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if process.poll() is not None:
                raise Trouble(f"PostgreSQL did not start:\n{last_lines(self.log)}")
            with contextlib.suppress(psycopg2.OperationalError):
                self._connect().close()
                return
            time.sleep(0.05)
        stop(process, signal.SIGQUIT)
        raise Trouble(f"PostgreSQL did not answer within {seconds:.0f} seconds; see {self.log}.")

    def _connect(self) -> psycopg2.extensions.connection:
        return psycopg2.connect(host=str(self.place.socket), user="postgres", dbname="postgres", connect_timeout=5)

    def _environment(self) -> dict[str, str]:
        """Without the PG... variables and the locale of the person who starts it."""
        return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}


def take_lock(path: Path) -> IO[str]:
    """Held until closed, and freed by the kernel when the holder dies."""
    lock = path.open("a+", errors="replace")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.seek(0)
        raise Busy(
            f"Process {lock.read(200).strip() or 'unknown'} already uses the embedded database ({path})."
        ) from None
    lock.truncate(0)
    lock.write(str(os.getpid()))
    lock.flush()
    return lock


def end_leftovers(data: Path) -> None:
    """Ends what still runs on a data folder whose launcher is gone: we hold the lock, so it is nobody's."""
    for last_signal, seconds in ((signal.SIGINT, 30), (signal.SIGQUIT, 5), (signal.SIGKILL, 5)):
        running = processes_on(data)
        if not running:
            return
        # Its parts end with the postmaster, and would take a signal of their own for something else.
        chief = postmaster(data)
        for pid in [chief] if chief in running else running if last_signal == signal.SIGKILL else []:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, last_signal)
        deadline = time.monotonic() + seconds
        while processes_on(data) and time.monotonic() < deadline:
            time.sleep(0.05)
    if processes_on(data):
        raise Trouble(f"An older PostgreSQL still runs on {data} and does not end.")


def processes_on(data: Path) -> list[int]:
    """Every process of a PostgreSQL server works in its data folder."""
    processes = []
    for entry in Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            if (
                entry.name.isdigit()
                and (entry / "cwd").readlink() == data
                and "postgres" in (entry / "exe").readlink().name
            ):
                processes.append(int(entry.name))
    return processes


def postmaster(data: Path) -> int:
    """The process id noted in the data folder, or 0."""
    try:
        return int((data / "postmaster.pid").read_text().split()[0])
    except (OSError, ValueError, IndexError):
        return 0


def make_roles(connection: psycopg2.extensions.connection, *, for_tests: bool) -> None:
    """The role that owns and migrates, the role of web and worker that owns nothing, and the database."""
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolname FROM pg_roles")
        known = {name for (name,) in cursor.fetchall()}
        for role in {OWNER, WEB} - known:
            cursor.execute(f"CREATE ROLE {role} LOGIN")
        if for_tests:
            # Tests make databases and roles, take the role of the web server, and empty the trail between tests.
            cursor.execute(f"ALTER ROLE {OWNER} CREATEDB CREATEROLE")
            cursor.execute(f"ALTER ROLE {OWNER} SET createrole_self_grant = 'set, inherit'")
            cursor.execute(f"GRANT {WEB} TO {OWNER}")
            cursor.execute(f"GRANT SET ON PARAMETER session_replication_role TO {OWNER}")
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
        if not cursor.fetchone():
            cursor.execute(f"CREATE DATABASE {DATABASE} OWNER {OWNER}")
            cursor.execute(f"REVOKE ALL ON DATABASE {DATABASE} FROM PUBLIC")


def last_lines(log: Path, count: int = 15) -> str:
    with contextlib.suppress(OSError):
        return "\n".join(log.read_text(errors="replace").splitlines()[-count:])
    return ""
