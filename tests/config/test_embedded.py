"""The embedded PostgreSQL starts whatever happened before, keeps its data, and leaves nothing behind."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest

from config.embedded.place import (
    LONGEST_SOCKET,
    PROGRAMS,
    SOCKET_NAME,
    Trouble,
    copy_package,
    find_place,
    may_run,
    unprivileged_account,
    wheel_package,
)
from config.embedded.server import BASE, OWNER, WEB, Busy, Server, processes_on
from tests.config.places import open_folder, plain_environment

pytestmark = pytest.mark.slow
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root has to run PostgreSQL as another user")


@pytest.fixture
def var() -> Iterator[Path]:
    with open_folder() as folder:
        yield folder


@pytest.fixture
def server(var: Path) -> Iterator[Server]:
    server = Server("test", var)
    server.start()
    yield server
    server.stop()


def ask(server: Server, sql: str, role: str = OWNER) -> object:
    connection = psycopg2.connect(server.url(role))
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchone() if cursor.description else None
    finally:
        connection.close()


def wait_until_gone(data: Path, seconds: float = 15) -> bool:
    deadline = time.monotonic() + seconds
    while processes_on(data) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not processes_on(data)


def start_in_a_child(var: Path) -> subprocess.Popen[str]:
    """A process that starts a server and sleeps, to be killed."""
    code = (
        "import sys, time; from pathlib import Path; from config.embedded.server import Server\n"
        "Server('test', Path(sys.argv[1])).start(); print('up', flush=True); time.sleep(600)"
    )
    child = subprocess.Popen([sys.executable, "-c", code, str(var)], cwd=BASE, stdout=subprocess.PIPE, text=True)
    assert child.stdout
    assert child.stdout.readline() == "up\n"
    return child


def test_data_survive_a_restart_and_nothing_keeps_running(server: Server, var: Path) -> None:
    ask(server, "CREATE TABLE kept AS SELECT 'Көлүк' AS word")
    server.stop()
    assert not processes_on(server.place.data)
    again = Server("test", var)
    again.start()
    try:
        assert ask(again, "SELECT word, upper(word) FROM kept") == ("Көлүк", "КӨЛҮК")
    finally:
        again.stop()


def test_it_listens_on_a_private_socket_only(server: Server) -> None:
    assert ask(server, "SHOW listen_addresses") == ("",)
    assert server.place.socket.stat().st_mode & 0o777 == 0o700
    assert server.place.data.stat().st_mode & 0o777 == 0o700


def test_the_web_role_owns_nothing_and_makes_nothing(server: Server) -> None:
    ask(server, "CREATE TABLE of_the_owner (id int)")
    ask(server, f"GRANT CONNECT ON DATABASE baikoo TO {WEB}")
    for forbidden in ("CREATE TABLE mine (id int)", "CREATE TEMP TABLE mine (id int)", "SELECT * FROM of_the_owner"):
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            ask(server, forbidden, role=WEB)


def test_a_second_start_names_the_process_that_has_it(server: Server, var: Path) -> None:
    with pytest.raises(Busy, match=str(os.getpid())):
        Server("test", var).start()
    assert ask(server, "SELECT 1") == (1,)


def test_purposes_run_side_by_side(server: Server, var: Path) -> None:
    other = Server("bench", var)
    other.start()
    try:
        ask(other, "CREATE TABLE only_here (id int)")
        assert ask(server, "SELECT to_regclass('only_here')") == (None,)
    finally:
        other.stop()


def test_kill_9_of_its_starter_takes_it_down(var: Path) -> None:
    child = start_in_a_child(var)
    data = find_place(var, "test").data
    assert processes_on(data)
    child.kill()
    child.wait()
    assert wait_until_gone(data)


def test_it_starts_at_once_after_its_starter_was_killed(var: Path) -> None:
    child = start_in_a_child(var)
    child.kill()
    child.wait()
    server = Server("test", var)
    server.start()
    assert ask(server, "SELECT 1") == (1,)
    server.stop()


def test_what_was_committed_survives_kill_9_of_the_server_itself(var: Path) -> None:
    server = Server("run", var)
    server.start()
    ask(server, "CREATE TABLE kept (id int)")
    assert server.process
    os.kill(server.process.pid, signal.SIGKILL)
    server.process.wait()
    server.stop()
    again = Server("run", var)
    again.start()
    try:
        assert ask(again, "SELECT to_regclass('kept')") == ("kept",)
    finally:
        again.stop()


def test_an_older_server_without_a_starter_is_replaced(server: Server, var: Path) -> None:
    assert server.lock
    assert server.process
    server.lock.close()  # As if its launcher were gone, and the kernel had not told it.
    replacement = Server("test", var)
    replacement.start()
    assert server.process.poll() is not None
    assert ask(replacement, "SELECT 1") == (1,)
    replacement.stop()


def test_a_stale_note_with_the_number_of_another_program_does_not_block(server: Server, var: Path) -> None:
    note = server.place.data / "postmaster.pid"
    text = note.read_text()
    server.stop()
    account = server.place.account
    other = subprocess.Popen(["sleep", "60"], **({"user": account[0]} if account else {}))
    try:
        note.write_text(text.replace(text.split("\n")[0], str(other.pid), 1))
        again = Server("test", var)
        again.start()
        assert ask(again, "SELECT 1") == (1,)
        again.stop()
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()


def test_a_half_made_data_folder_is_made_anew(var: Path) -> None:
    place = find_place(var, "test")
    (place.folder / "unfinished").mkdir()
    (place.folder / "unfinished" / "PG_VERSION").write_text("18\n")
    server = Server("test", var)
    server.start()
    assert ask(server, "SELECT 1") == (1,)
    server.stop()


def test_broken_test_data_are_thrown_away_but_never_those_of_run(var: Path) -> None:
    for purpose in ("test", "run"):
        server = Server(purpose, var)
        server.start()
        server.stop()
        (server.place.data / "global" / "pg_control").write_bytes(b"broken")
    server = Server("test", var)
    server.start()
    assert ask(server, "SELECT 1") == (1,)
    server.stop()
    server = Server("run", var)
    with pytest.raises(Trouble, match="did not start"):
        server.start()
    assert server.place.data.exists()
    server.stop()


@pytest.mark.parametrize("name", ["deep" * 30, "with, a comma", "with a space and 'quotes' \"too\" %2F?&#"])
def test_any_folder_will_do(name: str, var: Path) -> None:
    (var / name).mkdir()
    server = Server("test", var / name)
    assert len(os.fsencode(server.place.socket / SOCKET_NAME)) <= LONGEST_SOCKET
    server.start()
    assert ask(server, "SELECT current_user") == (OWNER,)
    server.stop()
    if not server.place.socket.is_relative_to(var):
        shutil.rmtree(server.place.socket)


@as_root
def test_root_runs_it_as_another_user(server: Server) -> None:
    assert server.process
    assert Path(f"/proc/{server.process.pid}").stat().st_uid == unprivileged_account()[0]
    assert server.place.data.stat().st_uid == unprivileged_account()[0]


@as_root
def test_a_checkout_that_only_root_may_enter_keeps_its_data_elsewhere(var: Path) -> None:
    closed = var / "closed"
    closed.mkdir(mode=0o700)
    server = Server("test", closed)
    outside = server.place.folder.parent
    try:
        assert str(outside).startswith("/var/lib/baikoo-")
        assert str(outside) in (closed / "postgres" / "where.txt").read_text()
        server.start()
        assert ask(server, "SELECT 1") == (1,)
        server.stop()
        assert closed.stat().st_mode & 0o777 == 0o700
        assert Server("test", closed).place == server.place
    finally:
        shutil.rmtree(outside)


@as_root
def test_programs_that_only_root_may_run_are_copied(var: Path) -> None:
    account = unprivileged_account()
    copy = copy_package(wheel_package(), var)
    assert may_run(copy / PROGRAMS, account)
    copied_at = copy.stat().st_ctime_ns
    assert copy_package(wheel_package(), var).stat().st_ctime_ns == copied_at
    copy.chmod(0o700)
    assert not may_run(copy / PROGRAMS, account)


@as_root
def test_data_that_another_user_owned_are_taken_over(server: Server, var: Path) -> None:
    """A copy of a checkout made by root belongs to root."""
    server.stop()
    for path in (server.place.folder, *server.place.folder.rglob("*")):
        os.chown(path, 0, 0)
    again = Server("test", var)
    again.start()
    assert ask(again, "SELECT 1") == (1,)
    again.stop()


def test_a_command_runs_beside_a_server_and_its_exit_code_comes_back(var: Path) -> None:
    code = "import os, psycopg2, sys; psycopg2.connect(os.environ['DATABASE_URL']); print('Байкоо'); sys.exit(7)"
    done = subprocess.run(
        [sys.executable, "-m", "config.embedded", "exec", "--purpose", "test", "--", sys.executable, "-c", code],
        cwd=BASE,
        env=plain_environment(VAR_DIR=str(var)),
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stdout, done.stderr) == (7, "Байкоо\n", "")
    assert not processes_on(find_place(var, "test").data)
