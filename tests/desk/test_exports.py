"""Long tables: asked for on a page, made by the worker, taken away by whoever asked for them."""

import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from cases.desk import making, tables
from cases.desk.kinds import kinds
from cases.desk.models import Export, ExportStatus
from cases.followup.models import Recommendation
from cases.ground import export as ground
from cases.registry.models import Membership
from notifications.exports import Maker, make_all
from notifications.models import Message
from notifications.worker import send_due_messages
from tests.cast import Cast
from tests.factories import make_recommendation
from workflow.door import Refused
from workflow.models import Event

ASK = "/exports/ask/recommendation/"
CASES = "/recommendations/"


@pytest.fixture(autouse=True)
def three(cast: Cast, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Recommendation]:
    """Three recommendations, in a world in which two are many."""
    settings.EVIDENCE_DIR = tmp_path
    monkeypatch.setattr(tables, "LONG", 2)
    return [make_recommendation(cast, state) for state in ("issued", "in_progress", "closed")]


@pytest.fixture
def coordinator(client: Client, cast: Cast) -> Client:
    client.force_login(cast.coordinator)
    return client


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "exports").glob("*"))


def asked(client: Client, query: str = "") -> Export:
    response = client.post(ASK, {"query": query})
    export = Export.objects.latest("id")
    assert response["Location"] == export.get_absolute_url()
    return export


def pass_time(time: timedelta) -> None:
    for export in Export.objects.all():
        made_at = export.made_at and export.made_at - time
        Export.objects.filter(pk=export.pk).update(due_at=export.due_at - time, made_at=made_at)


def numbers(response: Any) -> list[Any]:
    sheet: Any = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content))).active
    return [row[0].value for row in sheet.iter_rows(min_row=2)]


def test_a_long_table_is_made_in_the_background_and_a_short_one_at_once(
    coordinator: Client, three: list[Recommendation], tmp_path: Path
) -> None:
    assert numbers(coordinator.get(f"{CASES}export.xlsx?state=open")) == [three[1].number, three[0].number]
    page = coordinator.get(f"{CASES}export.xlsx?sort=old")
    assert 'action="/exports/ask/recommendation/"' in page.content.decode()
    assert 'name="query" value="sort=old"' in page.content.decode()
    export = asked(coordinator, "sort=old")
    url = export.get_absolute_url()
    assert "is being made" in coordinator.get(url).content.decode()
    assert coordinator.get(f"{url}file/").status_code == 302
    assert make_all() == 1
    export.refresh_from_db()
    assert "The table is ready." in coordinator.get(url).content.decode()
    response = coordinator.get(f"{url}file/")
    assert response["Content-Disposition"] == f'attachment; filename="{export.name}"'
    assert numbers(response) == [one.number for one in three]
    assert files(tmp_path) == [f"{export.pk}-1"]
    assert len(b"".join(coordinator.get(f"{CASES}export.csv").streaming_content).splitlines()) == 4  # type: ignore[attr-defined]


def test_a_table_says_what_it_would_say_at_once(
    coordinator: Client, three: list[Recommendation], monkeypatch: pytest.MonkeyPatch
) -> None:
    coordinator.cookies["django_language"] = "ru"
    export = asked(coordinator)
    make_all()
    later = cells_of(coordinator.get(f"{export.get_absolute_url()}file/"))
    monkeypatch.setattr(tables, "LONG", 20)
    assert later == cells_of(coordinator.get(f"{CASES}export.xlsx"))
    assert later[0][0] == "Номер"


def cells_of(response: Any) -> list[list[Any]]:
    sheet: Any = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content))).active
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def test_whoever_asked_is_told_in_the_app_and_by_email_and_the_trail_knows(coordinator: Client, cast: Cast) -> None:
    export = asked(coordinator)
    make_all()
    event = Event.objects.get(action="export")
    assert (event.subject_type, event.subject_id, event.actor) == ("person", cast.coordinator.pk, cast.coordinator)
    assert '"rows": 3' in event.details.text
    assert set(Message.objects.filter(event=event).values_list("recipient", "channel")) == {
        (cast.coordinator.pk, "in_app"),
        (cast.coordinator.pk, "email"),
    }
    send_due_messages()
    [letter] = [message for message in mail.outbox if message.to == [cast.coordinator.email]]
    assert f"http://127.0.0.1:8000{export.get_absolute_url()}" in letter.body
    assert letter.subject == "Сиз сураган таблица даяр", "in the language of the person"
    assert "The table you asked for is ready" in coordinator.get("/messages/").content.decode()
    message = Message.objects.get(event=event, channel="in_app")
    assert coordinator.get(f"/messages/{message.pk}/")["Location"] == export.get_absolute_url()


def test_nobody_else_sees_a_table(coordinator: Client, cast: Cast) -> None:
    url = asked(coordinator).get_absolute_url()
    make_all()
    for other in (cast.second_coordinator, cast.leader, cast.rector, cast.stranger):
        coordinator.force_login(other)
        assert [coordinator.get(place).status_code for place in (url, f"{url}file/")] == [404, 404]
    coordinator.logout()
    assert coordinator.get(f"{url}file/")["Location"].startswith("/login/")
    coordinator.force_login(cast.coordinator)
    assert coordinator.get(f"{url}file/").status_code == 200


