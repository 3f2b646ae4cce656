"""Compares what is stored with what the trail tells: the states of cases, and that all has a trail and follows from it.

What columns hold besides is compared in columns.py.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from django.db import connection, models

from workflow.case import Case, case_types
from workflow.trail.columns import replayed
from workflow.trail.findings import TrailFault, of_row

quote = connection.ops.quote_name
EVENT = ("id", "number", "position", "action")
TOLERANCE = "5 minutes"
"""Clocks are corrected now and then, by less than this; a step that was dated back is further off."""

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
SELECT stored.id, stored.number, stored.state, stored.version, latest.target, latest.version
FROM {table} AS stored LEFT JOIN LATERAL (
    SELECT target, version FROM workflow_event AS event
    WHERE event.subject_type = %(type)s AND event.subject_id = stored.id ORDER BY position DESC LIMIT 1
) AS latest ON true
WHERE (latest.target, latest.version) IS DISTINCT FROM (stored.state, stored.version) ORDER BY stored.id LIMIT 1
"""
ROW_GONE = """
SELECT head.subject_id FROM workflow_chainhead AS head
WHERE head.subject_type = %(type)s AND NOT EXISTS (SELECT FROM {table} AS stored WHERE stored.id = head.subject_id)
ORDER BY head.subject_id LIMIT 1
"""


SHOWN_ELSEWHERE = f"""
SELECT {", ".join(EVENT)} FROM workflow_event
WHERE NOT (subject_type = ANY (%(types)s)) AND (about_type <> '' OR about_id IS NOT NULL OR ministry_id IS NOT NULL)
ORDER BY id LIMIT 1
"""  # noqa: S608 - the names are ours


def findings() -> Iterator[TrailFault]:
    """What does not agree, the worst first; each with the event or row where it shows."""
    types = case_types()
    for model in types.values():
        yield from _of_cases(model)
    for record, trail_type in replayed():
        for (pk,) in _rows(ROW_GONE, record, {"type": trail_type}):
            yield of_row("row_gone", record, pk)
    yield from _events("erased_silently", ERASED_SILENTLY)
    yield from _events("time_back", TIME_BACK)
    yield from _events("shown_elsewhere", SHOWN_ELSEWHERE, {"types": list(types)})


def _of_cases(model: type[Case]) -> Iterator[TrailFault]:
    named = {"type": model.CASE_TYPE}
    yield from _events("not_continued", NOT_CONTINUED, named)
    for pk, number, state, version, target, recorded in _rows(ROW_DIFFERS, model, named):
        if target is None:
            yield of_row("row_untold", model, pk)
        else:
            facts = {"number": number, "state": state, "version": version, "target": target, "told": recorded}
            yield of_row("row_differs", model, pk, **facts)
    for (pk,) in _rows(ROW_GONE, model, named):
        yield of_row("row_gone", model, pk)


def _events(fault: str, sql: str, named: Mapping[str, str | list[str]] | None = None) -> Iterator[TrailFault]:
    with connection.cursor() as cursor:
        cursor.execute(sql, named)
        names = [str(column.name) for column in cursor.description]
        for row in cursor.fetchall():
            yield TrailFault(fault, {name: str(value) for name, value in zip(names, row, strict=True)})


def _rows(sql: str, model: type[models.Model], named: dict[str, str]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql.format(table=quote(model._meta.db_table)), named)
        return list(cursor.fetchall())
