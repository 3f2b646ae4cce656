"""How long the database may keep each kind of process waiting."""

import os
import subprocess
import sys
from typing import Any

import pytest
from django.db import connection

from cases.ground.limits import PATIENT, Process, patiently, startup_options
from tests.config.places import ROOT

NAMES = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")
SHOW = f"""
from django.db import connection
with connection.cursor() as cursor:
    for name in {NAMES}:
        cursor.execute("SELECT setting::int / 1000 FROM pg_settings WHERE name = %s", [name])
        print(cursor.fetchone()[0])
"""


def in_a_process(start: str, **env: str) -> list[int]:
    """The limits in seconds of a connection that is opened after `start`."""
    code = f"import os\nos.environ['DJANGO_SETTINGS_MODULE'] = 'config.settings'\n{start}\n{SHOW}"
    done = subprocess.run([sys.executable, "-c", code], env=os.environ | env, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return [int(line) for line in done.stdout.split()]


WEB, WORKER = list(Process.WEB.value.values()), list(Process.WORKER.value.values())
STARTS = {
    "import config.wsgi": WEB,
    "from config.celery import app, limit; app.set_default(); import django; django.setup(); limit()": WORKER,
    "import django; django.setup(); from unittest import mock\n"
    "with mock.patch('notifications.loop.Loop.run'):\n"
    "    from django.core.management import call_command; call_command('worker')": WORKER,
    "import django; django.setup()": [0, 0, 0],
}


@pytest.mark.slow
@pytest.mark.parametrize("start", STARTS)
def test_each_kind_of_process_has_its_own_limits_and_commands_have_none(start: str) -> None:
    assert in_a_process(start) == STARTS[start]


@pytest.mark.slow
def test_the_address_of_the_database_may_say_otherwise() -> None:
    url = os.environ["DATABASE_URL"]
    address = f"{url}{'&' if '?' in url else '?'}options=-c%20lock_timeout=7s"
    assert in_a_process("import config.wsgi", DATABASE_URL=address) == [WEB[0], 7, WEB[2]]


def test_the_web_server_waits_least() -> None:
    for name in NAMES:
        assert 0 < Process.WEB.value[name] < Process.WORKER.value[name]
    assert startup_options(Process.WEB).startswith("-c statement_timeout=20s -c lock_timeout=4s")


def test_long_tables_may_take_their_time_and_only_they(db: Any) -> None:
    def limits() -> list[str]:
        with connection.cursor() as cursor:
            return [cursor.execute(f"SHOW {name}") or cursor.fetchone()[0] for name in PATIENT]

    before = limits()
    with patiently():
        assert limits() == ["10min", "10min"]
    assert limits() == before
