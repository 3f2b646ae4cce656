"""What is measured of many rows at once: exports, imports, one act on many cases, letters."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client

from bench.data import FIRST_DRAFT, World, add_recommendations
from bench.operations import client
from cases.followup.models import Recommendation
from cases.registry.imports.importing import import_upload, preview, store_upload
from cases.registry.models import User
from notifications.worker import send_due_messages
from workflow.many import perform_many
from workflow.terms import legal_date

LETTERS, IMPORTED, EXPORTED, ISSUED = 200, 5_000, 10_000, 10_000
"""Rows that one call takes."""
DUE_LETTERS = """
INSERT INTO notifications_message
    (event_id, recipient_id, channel, template, status, attempt, due_at, sending_by, last_error)
SELECT event.id, event.actor_id, 'email', 'claimed', 'due', 0, now() - interval '1 hour', '', ''
FROM workflow_event AS event WHERE action = 'create' ORDER BY event.id LIMIT %s
"""


@dataclass(frozen=True)
class Bulk:
    """One operation on `rows` rows: what it gets is made ready before; all is undone afterwards."""

    rows: int
    ready: Callable[[], Any]
    do: Callable[[Any], object]

    @contextmanager
    def undone(self) -> Iterator[Any]:
        with transaction.atomic():
            yield self.ready()
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            transaction.set_rollback(True)


def bulks(world: World, size: int) -> dict[str, Bulk]:
    # Signed in here, as what each operation does is undone.
    leader, registrar, some = client(world.leader), client(world.registrar), _some(size)
    return {
        "list as .csv, first line": Bulk(1, _nothing, lambda _none: next(_csv(leader, "sort=new"))),
        "list as .csv": Bulk(EXPORTED, _nothing, lambda _none: sum(map(len, _csv(leader, some)))),
        "list as .xlsx": Bulk(EXPORTED, _nothing, lambda _none: leader.get(_export("xlsx", some)).getvalue()),
        "perform_many()": Bulk(ISSUED, partial(_drafts, world), partial(_issue, world)),
        "import of people, preview": Bulk(IMPORTED, partial(_upload, world), partial(_preview, registrar)),
        "import of people, next page": Bulk(
            IMPORTED, partial(_previewed, world, registrar), partial(_preview, registrar)
        ),
        "import of people, taken": Bulk(IMPORTED, partial(_planned, world), partial(_take, world)),
        "letters": Bulk(LETTERS, _letters, _send),
    }


def _nothing() -> None:
    return None


def _some(size: int) -> str:
    """A filter that leaves about EXPORTED rows: due dates are spread over a thousand days."""
    first = legal_date() - timedelta(days=700)
    return f"due_from={first}&due_to={first + timedelta(days=1000 * EXPORTED // size - 1)}"


def _export(ending: str, query: str) -> str:
    return f"/recommendations/export.{ending}?{query}"


def _csv(browser: Client, query: str) -> Iterator[bytes]:
    return iter(browser.get(_export("csv", query)).streaming_content)


def _drafts(world: World) -> Any:
    add_recommendations(world, FIRST_DRAFT, FIRST_DRAFT + ISSUED - 1, "draft")
    drafts = Recommendation.objects.filter(draft_number__gte=f"D-2026-{FIRST_DRAFT}", draft_number__regex=r"\d{7}$")
    drafts.update(coordinator=world.coordinators[0])
    return drafts


def _issue(world: World, drafts: Any) -> None:
    outcome = perform_many(drafts, "issue", by=User.objects.get(pk=world.coordinators[0].pk))
    if len(outcome.events) != ISSUED:
        raise RuntimeError(f"{len(outcome.events)} issued, {outcome.refused[:1]}")


def _upload(world: World) -> Any:
    lines = [f"p{n}@bench.example,Person {n} (demo),I-{n % 300:03d},institution_officer" for n in range(IMPORTED)]
    table = "\n".join(["email,full_name,organisation,role", *lines])
    return store_upload("people", SimpleUploadedFile("people.csv", table.encode()), by=world.registrar)


def _previewed(world: World, registrar: Client) -> Any:
    upload = _upload(world)
    _preview(registrar, upload)
    return upload


def _preview(registrar: Client, upload: Any) -> None:
    url = f"/registry/import/people/{upload.pk}/"
    response = registrar.get(url)
    if response.status_code != 200 or b"5" not in response.content:
        raise RuntimeError(f"{url}: {response.status_code}")


def _planned(world: World) -> Any:
    upload = _upload(world)
    return upload, preview(upload, by=world.registrar).fingerprint()


def _take(world: World, planned: Any) -> None:
    upload, seen = planned
    counts = import_upload(upload, by=world.registrar, seen=seen)
    if counts["new"] != IMPORTED:
        raise RuntimeError(f"taken: {counts}")


def _letters() -> None:
    with connection.cursor() as cursor:
        cursor.execute(DUE_LETTERS, [LETTERS])


def _send(_none: None) -> None:
    mail.outbox = []
    sent = send_due_messages(LETTERS)
    if sent != LETTERS:
        raise RuntimeError(f"{sent} letters were sent")
