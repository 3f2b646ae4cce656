"""`make run`: everything starts with one command, says where it is, and leaves nothing behind however it ends."""

import http.client
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psycopg2
import pytest

from config.embedded.place import Trouble, find_place
from config.embedded.server import WEB, Server, processes_on
from config.start.address import note, only_one_run
from config.start.prepare import prepare_once, secret_key
from tests.config.places import ROOT, open_folder, plain_environment

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("start")]  # One process runs them all, with one database.
COMMAND = [sys.executable, "-m", "config.start"]


class Launched:
    """A launcher in a process of its own, with what it said until it was ready or ended."""

    def __init__(self, var: Path, **variables: str) -> None:
        self.data = find_place(var, "run").data
        self.process = subprocess.Popen(
            COMMAND,
            cwd=ROOT,
            env=plain_environment(VAR_DIR=str(var), **variables),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.lines: list[str] = []
        assert self.process.stdout
        for line in self.process.stdout:
            self.lines.append(line.rstrip("\n"))
            if line.startswith("Logs:"):
                break
        self.ready = next((line for line in self.lines if line.startswith("Baikoo is ready: ")), "")
        self.port = int(self.ready.strip("/").rpartition(":")[2]) if self.ready else 0

    def end(self, by: signal.Signals = signal.SIGTERM) -> int:
        self.process.send_signal(by)
        return self.process.wait(30)

    def children(self) -> dict[str, int]:
        """What the launcher started: name -> process id."""
        pids = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        names = {"postgres": "postgres", "gunicorn": "web", "manage.py\0worker": "worker"}
        found = {}
        for pid in pids:
            command = Path(f"/proc/{pid}/cmdline").read_text()
            found |= {name: int(pid) for part, name in names.items() if part in command}
        return found

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


@contextmanager
def launched(var: Path, **variables: str) -> Iterator[Launched]:
    launcher = Launched(var, **variables)
    try:
        yield launcher
    finally:
        if launcher.process.poll() is None:
            launcher.end()


def get(port: int, path: str) -> tuple[int, str]:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()


def free_port() -> int:
    """One below those that the kernel gives to connections: no client of another test can take it in between."""
    return next(port for port in random.Random().sample(range(20_000, 32_000), 100) if is_free(port))


def wait_until(condition: Any, seconds: float = 20) -> bool:
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.05)
    return bool(condition())


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


@pytest.fixture(scope="module")
def var() -> Iterator[Path]:
    """One database for all tests of this file: the demo is loaded once."""
    with open_folder() as folder:
        yield folder


@pytest.fixture(scope="module")
def port(var: Path) -> int:
    """Where it was the first time; the tests below start it again."""
    port = free_port()
    with launched(var, PORT=str(port)) as first:
        assert first.ready == f"Baikoo is ready: http://127.0.0.1:{port}/", first.text
        assert first.lines.index("Preparing the database ...") < first.lines.index("Loading the demo ...")
        roles = ("coordinator", "department_head", "institution_head", "ministry_leader", "registrar")
        assert all(f"{role}@demo.example" in first.text for role in roles)
        assert get(port, "/healthz") == (200, '{"database": "ok", "worker": "ok", "trail": "ok"}')
        assert get(port, "/login/")[0] == 200
        assert first.end(signal.SIGINT) == 0
    return port


def test_it_stops_in_order_and_leaves_nothing(var: Path, port: int) -> None:
    with launched(var, PORT=str(port)) as launcher:
        children = launcher.children()
        assert set(children) == {"postgres", "web", "worker"}
        assert launcher.end(signal.SIGTERM) == 0
    assert not processes_on(launcher.data)
    assert is_free(port)
    assert not any(Path(f"/proc/{pid}").exists() for pid in children.values())


def test_the_second_start_prepares_nothing_and_shows_the_same_logins(var: Path, port: int) -> None:
    with launched(var, PORT=str(port)) as launcher:
        assert "Preparing" not in launcher.text
        assert "Loading" not in launcher.text
        assert "coordinator@demo.example" in launcher.text


def test_a_start_beside_a_running_one_says_where_that_is(var: Path, port: int) -> None:
    with launched(var, PORT=str(port)) as launcher, launched(var) as second:
        assert second.process.wait(20) == 1
        assert f"already runs in this checkout: http://127.0.0.1:{port}/" in second.text
        assert str(launcher.process.pid) in second.text
        assert get(port, "/healthz")[0] == 200


def test_a_taken_port_is_named_and_the_next_one_used(var: Path, port: int) -> None:
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", port))
        other.listen()
        with launched(var, PORT=str(port)) as launcher:
            assert launcher.port > port
            assert f"Port {port} is taken by another program: using {launcher.port} instead." in launcher.lines
            assert get(launcher.port, "/healthz")[0] == 200


def test_after_kill_9_it_starts_again_at_the_same_address(var: Path, port: int) -> None:
    with launched(var, PORT=str(port)) as launcher:
        children = launcher.children()
        launcher.end(signal.SIGKILL)
    with launched(var, PORT=str(port)) as again:
        assert again.port == port, again.text
    assert wait_until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in children.values()))