def test_a_table_holds_only_what_its_owner_may_see(client: Client, cast: Cast, three: list[Recommendation]) -> None:
    foreign = make_recommendation(cast, "issued", institution=cast.college)
    client.force_login(cast.rector)
    export = asked(client)
    make_all()
    assert foreign.number not in numbers(client.get(f"{export.get_absolute_url()}file/"))


def test_rights_that_changed_since_keep_the_file_from_being_handed_out(coordinator: Client, cast: Cast) -> None:
    export = asked(coordinator)
    make_all()
    url = f"{export.get_absolute_url()}file/"
    assert coordinator.get(url).status_code == 200
    Membership.objects.filter(person=cast.coordinator).update(is_withdrawn=True)
    response = coordinator.get(url, follow=True)
    assert response.redirect_chain == [(CASES, 302)]
    assert "Your roles have changed" in response.content.decode()


def test_a_file_is_kept_for_a_day(coordinator: Client, tmp_path: Path) -> None:
    export = asked(coordinator)
    make_all()
    pass_time(Export.KEPT + timedelta(minutes=1))
    assert "is gone" in coordinator.get(export.get_absolute_url()).content.decode()
    assert coordinator.get(f"{export.get_absolute_url()}file/").status_code == 302
    assert files(tmp_path) == [f"{export.pk}-1"]
    make_all()
    assert files(tmp_path) == []
    assert "is gone" in coordinator.get(export.get_absolute_url()).content.decode()


class Killed(BaseException):
    """What ends a worker ends it at once."""


def test_a_worker_that_dies_half_way_leaves_the_table_to_the_next_one(
    coordinator: Client, three: list[Recommendation], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    export = asked(coordinator)

    def die(path: str, *_rest: Any) -> int:
        Path(path).write_bytes(b"half")
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(making, "write_workbook", die)
        with pytest.raises(Killed):
            make_all()
    assert files(tmp_path) == [f"{export.pk}-1"]
    assert make_all() == 0, "its worker is not taken for dead yet"
    assert "is being made" in coordinator.get(export.get_absolute_url()).content.decode()
    pass_time(making.LEASE + timedelta(minutes=1))
    assert make_all() == 1
    assert files(tmp_path) == [f"{export.pk}-2"]
    assert len(numbers(coordinator.get(f"{export.get_absolute_url()}file/"))) == 3


def test_a_worker_that_was_taken_for_dead_changes_nothing_any_more(
    coordinator: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    export = asked(coordinator)

    def write_slowly(path: str, *rest: Any) -> int:
        Export.objects.filter(pk=export.pk).update(attempt=2)
        return ground.write_workbook(path, *rest)

    monkeypatch.setattr(making, "write_workbook", write_slowly)
    make_all()
    export.refresh_from_db()
    assert (export.status, export.path, files(tmp_path)) == (ExportStatus.MAKING, "", [])
    assert not Event.objects.filter(action="export").exists()


def test_a_table_that_ends_its_worker_each_time_fails(coordinator: Client, cast: Cast) -> None:
    export = asked(coordinator)
    Export.objects.filter(pk=export.pk).update(status=ExportStatus.MAKING, attempt=making.ATTEMPTS)
    assert make_all() == 1
    assert "could not be made" in coordinator.get(export.get_absolute_url()).content.decode()
    assert Message.objects.filter(template="export_failed", recipient=cast.coordinator).count() == 2


def test_what_no_sheet_holds_fails_and_is_told(
    coordinator: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ground, "MOST_ROWS", 2)
    export = asked(coordinator)
    other = asked(coordinator, "state=open")
    assert make_all() == 2
    assert set(Export.objects.values_list("pk", "status")) == {(export.pk, "failed"), (other.pk, "ready")}
    assert files(tmp_path) == [f"{other.pk}-1"]
    assert make_all() == 0
    send_due_messages()
    assert len({str(message.subject) for message in mail.outbox}) == 2


def test_the_same_table_is_asked_for_once_and_few_at_a_time(coordinator: Client, cast: Cast) -> None:
    first = asked(coordinator)
    assert asked(coordinator) == first
    for query in ("state=open", "sort=due"):
        asked(coordinator, query)
    response = coordinator.post(ASK, {"query": "sort=old"}, follow=True)
    assert "You are waiting for 3 tables already." in response.content.decode()
    assert Export.objects.count() == 3
    with pytest.raises(Refused):
        making.ask(kinds()["recommendation"], "sort=old", by=cast.coordinator)
    make_all()
    assert asked(coordinator) != first
    with pytest.raises(IntegrityError), transaction.atomic():
        Export.objects.create(owner=cast.coordinator, kind="recommendation", language="en")


def test_only_lists_are_handed_out(coordinator: Client) -> None:
    assert [coordinator.post(f"/exports/ask/{kind}/").status_code for kind in ("extension", "nothing")] == [404, 404]


@pytest.mark.django_db(transaction=True)
def test_the_worker_makes_tables_apart_from_its_letters(cast: Cast, three: list[Recommendation]) -> None:
    maker = Maker()
    maker.start_when_due()
    assert not maker.apart.is_busy(), "nothing waits"
    export = making.ask(kinds()["recommendation"], "", by=cast.coordinator)
    maker.start_when_due()
    assert maker.apart.thread
    maker.apart.thread.join(30)
    export.refresh_from_db()
    assert export.status == ExportStatus.READY
    assert export.made_at
    assert export.made_at <= timezone.now() + timedelta(minutes=1)
