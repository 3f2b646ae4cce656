#!/usr/bin/env python3
"""Verifies an export of the audit trail with Python's standard library alone: `python verify.py trail.jsonl`.

An export has one JSON object a line. An event: its fields as text (see FIELDS), `id`, `hash`, and, unless erased,
`salt` and `details` exactly as hashed. After the last event of a chain, its head: {"head": [type, id], "length": ...,
"hash": ...}.
"""

import hashlib
import json
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

FIELDS = (
    "subject_type", "subject_id", "position", "previous", "number", "action", "source", "target", "version",
    "actor", "role", "organisation", "membership", "at", "details_digest",
)  # fmt: skip
"""What an event's hash covers, in this order: each as text, with its length in bytes before it; null as `-`."""


@dataclass
class Report:
    """What a verification found; `broken` names the first fault, or is empty."""

    events: int = 0
    chains: int = 0
    erased: int = 0
    broken: str = ""
    _previous: dict[str, Any] = field(default_factory=dict)


def event_hash(event: dict[str, Any]) -> str:
    return hashlib.sha256(b"".join(_field(event[name]) for name in FIELDS)).hexdigest()


def details_digest(salt: str, details: str) -> str:
    return hashlib.sha256(f"{salt}{details}".encode()).hexdigest()


def verify(lines: Iterable[dict[str, Any]]) -> Report:
    """Check the export's objects in order, stopping at the first fault."""
    report = Report()
    for line in lines:
        report.broken = _head(report, line) if "head" in line else _event(report, line)
        if report.broken:
            return report
    if report._previous:
        report.broken = f"{_name(report._previous)}: its chain has no head."
    return report


def _field(value: str | None) -> bytes:
    if value is None:
        return b"-;"
    text = value.encode()
    return b"%d:%s;" % (len(text), text)


def _name(event: dict[str, Any]) -> str:
    return f"Event {event['id']} ({event['number']}, step {event['position']}, {event['action']})"


def _event(report: Report, event: dict[str, Any]) -> str:
    report.events += 1
    previous = report._previous
    if previous and (previous["subject_type"], previous["subject_id"]) != (event["subject_type"], event["subject_id"]):
        return f"{_name(previous)}: its chain has no head."
    position, last_hash = (int(previous["position"]), previous["hash"]) if previous else (0, "")
    if int(event["position"]) != position + 1:
        return f"{_name(event)}: step {position + 1} of its chain is missing or out of order."
    if event["previous"] != last_hash:
        return f"{_name(event)}: it does not follow the step before it."
    if event_hash(event) != event["hash"]:
        return f"{_name(event)}: it was changed after it was written."
    report._previous = event
    return _details(report, event)


def _details(report: Report, event: dict[str, Any]) -> str:
    if not event["details_digest"]:
        return f"{_name(event)}: details were added after it was written." if event.get("details") else ""
    if event.get("details") is None:
        report.erased += 1
        return ""
    if details_digest(event["salt"], event["details"]) != event["details_digest"]:
        return f"{_name(event)}: its details were changed after it was written."
    return ""


def _head(report: Report, head: dict[str, Any]) -> str:
    report.chains += 1
    last, report._previous = report._previous, {}
    subject_type, subject_id = head["head"]
    name = f"The chain of {subject_type} {subject_id}"
    if not last:
        return f"{name}: all its {head['length']} events were removed."
    if (last["subject_type"], last["subject_id"]) != (subject_type, subject_id):
        return f"{_name(last)}: its chain has no head."
    if int(last["position"]) != int(head["length"]):
        return f"{_name(last)}: the steps after it, up to {head['length']}, were removed."
    if last["hash"] != head["hash"]:
        return f"{_name(last)}: the end of its chain was changed."
    return ""


def main(arguments: list[str]) -> int:
    if len(arguments) != 1:
        print("Usage: python verify.py trail.jsonl")  # noqa: T201
        return 2
    with open(arguments[0], encoding="utf-8") as export:
        report = verify(json.loads(line) for line in export)
    erased = f", details of {report.erased} erased" if report.erased else ""
    print(report.broken or f"Sound: {report.events} events in {report.chains} chains{erased}.")  # noqa: T201
    return 1 if report.broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