def test_web_and_worker_work_with_the_role_that_owns_nothing(var: Path, port: int) -> None:
    with launched(var, PORT=str(port)), closing(psycopg2.connect(Server("run", var).url())) as connection:
        connection.autocommit = True  # each look at who is connected sees the present
        with connection.cursor() as cursor:
            seen = set[str]()

            def somebody_is_connected() -> bool:
                """They come and go: a look between two of their statements may find nobody."""
                get(port, "/login/")
                cursor.execute("SELECT usename FROM pg_stat_activity WHERE datid > 0 AND pid != pg_backend_pid()")
                seen.update(name for (name,) in cursor.fetchall() if name)
                return bool(seen)

            assert wait_until(somebody_is_connected)
            assert seen == {WEB}
            cursor.execute("SELECT has_table_privilege(%s, 'workflow_event', 'UPDATE')", [WEB])
            assert cursor.fetchone() == (False,)


def test_a_worker_that_ends_is_started_again(var: Path, port: int) -> None:
    with launched(var, PORT=str(port)) as launcher:
        killed = launcher.children()["worker"]
        os.kill(killed, signal.SIGKILL)
        assert wait_until(lambda: launcher.children().get("worker", killed) != killed)


@pytest.mark.parametrize("name", ["web", "postgres"])
def test_when_a_server_dies_everything_ends_and_says_so(var: Path, port: int, name: str) -> None:
    with launched(var, PORT=str(port)) as launcher:
        os.kill(launcher.children()[name], signal.SIGKILL)
        assert launcher.process.wait(30) == 1
        assert launcher.process.stdout
        said = launcher.process.stdout.read()
    assert f"its {name}" in said
    assert wait_until(lambda: not processes_on(launcher.data) and is_free(port))


@pytest.mark.parametrize(
    ("name", "value"), [("PORT", "abc"), ("PORT", "70000"), ("DEBUG", "yes?"), ("DATABASE_URL", "mysql://x@y/z")]
)
def test_a_wrong_value_is_named_and_nothing_is_left(name: str, value: str) -> None:
    with open_folder() as var, launched(var, **{name: value}) as launcher:
        assert launcher.process.wait(30) == 1
        assert launcher.lines[-1].startswith(f"Baikoo cannot run: {name} must ")
        assert not processes_on(launcher.data)


def test_another_server_is_used_when_it_is_named() -> None:
    """As in production: no demo, no debugging, static files collected."""
    with open_folder() as var, open_folder() as elsewhere:
        server = Server("run", elsewhere)
        server.start()
        try:
            roles = {"DATABASE_URL": server.url(WEB), "OWNER_DATABASE_URL": server.url(), "WEB_ROLE": WEB}
            with launched(var, **roles, PORT=str(free_port())) as launcher:
                assert launcher.ready, launcher.text
                assert "Loading the demo" not in launcher.text
                assert not launcher.data.exists()
                assert get(launcher.port, "/healthz")[0] == 200
                assert 'href="/static/css/baikoo.' in get(launcher.port, "/login/")[1]
            with closing(psycopg2.connect(server.url())) as connection, connection.cursor() as cursor:
                cursor.execute("SELECT count(*) FROM registry_user")
                assert cursor.fetchone() == (0,)
            with launched(var, DATABASE_URL=server.url(), PORT=str(free_port())) as launcher:
                assert launcher.process.wait(30) == 1
                assert "The database role baikoo_owner owns the tables" in launcher.text
                assert "WEB_ROLE" in launcher.text
        finally:
            server.stop()


def test_a_secret_key_is_made_once_and_never_empty_or_damaged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("config.start.prepare.VAR", tmp_path)
    path = tmp_path / "secret-key"
    first = secret_key()
    assert (secret_key(), path.stat().st_mode & 0o777) == (first, 0o600)
    path.write_text("")
    second = secret_key()
    assert len(second) > 50
    assert second != first
    for damaged in (b"short", b"\xff\xfe\x00" * 30, b"a b" * 30, b"\n"):
        path.write_bytes(damaged)
        with pytest.raises(Trouble, match="is damaged. Remove it"):
            secret_key()


@pytest.mark.parametrize("damaged", [b"", b"[]", b"null", b"{", b"\xff\xfe", b'{"state": 1}', b"[" * 100_000])
def test_a_damaged_note_of_what_was_prepared_only_prepares_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damaged: bytes
) -> None:
    (tmp_path / "prepared.json").write_bytes(damaged)
    done: list[str] = []
    monkeypatch.setattr("config.start.prepare.state", lambda server: "now")
    monkeypatch.setattr("config.start.prepare.step", lambda *command, env: done.append(command[0]) or "logins")
    server: Any = SimpleNamespace(place=SimpleNamespace(folder=tmp_path))
    assert prepare_once(server, {"DATABASE_URL": "x"}) == "logins"
    assert done == ["migrate", "load_demo", "load_demo"]
    assert prepare_once(server, {"DATABASE_URL": "x"}) == "logins"
    assert len(done) == 3


@pytest.mark.parametrize(
    "damaged", [b"\xff\xfe\x00", b"12 not an address", b"12 http://127.0.0.1:99999999/", b"x" * 9999]
)
def test_a_damaged_note_of_who_runs_is_no_trouble(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damaged: bytes
) -> None:
    monkeypatch.setattr("config.start.address.VAR", tmp_path)
    (tmp_path / "run.lock").write_bytes(damaged)
    with only_one_run() as lock:
        note(lock, "http://127.0.0.1:8000/")
        (tmp_path / "run.lock").write_bytes(damaged)
        with pytest.raises(Trouble, match="already runs in this checkout"), only_one_run():
            pass
