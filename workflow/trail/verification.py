"""Verifying the trail in the database and exporting it for verify.py; reads the trail and changes nothing of it.

A verification finds, and names, the first event that was changed, removed or put in, steps out of order, details
changed or added, the end of a chain or a whole chain removed, a head that does not fit its chain. By the seal that
covers most it also finds that a chain was rewritten together with its head, or removed together with it. Then it
compares: the earlier verifications with their own chain, what guards the trail in the database with what was
delivered, the stored cases, people, organisations, memberships and files with what the trail tells of them, the
contents of cases with what was decided on in rounds, and what rooms above add: what was delivered and agreed, and the
comments, documents, answers and texts of cases. See docs/decisions/0006-left-for-later.md for what it does not compare.

It cannot find what the owner of the tables does before a first verification has seen the events, or to the events and
the record of every verification at once; against the latter keep seals elsewhere (`verify_trail` and the trail's page
show them) and give them to verify.py. Nor does a sound trail prove that a step was made by the person it names:
the database role of the web may append steps, but can neither change, remove, reorder nor date them.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from heapq import merge
from itertools import chain

from django.db import connection, transaction
from django.db.models import Exists, Model, OuterRef, QuerySet
from django.db.models.expressions import Combinable

from workflow.models import ChainHead, Event, EventQuerySet, TrailCheck
from workflow.rounds.checking import findings as decisions
from workflow.trail.checking import AT, keep
from workflow.trail.checking import findings as checks
from workflow.trail.columns import findings as columns
from workflow.trail.files import findings as files
from workflow.trail.findings import TrailFault, added
from workflow.trail.guards import findings as guards
from workflow.trail.records import findings as records
from workflow.trail.verify import FIELDS, Line, sealed_up_to, verify

BATCH = 2000
PATIENCE = 30.0
"""Seconds to wait until the steps now under way are settled; after that only what was sealed before is sealed."""

COLUMNS: list[str | Combinable] = [
    "id", "subject_type", "subject_id", "position", "previous", "number", "action", "source", "target", "version",
    "actor_id", "role", "organisation_id", "membership_id", AT, "details_digest", "hash", "details__salt",
    "details__text",
]  # fmt: skip
NAMES = (*FIELDS, "hash", "salt", "details")
"""What the columns are called in an export."""


def verify_and_record(*, parts: int | None = None) -> TrailCheck:
    """Verify the whole trail as it stands at one moment, compare seal, records and files with it, keep the result.

    `parts` says into how many parts the stored files, and the rows of each kind, are divided, of which one is compared:
    see `files.findings()`. May be called inside of a transaction; then it seals no more than was sealed before.
    """
    seal = TrailCheck.objects.furthest_seal()
    last = max(_settled(), sealed_up_to(seal))
    with snapshot():
        report = verify(export_lines(), seal, last)
        own = TrailFault(report.fault, report.facts) if report.fault else None
        finding = own or _first(checks(), guards(), records(), columns(parts=parts), decisions(), *added(parts))
    if finding is None:
        finding = _first(files(parts=parts))
    if report.fault:
        report.seal = ""
    return keep(report, finding)


def _first(*sources: Iterator[TrailFault]) -> TrailFault | None:
    return next(chain.from_iterable(sources), None)


def export_lines(concerning: EventQuerySet | None = None) -> Iterator[Line]:
    """The lines that verify.py reads: every chain, or those that `concerning` has events of, whole. Within snapshot().

    Read through cursors of the server: memory stays constant, however long the trail is.
    """
    events: QuerySet[Event] = Event.objects.order_by("subject_id", "position")
    heads = ChainHead.objects.order_by("subject_id")
    if concerning is not None:
        same = concerning.order_by().filter(subject_type=OuterRef("subject_type"), subject_id=OuterRef("subject_id"))
        events, heads = events.filter(Exists(same)), heads.filter(Exists(same))
    counts = [0, 0]
    for subject_type in _types(events, heads):
        of_type = (rows.filter(subject_type=subject_type) for rows in (events, heads))
        for line in merge(*map(_lines, of_type), key=_subject_id):  # Of one subject, the events come first.
            counts["head" in line] += 1
            yield line
    yield {"end": [str(count) for count in counts]}


@contextmanager
def snapshot() -> Iterator[None]:
    """One view of the whole database, as at its first query; inside of another transaction, the view of that one."""
    is_own = not connection.in_atomic_block
    with transaction.atomic():
        if is_own:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def _types(*tables: QuerySet[Model]) -> list[str]:
    """In the order of verify.py, which is not the database's: that depends on its collation."""
    return sorted(
        {name for rows in tables for name in rows.order_by().values_list("subject_type", flat=True).distinct()}
    )


def _lines(rows: QuerySet[Model]) -> Iterator[Line]:
    if rows.model is Event:
        return (_event(row) for row in rows.values_list(*COLUMNS).iterator(BATCH))
    columns = rows.values_list("subject_type", "subject_id", "length", "hash")
    return (_head(row) for row in columns.iterator(BATCH))


def _event(row: Sequence[object]) -> Line:
    line = {name: None if value is None else str(value) for name, value in zip(NAMES, row, strict=True)}
    if line["salt"] is None:
        del line["salt"], line["details"]
    return line


def _head(row: tuple[str, int, int, str]) -> Line:
    subject_type, subject_id, length, last_hash = row
    return {"head": [subject_type, str(subject_id)], "length": str(length), "hash": last_hash}


def _subject_id(line: Line) -> int:
    return int(line["head"][1] if "head" in line else line["subject_id"])


def _settled() -> int:
    """An id up to which no event can appear any more; 0 when that cannot be known.

    An id appears only when its transaction ends, so a later one may be seen first. Until then the transaction holds a
    lock on the table: once all that hold one now have ended, every id given out before has appeared.
    """
    if connection.in_atomic_block:
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM workflow_event_id_seq")
        last = int(cursor.fetchone()[0])
    writing = _writing()
    until = time.monotonic() + PATIENCE
    while writing & _writing():
        if time.monotonic() > until:
            return 0
        time.sleep(0.05)
    return last


def _writing() -> set[str]:
    """The transactions that are writing events."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT virtualtransaction FROM pg_locks WHERE locktype = 'relation' AND mode = 'RowExclusiveLock'"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            " AND relation = 'workflow_event'::regclass"
        )
        return {str(number) for (number,) in cursor.fetchall()}
