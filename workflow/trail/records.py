"""Compares what is stored with what the trail tells: cases by their states, other records by their values.

A model whose rows are compared by value names its columns in TRAIL_REPLAYED.
"""

import json
from collections.abc import Iterator
from itertools import groupby
from operator import attrgetter
from typing import Any

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models

from workflow.case import Case, case_types
from workflow.models import Event
from workflow.trail.findings import Finding

quote = connection.ops.quote_name
BATCH = 1000
EVENT = ("id", "number", "position", "action")
TOLERANCE = "5 minutes"
"""A clock is set right now and then; a step that was dated back lies further off."""

TIME_BACK = f"""
SELECT {", ".join(EVENT)}, at FROM (
    SELECT {", ".join(EVENT)}, at,
        max(at) OVER (ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS latest
    FROM workflow_event
) AS dated
WHERE at < latest - interval '{TOLERANCE}' ORDER BY id LIMIT 1
"""  # noqa: S608 - the names are ours
ERASED_SILENTLY = f"""
SELECT {", ".join(EVENT)} FROM workflow_event AS event
WHERE details_digest <> ''
AND NOT EXISTS (SELECT FROM workflow_eventdetails WHERE event_id = event.id)
AND NOT EXISTS (SELECT FROM workflow_event AS erasure WHERE subject_type = 'erasure' AND subject_id = event.id)
ORDER BY id LIMIT 1
"""  # noqa: S608 - the names are ours
NOT_CONTINUED = f"""
SELECT {", ".join(EVENT)} FROM (
    SELECT {", ".join(EVENT)}, source, version, lag(target) OVER chain AS before, lag(version) OVER chain AS older
    FROM workflow_event WHERE subject_type = %(type)s
    WINDOW chain AS (PARTITION BY subject_id ORDER BY position)
) AS step
WHERE before IS NOT NULL AND (source <> before OR version NOT IN (older, older + 1)) ORDER BY id LIMIT 1
"""  # noqa: S608 - the names are ours
ROW_DIFFERS = """
SELECT stored.id, stored.number, stored.state, stored.version, told.target, told.version
FROM {table} AS stored LEFT JOIN LATERAL (
    SELECT target, version FROM workflow_event AS event
    WHERE event.subject_type = %(type)s AND event.subject_id = stored.id ORDER BY position DESC LIMIT 1
) AS told ON true
WHERE (told.target, told.version) IS DISTINCT FROM (stored.state, stored.version) ORDER BY stored.id LIMIT 1
"""
ROW_GONE = """
SELECT head.subject_id FROM workflow_chainhead AS head
WHERE head.subject_type = %(type)s AND NOT EXISTS (SELECT FROM {table} AS stored WHERE stored.id = head.subject_id)
ORDER BY head.subject_id LIMIT 1
"""


def findings() -> Iterator[Finding]:
    """What does not agree, the worst first; each with the event or row where it shows."""
    for model in case_types().values():
        yield from _of_cases(model)
    for replayed in apps.get_models():
        if hasattr(replayed, "TRAIL_REPLAYED"):
            yield from _of_records(replayed)
    yield from _events("erased_silently", ERASED_SILENTLY)
    yield from _events("time_back", TIME_BACK)


def _of_cases(model: type[Case]) -> Iterator[Finding]:
    named = {"type": model.CASE_TYPE}
    yield from _events("not_continued", NOT_CONTINUED, named)
    for pk, number, state, version, target, recorded in _rows(ROW_DIFFERS, model, named):
        if target is None:
            yield _of_row("row_untold", model, pk)
        else:
            facts = {"number": number, "state": state, "version": version, "target": target, "told": recorded}
            yield _of_row("row_differs", model, pk, **facts)
    for (pk,) in _rows(ROW_GONE, model, named):
        yield _of_row("row_gone", model, pk)


def _of_records(model: Any) -> Iterator[Finding]:
    last = 0
    while batch := list(model._base_manager.filter(pk__gt=last).order_by("pk")[:BATCH]):
        last = batch[-1].pk
        chains = _events_of(model, [row.pk for row in batch])
        for row in batch:
            yield from _of_record(row, chains.get(row.pk))
    for (pk,) in _rows(ROW_GONE, model, {"type": model.TRAIL_TYPE}):
        yield _of_row("row_gone", model, pk)


def _of_record(row: Any, events: list[Event] | None) -> Iterator[Finding]:
    if events is None:
        yield _of_row("row_untold", type(row), row.pk)
    elif not any(
        event.details_digest and not hasattr(event, "details") for event in events
    ):  # Erased details: the values are unknown.
        recorded = _replayed(events)
        for name in row.TRAIL_REPLAYED:
            if (_plain(getattr(row, name)) or None) != (recorded.get(name) or None):
                yield _of_row("value_differs", type(row), row.pk, number=row.code, column=name)


def _events_of(model: Any, ids: list[int]) -> dict[int, list[Event]]:
    events = Event.objects.filter(subject_type=model.TRAIL_TYPE, subject_id__in=ids).select_related("details")
    ordered = events.order_by("subject_id", "position")
    return {pk: list(chain) for pk, chain in groupby(ordered, attrgetter("subject_id"))}


def _replayed(events: list[Event]) -> dict[str, object]:
    """What the columns are after all of the events."""
    values: dict[str, object] = {}
    for event in events:
        details = json.loads(event.details.text) if hasattr(event, "details") else {}
        values |= details.get("inputs", {})
        values |= {name: new for name, (_old, new) in details.get("changes", {}).items()}
    return values


def _plain(value: object) -> object:
    """As the trail stores it."""
    return json.loads(json.dumps(value, cls=DjangoJSONEncoder))


def _events(fault: str, sql: str, named: dict[str, str] | None = None) -> Iterator[Finding]:
    with connection.cursor() as cursor:
        cursor.execute(sql, named)
        names = [str(column.name) for column in cursor.description]
        for row in cursor.fetchall():
            yield Finding(fault, {name: str(value) for name, value in zip(names, row, strict=True)})


def _rows(sql: str, model: type[models.Model], named: dict[str, str]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql.format(table=quote(model._meta.db_table)), named)
        return list(cursor.fetchall())


def _of_row(fault: str, model: type[models.Model], pk: int, **facts: object) -> Finding:
    named = {"model": model._meta.label, "subject_id": str(pk)}
    return Finding(fault, named | {name: str(value) for name, value in facts.items()})
