"""How verifications of the trail are kept: as a chain of their own, with an alarm when one of them finds a fault."""

import json
import logging
from collections.abc import Iterator
from datetime import timedelta

from django.db import DatabaseError, transaction
from django.db.models import F, Func, TextField, Value
from django.db.models.functions import Cast, Now
from django.dispatch import Signal
from django.utils import translation

from workflow.models import Event, TrailCheck
from workflow.trail.findings import TrailFault
from workflow.trail.recording import Entry, record
from workflow.trail.verify import Report, hash_of

log = logging.getLogger(__name__)

found_broken = Signal()
"""Sent in the transaction with `check` and `event`, once for each fault, not when it is found again."""
BROKEN = "found_broken"
"""The action of the event that each new fault leaves on the trail."""
LONGEST_GAP = timedelta(days=3)
"""Between two verifications while all is well: they are made once a day."""

WRITE = "SELECT * FROM public.trail_write_check(%s, %s, %s, %s, %s, %s)"
"""TrailCheck.WRITER."""
AT = Func(
    Func(Value("UTC"), F("at"), function="timezone"),
    Value('YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
    function="to_char",
    output_field=TextField(),
)
"""A moment as it is hashed."""
HASHED = (
    "id", "previous", AT, "chains", "events", "erased", "seal", "fault", Cast("facts", TextField()),
)  # fmt: skip
"""What a verification's hash covers, in this order."""


def keep(report: Report, finding: TrailFault | None) -> TrailCheck:
    """Store a verification and, when it found a fault that was not known yet, raise the alarm."""
    fault, facts = (finding.fault, finding.facts) if finding else ("", {})
    values = [report.chains, report.events, report.erased, report.seal, fault, json.dumps(facts)]
    with transaction.atomic():
        [check] = TrailCheck.objects.raw(WRITE, values)
        if not check.is_sound:
            _alarm(check)
    return check


def condition() -> str:
    """In one word or two, for monitoring: ok, broken, or not verified although there has been something to verify."""
    latest = TrailCheck.objects.first()
    if latest is not None and not latest.is_sound:
        return "broken"
    is_old = Event.objects.filter(at__lt=Now() - LONGEST_GAP).exists()
    return "not verified" if is_old and not TrailCheck.objects.within(LONGEST_GAP).exists() else "ok"


def findings() -> Iterator[TrailFault]:
    """The first verification that does not follow the one before it; what was removed at the end is not found."""
    last = ""
    rows = TrailCheck.objects.order_by("id").values_list("hash", *HASHED)
    for place, (stored, *values) in enumerate(rows, start=1):
        texts = [str(value) for value in values]
        if texts[:2] != [str(place), last] or hash_of(texts) != stored:
            yield TrailFault("check_changed", {"check": texts[0]})
            return
        last = stored


def _alarm(check: TrailCheck) -> None:
    """Log the fault each time, record it and tell people once.

    The check is stored even when nobody can be informed.
    """
    with translation.override("en"):
        finding = check.finding
    if _is_known(check):
        log.warning("The audit trail is still broken: %s", finding)
        return
    log.error("The audit trail is broken: %s", finding)
    try:
        with transaction.atomic():
            entry = Entry(TrailCheck.TRAIL_TYPE, check.pk, check.code, BROKEN, by=None, details={"check": check.hash})
            [event] = record([entry])
            found_broken.send(TrailCheck, check=check, event=event)
    except DatabaseError:
        log.exception("Nobody could be informed that the audit trail is broken.")


def _is_known(check: TrailCheck) -> bool:
    """Whether it was found before, and no sound verification lies between."""
    before = TrailCheck.objects.filter(pk__lt=check.pk)
    sound = before.filter(fault="").first()
    return before.filter(pk__gt=sound.pk if sound else 0, fault=check.fault, facts=check.facts).exists()
