"""The only code that writes the audit trail, and says what of an act it keeps."""

import hashlib
import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction

from workflow import bulk
from workflow.case import Act, Case
from workflow.models import Event, EventDetails
from workflow.roles import Actor, Role, Standing


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
    details: Mapping[str, object] = field(default_factory=dict)
    about: tuple[str, int | None] = ("", None)
    ministry_id: int | None = None


def record(entries: Iterable[Entry]) -> list[Event]:
    """Write the entries, in their order, to the chains of their subjects; returns the events, with their ids."""
    entries = list(entries)
    texts = [_exact_text(entry.details) for entry in entries]
    salts = [secrets.token_hex(16) for _ in entries]
    digests = [digest(salt, text) if text else "" for salt, text in zip(salts, texts, strict=True)]
    rows = [_row(entry, seal) for entry, seal in zip(entries, digests, strict=True)]
    with transaction.atomic(savepoint=False):  # An event whose details are not there yet would pass for an erased one.
        filled_in = bulk.insert(Event, rows)
        events = [_stored({**row, **columns}) for row, columns in zip(rows, filled_in, strict=True)]
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


def _exact_text(details: Mapping[str, object]) -> str:
    kept = {key: value for key, value in details.items() if value not in (None, "", {}, [])}
    return json.dumps(kept, cls=DjangoJSONEncoder, ensure_ascii=False, sort_keys=True) if kept else ""


def _stored(row: Mapping[str, object]) -> Event:
    event = Event(**row)
    event._state.adding = False
    return event


def _row(entry: Entry, details_digest: str) -> dict[str, object]:
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
        "about_type": entry.about[0],
        "about_id": entry.about[1],
        "ministry_id": entry.ministry_id,
    }


Changes = dict[str, tuple[object, object]]
"""column -> (before, after)"""


def values(case: Case) -> dict[str, object]:
    """The row as this object holds it, by column."""
    held = case.__dict__
    return {name: held[name] for name in _columns(type(case)) if name in held}


def changes(case: Case, before: dict[str, object]) -> Changes:
    """What differs from `before`, except for the version, which counts up by itself."""
    for field_ in _prepared(type(case)):
        field_.pre_save(case, False)  # As save() does: fields such as the moment of the last change set themselves.
    now = case.__dict__
    return {name: (was, now[name]) for name, was in before.items() if was != now[name] and name != "version"}


def transition_entry(case: Case, changed: Changes) -> Entry:
    """The entry of the act under way, with its inputs and what it changed."""
    act = case.acting
    source = str(changed["state"][0]) if "state" in changed else _state(case)
    details = {**act.kept, "inputs": act.inputs, "changes": recorded_changes(case, changed)}
    return _entry(case, act, source, details)


def verb_entry(case: Case, act: Act, details: Mapping[str, object]) -> Entry:
    """The entry of an act that leaves the state alone, with details of its own."""
    return _entry(case, act, _state(case), details)


def recorded_changes(case: Case, changed: Changes) -> Changes:
    """The changes recorded in the event's details: the state has columns of its own, and some only repeat others."""
    return {name: pair for name, pair in changed.items() if name != "state" and name not in case.SILENT}


def _entry(case: Case, act: Act, source: str, details: Mapping[str, object]) -> Entry:
    about = case.about
    return Entry(
        subject_type=case.CASE_TYPE,
        subject_id=case.pk,
        number=case.number,
        action=act.action,
        by=act.by,
        standing=act.standing,
        source=source,
        target=_state(case),
        version=case.version,
        details={**details, "because_of": act.because.pk} if act.because else details,
        about=("", None) if about is case else (about.CASE_TYPE, about.pk),
        ministry_id=case.related(Role.MINISTRY_LEADER),
    )


def _state(case: Case) -> str:
    return str(case.follow("state"))


@cache
def _columns(model: type[Case]) -> tuple[str, ...]:
    return tuple(column.attname for column in model._meta.concrete_fields if not column.generated)


@cache
def _prepared(model: type[Case]) -> tuple["models.Field[object, object]", ...]:
    """The fields that set their own value when they are saved."""
    fields = (column for column in model._meta.concrete_fields if not column.generated)
    return tuple(field for field in fields if type(field).pre_save is not models.Field.pre_save)
