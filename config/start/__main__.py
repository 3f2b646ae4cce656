"""Starts database, web server and worker, says where they are, and ends them in order."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import ExitStack, closing, suppress

from django.core.exceptions import ImproperlyConfigured

from config.embedded.place import Trouble
from config.embedded.server import BASE, VAR, WEB, Server, last_lines
from config.environment import database, flag, text
from config.processes import end_with_parent, stop
from config.start.address import listen, note, only_one_run
from config.start.children import LOGS, Worker, say, start_web
from config.start.prepare import prepare, prepare_once, secret_key, step

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def main() -> int:
    for number in SIGNALS:
        signal.signal(number, stop_once)
    if "MAKELEVEL" in os.environ:
        end_with_parent(signal.SIGTERM)  # A killed `make` takes us with it.
    os.chdir(BASE)
    try:
        LOGS.mkdir(parents=True, exist_ok=True)
        LOGS.chmod(0o700)  # E-mails of the demo are in there.
        with ExitStack() as stack:
            run(stack)
    except KeyboardInterrupt:
        say("Baikoo has stopped.")
        return 0
    except (Trouble, ImproperlyConfigured, OSError) as trouble:
        print(f"Baikoo cannot run: {trouble}", file=sys.stderr)
        return 1
    return 0


def stop_once(*_: object) -> None:
    """The first signal ends everything; a second one must not interrupt that."""
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    with suppress(OSError):
        os.write(sys.stdout.fileno(), b"Stopping ...\n")  # print() may be what was interrupted.
    raise KeyboardInterrupt


def run(stack: ExitStack) -> None:
    """What is entered last is ended first: web server, worker, database."""
    embedded = not text("DATABASE_URL")
    debug = flag("DEBUG", default=embedded)
    if not embedded:
        database("DATABASE_URL")  # One that cannot be read ends the start here.
    lock = stack.enter_context(only_one_run())
    listener = stack.enter_context(closing(listen()))
    address = f"http://127.0.0.1:{listener.getsockname()[1]}/"
    note(lock, address)
    env = environment(address, debug=debug)
    server, logins = None, ""
    if embedded:
        server = start_database(stack)
        logins = prepare_once(
            server, env | {"DATABASE_URL": server.url(), "WEB_ROLE": WEB, "EMBEDDED_DATABASE": "true"}
        )
        env["DATABASE_URL"] = server.url(WEB)
    else:
        prepare(env)
    if not debug:
        step("collectstatic", "--noinput", env=env)
    serve(stack, env, listener, server, f"Baikoo is ready: {address}\n{logins}")


def environment(address: str, *, debug: bool) -> dict[str, str]:
    """The environment of web server, worker and commands; what is set already stays."""
    defaults = {
        "SECRET_KEY": secret_key(),
        "HTTPS": "false",
        "SITE_URL": address.rstrip("/"),
        "EMAIL_URL": "console:",
    }
    fixed = {"DJANGO_SETTINGS_MODULE": "config.settings", "VAR_DIR": str(VAR), "DEBUG": str(debug)}
    return defaults | os.environ | fixed


def start_database(stack: ExitStack) -> Server:
    say("Starting the database ...")
    server = Server("run")
    stack.callback(server.stop)
    server.start()
    return server


def serve(stack: ExitStack, env: dict[str, str], listener: socket.socket, server: Server | None, greeting: str) -> None:
    say("Starting web server and worker ...")
    worker = Worker(env)
    stack.callback(worker.stop)
    web = start_web(env, listener)
    stack.callback(stop, web, signal.SIGTERM)
    wait_until_healthy(web, worker, listener.getsockname()[1])
    say(greeting.rstrip())
    say(f"Logs: {LOGS} (e-mails of the demo in worker.log). Ctrl-C stops Baikoo.")
    watch(web, worker, server)


def wait_until_healthy(web: subprocess.Popen[bytes], worker: Worker, port: int, seconds: float = 90) -> None:
    deadline = time.monotonic() + seconds
    status, answer = 0, "no answer"
    while not is_up(answer):
        if time.monotonic() > deadline:
            raise Trouble(f"/healthz is not well after {seconds:.0f} seconds: {answer}\nSee the logs in {LOGS}.")
        must_run(web, "web")
        must_run(worker.process, "worker")
        time.sleep(0.1)
        with suppress(OSError, http.client.HTTPException):
            status, answer = ask_health(port)
    if status != 200:
        say(f"Not all is well: {answer}")


def is_up(answer: str) -> bool:
    """Whether database and worker are up. A broken trail does not count: people have to look into it."""
    with suppress(ValueError, AttributeError):
        parts = json.loads(answer)
        return bool(parts.get("database") == parts.get("worker") == "ok")
    return False


def ask_health(port: int) -> tuple[int, str]:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=5)) as connection:
        connection.request("GET", "/healthz")
        response = connection.getresponse()
        return response.status, response.read(1000).decode(errors="replace")


def must_run(process: subprocess.Popen[bytes], name: str) -> None:
    if process.poll() is not None:
        raise Trouble(f"its {name} process ended (code {process.returncode}):\n{last_lines(LOGS / f'{name}.log')}")


def watch(web: subprocess.Popen[bytes], worker: Worker, server: Server | None) -> None:
    while True:
        must_run(web, "web")
        if server and server.process:
            must_run(server.process, "postgres-run")
        worker.keep_up()
        time.sleep(0.5)


if __name__ == "__main__":
    sys.exit(main())
