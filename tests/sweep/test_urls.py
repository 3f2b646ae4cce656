"""Every address x every person, looked at and sent something forged, gives exactly what urls.txt says.

In urls.txt `GET` is looking and `POST` is sending something forged. `login` means: sent there first. Who is not named
gets 404; those outside (not signed in, or deactivated) get `login` unless they are named. A star marks an answer that
came with a change in the database: what is only pressed, such as “read”, cannot be sent wrongly.
"""

import logging
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from pytest_django import Settings

from cases.registry.models import User
from tests.cast import Cast
from tests.sweep.routes import route_of, routes
from tests.sweep.world import OUTSIDE, forged, make_people, make_things
from tests.workflow.acting import everything

TABLE = Path(__file__).with_name("urls.txt")
METHODS = ("GET", "POST")
ADDRESSES = [line for line in TABLE.read_text(encoding="utf-8").splitlines() if line.startswith("/")]


def test_every_address_of_the_project_is_listed() -> None:
    listed = {route_of(address) for address in ADDRESSES}
    assert routes() - listed == set(), "Add these to tests/sweep/urls.txt."


@pytest.mark.django_db
def test_nothing_is_taken_from_other_sites(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.registrar)
    paths = [address.format_map(defaultdict(lambda: "1")) for address in ADDRESSES]
    assert {client.post(path, {"version": "1"}).status_code for path in paths} == {403}


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("method", METHODS)
def test_everybody_gets_what_the_table_says(
    cast: Cast, settings: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture, method: str
) -> None:
    caplog.set_level(logging.ERROR, logger="django.request")
    settings.EVIDENCE_DIR = tmp_path / "evidence"
    people = make_people(cast)
    things = make_things(cast, people)
    data = forged(cast, things) if method == "POST" else {}
    clients = {name: _client(person) for name, person in people.items()}
    before = everything()
    found = {}
    for address in ADDRESSES:
        path = address.format(**things)
        found[address] = _line({name: _answer(one, method, path, data, before) for name, one in clients.items()})
    proposal = tmp_path / "urls.txt"
    proposal.write_text(_written(found, method), encoding="utf-8")
    said = {address: by[method] for address, by in _said().items()}
    assert found == said, f"Who gets what has changed. If that is meant: cp {proposal} {TABLE}"


def _client(person: User | None) -> Client:
    client = Client(raise_request_exception=False)
    if person is not None:
        client.force_login(person)
    return client


def _answer(client: Client, method: str, path: str, data: dict[str, Any], before: dict[str, str]) -> str:
    """The status, with a star when something was changed; all is as before afterwards."""
    cookies = client.cookies.copy()
    with transaction.atomic():
        written = _rows_written()
        response = client.get(path) if method == "GET" else client.post(path, data)
        if response.streaming:
            assert b"".join(response.streaming_content)  # type: ignore[arg-type]
        star = "*" if _rows_written() != written and everything() != before else ""
        transaction.set_rollback(True)
    client.cookies = cookies
    to_login = response.status_code == 302 and response["Location"].startswith("/login/")
    return ("login" if to_login else str(response.status_code)) + star


def _rows_written() -> int:
    """How many rows this transaction has written so far, undone ones as well: much sooner asked than `everything()`."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_xact_user_tables")
        return int(cursor.fetchone()[0])


def _line(answers: dict[str, str]) -> str:
    """Answer by answer who gets it, such as “200 coordinator, any registrar; 403 department_head”."""
    groups: dict[str, list[str]] = {}
    for name, answer in answers.items():
        if answer != ("login" if name in OUTSIDE else "404"):
            groups.setdefault(answer, []).append(name)
    signed_in = [name for name in answers if name not in OUTSIDE]
    return "; ".join(f"{answer} {_people(names, signed_in)}" for answer, names in sorted(groups.items())) or "-"


def _people(names: list[str], signed_in: list[str]) -> str:
    left_out = [name for name in signed_in if name not in names]
    if len(left_out) >= len(signed_in) / 3:
        return ", ".join(_in_short(names))
    whole = "anybody" if set(OUTSIDE) <= set(names) else "everybody"
    return f"{whole} but {', '.join(_in_short(left_out))}" if left_out else whole


def _in_short(names: list[str]) -> list[str]:
    """Whoever holds a role here and elsewhere is “any” of that role."""
    pairs = [name for name in names if f"other {name}" in names]
    covered = {*pairs, *(f"other {name}" for name in pairs)}
    return [*(f"any {name}" for name in pairs), *(name for name in names if name not in covered)]


def _said() -> dict[str, dict[str, str]]:
    """address -> method -> what the table says."""
    said: dict[str, dict[str, str]] = {}
    address = ""
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if line.startswith("/"):
            address = line
            said[address] = dict.fromkeys(METHODS, "")
        elif line.strip():
            method, _space, answers = line.strip().partition(" ")
            said[address][method] = answers.strip()
    return said


def _written(found: dict[str, str], method: str) -> str:
    """The table with what was found for one method."""
    said = _said()
    for address, answers in found.items():
        said[address][method] = answers
    lines = (line for address, by in said.items() for line in (address, *(f"  {one:5} {by[one]}" for one in METHODS)))
    return "\n".join(lines) + "\n"
