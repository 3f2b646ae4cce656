"""Runs a command with the embedded PostgreSQL: `python -m config.embedded exec --purpose test -- pytest`."""

import argparse
import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator

from config.embedded.place import Trouble
from config.embedded.server import WEB, Busy, Server
from config.processes import in_child

PURPOSES = ("run", "test", "bench")


@contextlib.contextmanager
def running_server(purpose: str) -> Iterator[Server]:
    """A server for as long as the block runs; that of `make run` is joined when it is up."""
    server = Server(purpose)
    try:
        server.start()
    except Busy:
        if purpose != "run":
            raise
    try:
        yield server
    finally:
        server.stop()


def execute(purpose: str, command: list[str]) -> int:
    """Runs a command with DATABASE_URL set; gives its exit code."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with running_server(purpose) as server:
        env = os.environ | {"DATABASE_URL": server.url()}
        if purpose != "bench":  # With DEBUG, Django keeps every query in memory.
            env.setdefault("DEBUG", "true")
        if purpose == "run":
            env |= {"WEB_ROLE": WEB, "EMBEDDED_DATABASE": "true"}
        signal.signal(signal.SIGINT, lambda *_: None)  # Ctrl-C reaches the command too; its end is ours.
        child = subprocess.Popen(command, env=env, preexec_fn=in_child(signal.SIGTERM))
        try:
            return child.wait()
        finally:
            if child.poll() is None:
                child.terminate()
                child.wait()


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m config.embedded", description="The embedded PostgreSQL.")
    commands = parser.add_subparsers(dest="command", required=True)
    run = commands.add_parser("exec", help="run a command with a server, and DATABASE_URL set")
    run.add_argument("--purpose", choices=PURPOSES, default="run")
    run.add_argument("argv", nargs="+", metavar="-- command")
    arguments = parser.parse_args()
    try:
        return execute(arguments.purpose, arguments.argv)
    except (Trouble, FileNotFoundError) as trouble:
        print(trouble, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
