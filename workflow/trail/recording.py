"""The only code that writes the audit trail, and says what of an act it keeps."""

import hashlib
import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction

from workflow import bulk
from workflow.case import Case, Step
from workflow.models import Event, EventDetails
from workflow.roles import Actor, Standing


@dataclass
class Entry:
    """One step to be written: on which subject, what, by whom, and its readable details."""

    subject_type: str
    subject_id: int
    number: str
    action: str
    by: Actor | None
    standing: Standing | None = None
    source: str = ""
    target: str = ""
    version: int = 0
    details: Mapping[str, Any] = field(default_factory=dict)


def record(entries: Iterable[Entry]) -> list[Event]:
    """Write the entries, in their order, to the chains of their subjects; returns the events, with their ids."""
    entries = list(entries)
    texts = [_exact_text(entry.details) for entry in entries]
    salts = [secrets.token_hex(16) for _ in entries]
    digests = [digest(salt, text) if text else "" for salt, text in zip(salts, texts, strict=True)]
    rows = [_row(entry, seal) for entry, seal in zip(entries, digests, strict=True)]
    with transaction.atomic(savepoint=False):  # An event whose details are not there yet would pass for an erased one.
        given = bulk.insert(Event, rows)
        events = [_stored({**row, **found}) for row, found in zip(rows, given, strict=True)]
        kept = [
            {"event_id": event.pk, "salt": salt, "text": text}
            for event, salt, text in zip(events, salts, texts, strict=True)
            if text
        ]
        bulk.insert(EventDetails, kept)
    return events


def digest(salt: str, text: str) -> str:
    """Salted SHA-256 of the details' exact text, as hexadecimal."""
    return hashlib.sha256(f"{salt}{text}".encode()).hexdigest()


def _exact_text(details: Mapping[str, Any]) -> str:
    kept = {key: value for key, value in details.items() if value not in (None, "", {}, [])}
    return json.dumps(kept, cls=DjangoJSONEncoder, ensure_ascii=False, sort_keys=True) if kept else ""


def _stored(row: Mapping[str, Any]) -> Event:
    event = Event(**row)
    event._state.adding = False
    return event


def _row(entry: Entry, details_digest: str) -> dict[str, Any]:
    """All but what the database itself sets."""
    standing = entry.standing
    return {
        "subject_type": entry.subject_type,
        "subject_id": entry.subject_id,
        "number": entry.number,
        "action": entry.action,
        "source": entry.source,
        "target": entry.target,
        "version": entry.version,
        "actor_id": entry.by.pk if entry.by else None,
        "role": standing.role if standing else "",
        "organisation_id": standing.organisation_id if standing else None,
        "membership_id": standing.membership_id if standing else None,
        "details_digest": details_digest,
    }


Changes = dict[str, tuple[Any, Any]]
"""column -> (before, after)"""


def values(case: Case) -> dict[str, Any]:
    """The row as this object holds it, by column."""
    held = case.__dict__
    return {name: held[name] for name in _columns(type(case)) if name in held}


def changes(case: Case, before: dict[str, Any]) -> Changes:
    """What differs from `before`, but for the version, which counts up by itself."""
    now = case.__dict__
    return {name: (was, now[name]) for name, was in before.items() if was != now[name] and name != "version"}


def step_entry(case: Case, step: Step, changed: Changes) -> Entry:
    """The entry of the transition under way."""
    act = case.acting
    source = str(changed["state"][0]) if "state" in changed else _state(case)
    details = {"inputs": act.inputs, "changes": told(case, changed)}
    return _entry(case, step.action, act.by, act.standing, (source, details))


def verb_entry(case: Case, verb: str, by: Actor, standing: Standing, details: dict[str, Any]) -> Entry:
    """The entry of an act that leaves the state alone."""
    return _entry(case, verb, by, standing, (_state(case), details))


def told(case: Case, changed: Changes) -> Changes:
    """The changes that the trail tells in its details: the state has fields of its own, and some only repeat others."""
    return {name: pair for name, pair in changed.items() if name != "state" and name not in case.SILENT}


def _entry(case: Case, action: str, by: Actor, standing: Standing, what: tuple[str, dict[str, Any]]) -> Entry:
    source, details = what
    return Entry(
        case.CASE_TYPE, case.pk, case.number, action, by, standing, source, _state(case), case.version, details
    )


def _state(case: Case) -> str:
    return str(case.follow("state"))


@cache
def _columns(model: type[Case]) -> tuple[str, ...]:
    return tuple(one.attname for one in model._meta.concrete_fields if not one.generated)
