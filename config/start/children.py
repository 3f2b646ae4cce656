"""The web server and the worker as processes, with their logs, and what a person sees on the screen."""

import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

from config.embedded.server import BASE, VAR
from config.processes import spawn, stop

LOGS = VAR / "log"
LARGEST_LOG = 10_000_000
"""Bytes; a larger log is put aside at the next start."""
MANAGE = (sys.executable, BASE / "manage.py")
WEB_SERVER = (sys.executable, "-m", "gunicorn", "--config", "config/gunicorn.py", "config.wsgi")


def say(line: str) -> None:
    # A terminal that was closed is no reason to leave the servers running.
    with suppress(OSError):
        print(line, flush=True)


def log(name: str) -> Path:
    path = LOGS / f"{name}.log"
    if path.exists() and path.stat().st_size > LARGEST_LOG:
        path.replace(path.with_suffix(".log.1"))
    return path


def start_web(env: dict[str, str], listener: socket.socket) -> subprocess.Popen[bytes]:
    number = listener.fileno()
    with log("web").open("ab") as file:
        command = [*WEB_SERVER, "--bind", f"fd://{number}"]
        return spawn(command, env=env, output=file, last_signal=signal.SIGQUIT, keep_open=[number])


class Worker:
    """Started again when it ends: a database that was away for a while must not end the web server, too."""

    PAUSE = 5
    """Seconds before it is started again."""

    def __init__(self, env: dict[str, str]) -> None:
        self.env = env | {"PYTHONUNBUFFERED": "1"}
        self.ended_at = 0.0
        self.process = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        with log("worker").open("ab") as file:
            return spawn([*MANAGE, "worker"], env=self.env, output=file)

    def keep_up(self) -> None:
        if self.process.poll() is None:
            return
        if not self.ended_at:
            self.ended_at = time.monotonic()
            say(f"The worker ended (code {self.process.returncode}) and is started again; see {LOGS / 'worker.log'}.")
        elif time.monotonic() > self.ended_at + self.PAUSE:
            self.ended_at = 0.0
            self.process = self._start()

    def stop(self) -> None:
        stop(self.process, signal.SIGTERM)
