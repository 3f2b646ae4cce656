"""Copies of one monitoring with all that hangs on it, written by SQL: the ids of a copy are the first one's, moved."""

from collections.abc import Mapping, Sequence

from django.db import connection

STEP = 1_000_000
"""Between the ids of one copy and of the next; no table of the first one has as many rows."""
MONITORING = "id = %(first)s"
OF_MONITORING = "engagement_id = %(first)s"
DELIVERABLES = "SELECT id FROM planning_deliverable WHERE engagement_id = %(first)s"
SUBJECTS = (
    f"(subject_type = 'engagement' AND subject_id = %(first)s"
    f" OR subject_type = 'deliverable' AND subject_id IN ({DELIVERABLES}))"
)
TASKS = "SELECT id FROM rounds_roundtask WHERE process_id IN"
ROUNDS = f"SELECT id FROM rounds_round WHERE subject_type = 'deliverable' AND subject_id IN ({DELIVERABLES})"
EVENTS = f"SELECT id FROM workflow_event WHERE {SUBJECTS}"
COPIED: Mapping[str, str] = {
    "planning_engagement": MONITORING,
    "planning_engagement_institutions": OF_MONITORING,
    "planning_stagedate": OF_MONITORING,
    "planning_deliverable": OF_MONITORING,
    "planning_deliverableversion": f"deliverable_id IN ({DELIVERABLES})",
    "rounds_round": f"id IN ({ROUNDS})",
    "rounds_seat": f"round_id IN ({ROUNDS})",
    "rounds_roundtask": f"process_id IN ({ROUNDS})",
    "rounds_roundtask_previous": f"from_roundtask_id IN ({TASKS} ({ROUNDS}))",
    "workflow_event": SUBJECTS,
    "workflow_eventdetails": f"event_id IN ({EVENTS})",
    "workflow_chainhead": SUBJECTS,
    "workflow_expectation": SUBJECTS,
}
"""table -> which of its rows belong to the first monitoring."""
SUBJECT = ("subject_id", "about_id")
COLUMNS = """
SELECT a.attname, coalesce(f.confrelid::regclass::text, ''), a.atttypid::regtype::text
FROM pg_attribute a
LEFT JOIN pg_constraint f ON f.conrelid = a.attrelid AND f.contype = 'f' AND f.conkey = ARRAY[a.attnum]
WHERE a.attrelid = %s::regclass AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
"""


def copy_monitoring(
    first: int,
    number: str,
    places: Sequence[int],
    people: Mapping[int, Sequence[int]],
    firms: Mapping[int, Sequence[int]],
) -> None:
    """Copies of the monitoring with the id `first`, one for each of `places`.

    A person or an organisation that is a key of `people` or `firms` is another one in each copy, in turn. Triggers and
    foreign keys are off for it: the copies are as right as the first one.
    """
    swaps = {
        **{column: people for column in ("coordinator_id", "assignee_id", "in_charge_id")},
        **{column: firms for column in ("contractor_id", "addressed_id", "organisation_id")},
    }
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        for table, which in COPIED.items():
            cursor.execute(COLUMNS, [table])
            columns = cursor.fetchall()
            values = [_value(column, target, kind, swaps.get(column, {})) for column, target, kind in columns]
            sql = (
                f"INSERT INTO {table} ({', '.join(column for column, *_rest in columns)}) SELECT {', '.join(values)}"
                f" FROM {table} CROSS JOIN unnest(%(places)s::bigint[]) AS nth_copy WHERE {which}"
            )
            cursor.execute(sql, {"first": first, "number": number, "places": list(places)})
        cursor.execute("SET session_replication_role = origin")


def _value(column: str, target: str, kind: str, swap: Mapping[int, Sequence[int]]) -> str:
    """What a column of a copy holds."""
    if column == "id" or column in SUBJECT or target in COPIED:
        return f"{column} + {STEP} * nth_copy"
    if column == "number" and kind.startswith("character"):
        return f"replace({column}, %(number)s, 'E-2000-' || lpad(nth_copy::text, 5, '0'))"
    if swap:
        turns = [
            f"WHEN {old} THEN (ARRAY{list(new)}::bigint[])[1 + nth_copy %% {len(new)}]" for old, new in swap.items()
        ]
        return f"CASE {column} {' '.join(turns)} ELSE {column} END"
    return column
