"""Verifies an export of the audit trail with Python's standard library alone: `python verify.py trail.jsonl [seal]`.

An export has one JSON object a line; all values are text or null. An event has FIELDS, `hash`, and, unless erased,
`salt` and `details` exactly as hashed. After the events of a chain comes its head: {"head": [type, id], "length": ...,
"hash": ...}. Chains are sorted by type and id. The last line counts: {"end": [events, chains]}. A seal, such as
`120-118-` and 64 digits and letters, fingerprints the events up to an id (how many, SHA-256): with it, a full export
shows whether they are still those that were sealed. Exit code: 0 sound, 1 broken (names the first fault), 2 no export.
"""

import hashlib
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

FIELDS = (
    "id", "subject_type", "subject_id", "position", "previous", "number", "action", "source", "target", "version",
    "actor", "role", "organisation", "membership", "at", "details_digest",
)  # fmt: skip
"""What an event's hash covers, in this order: each as text, with its length in bytes before it; null as `-`."""
MAY_BE_NULL = frozenset({"actor", "organisation", "membership"})
FORMS = ({*FIELDS, "hash"}, {*FIELDS, "hash", "salt", "details"}, {"head", "length", "hash"}, {"end"})
PAIRS = {"head": ("subject_type", "subject_id"), "end": ("events", "chains")}
NUMBERS = ("id", "subject_id", "position", "length", "events", "chains")
NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,18})")
SALT = re.compile(r"[0-9a-f]{32}")
SEAL = re.compile(r"[0-9]{1,19}-[0-9]{1,19}-[0-9a-f]{64}")
LONGEST_LINE = 64 * 1024 * 1024

Line = dict[str, Any]


def _(text: str) -> str:
    """Marks a text for translation; this program itself speaks English."""
    return text


NAME = _("Event %(id)s (%(number)s, step %(position)s, %(action)s)")
SENTENCES = {
    "no_head": _("%(event)s: its chain has no head."),
    "gap": _("%(event)s: step %(expected)s of its chain is missing or out of order."),
    "unlinked": _("%(event)s: it does not follow the step before it."),
    "changed": _("%(event)s: it was changed after it was written."),
    "details_added": _("%(event)s: details were added after it was written."),
    "details_changed": _("%(event)s: its details were changed after it was written."),
    "end_removed": _("%(event)s: the steps after it, up to step %(length)s, were removed."),
    "end_added": _("%(event)s: it was added behind the end of its chain, which is step %(length)s."),
    "end_changed": _("%(event)s: the end of its chain was changed."),
    "all_removed": _("The chain of %(subject_type)s %(subject_id)s: all its %(length)s events were removed."),
    "totals": _("Whole chains are missing: %(events)s events and %(chains)s chains were exported."),
    "sealed_removed": _("Of %(sealed)s sealed events, up to event %(last)s, only %(found)s are left."),
    "seal": _("The events up to event %(last)s are not the sealed ones: a whole chain was rewritten."),
}


class Malformed(ValueError):
    """The export cannot be read."""


@dataclass
class Report:
    """What a verification found; `fault` is the code of the first fault, or empty."""

    events: int = 0
    chains: int = 0
    erased: int = 0
    seal: str = ""
    fault: str = ""
    facts: dict[str, str] = field(default_factory=dict)

    @property
    def broken(self) -> str:
        return sentence(self.fault, self.facts)


class Sealing:
    """Fingerprints the events up to the id `last`, in the order of their chains."""

    def __init__(self, last: int) -> None:
        self.last, self.count, self._digest = last, 0, hashlib.sha256()

    def add(self, event: Line) -> None:
        if int(event["id"]) <= self.last:
            self.count += 1
            self._digest.update(event["hash"].encode())

    def __str__(self) -> str:
        return f"{self.last}-{self.count}-{self._digest.hexdigest()}"


class Broken(Exception):
    """The first fault: its code and what its sentence names."""

    def __init__(self, fault: str, event: Line | None = None, **facts: str) -> None:
        super().__init__(fault)
        named = {name: str(event[name]) for name in ("id", "number", "position", "action")} if event else {}
        self.fault, self.facts = fault, {name: _printable(value) for name, value in {**named, **facts}.items()}


def sentence(fault: str, facts: dict[str, str], translate: Callable[[str], str] = _) -> str:
    """The fault as people read it; empty for none."""
    if not fault:
        return ""
    event = translate(NAME) % facts if "id" in facts else ""
    return translate(SENTENCES[fault]) % {**facts, "event": event}


def event_hash(event: Line) -> str:
    return hash_of(event[name] for name in FIELDS)


def hash_of(values: Iterable[str | None]) -> str:
    return hashlib.sha256(b"".join(_field(value) for value in values)).hexdigest()


def details_digest(salt: str, details: str) -> str:
    return hashlib.sha256(f"{salt}{details}".encode()).hexdigest()


def verify(lines: Iterable[Line], seal: str = "", last: int = 0) -> Report:
    """Check the export's lines in order, up to the first fault; then compare with `seal` and make one up to `last`."""
    chains = _Chains(seal, last)
    report = chains.report
    try:
        for line in lines:
            chains.add(line)
        chains.finish()
    except Broken as broken:
        report.fault, report.facts = broken.fault, broken.facts
    return report


class _Chains:
    """The chains as they are read: where the present one stands, and what was found so far."""

    def __init__(self, seal: str, last: int) -> None:
        self.report = Report()
        self.expected_seal = seal
        self.old, self.new = Sealing(sealed_up_to(seal)), Sealing(last)
        self.previous: Line | None = None
        self.latest: tuple[str, int] | None = None
        self.totals: tuple[str, str] | None = None

    def add(self, line: Line) -> None:
        if self.totals:
            raise Malformed("there are lines after the last one")
        if "end" in line:
            self.totals = (line["end"][0], line["end"][1])
        elif "head" in line:
            self._head(line)
        else:
            self._event(line)

    def finish(self) -> None:
        if self.previous:
            raise Broken("no_head", self.previous)
        if self.totals is None:
            raise Malformed("its end is missing: it was cut off")
        if self.totals != (str(self.report.events), str(self.report.chains)):
            raise Broken("totals", events=self.totals[0], chains=self.totals[1])
        self.report.seal = str(self.new)
        if self.expected_seal and self.expected_seal != str(self.old):
            last, sealed, _digest = self.expected_seal.split("-")
            removed = self.old.count < int(sealed)
            raise Broken("sealed_removed" if removed else "seal", last=last, sealed=sealed, found=str(self.old.count))

    def _event(self, event: Line) -> None:
        self.report.events += 1
        previous = self.previous
        if previous is None:
            self._begin(event["subject_type"], event["subject_id"])
        elif (previous["subject_type"], previous["subject_id"]) != (event["subject_type"], event["subject_id"]):
            raise Broken("no_head", previous)
        expected = int(previous["position"]) + 1 if previous else 1
        if event["position"] != str(expected):
            raise Broken("gap", event, expected=str(expected))
        if event["previous"] != (previous["hash"] if previous else ""):
            raise Broken("unlinked", event)
        if event_hash(event) != event["hash"]:
            raise Broken("changed", event)
        self._details(event)
        self.previous = event
        self.old.add(event)
        self.new.add(event)

    def _details(self, event: Line) -> None:
        details = event.get("details")
        if not event["details_digest"]:
            if details is not None:
                raise Broken("details_added", event)
        elif details is None:
            self.report.erased += 1
        elif not SALT.fullmatch(event["salt"]) or details_digest(event["salt"], details) != event["details_digest"]:
            raise Broken("details_changed", event)

    def _head(self, head: Line) -> None:
        self.report.chains += 1
        subject_type, subject_id = head["head"]
        last, self.previous = self.previous, None
        if last is None:
            raise Broken("all_removed", subject_type=subject_type, subject_id=subject_id, length=head["length"])
        if (last["subject_type"], last["subject_id"]) != (subject_type, subject_id):
            raise Broken("no_head", last)
        if beyond := int(head["length"]) - int(last["position"]):
            raise Broken("end_removed" if beyond > 0 else "end_added", last, length=head["length"])
        if last["hash"] != head["hash"]:
            raise Broken("end_changed", last)

    def _begin(self, subject_type: str, subject_id: str) -> None:
        """A chain that came twice, or whose rest came later, would be verified in parts."""
        key = (subject_type, int(subject_id))
        if self.latest is not None and key <= self.latest:
            raise Malformed(f"the chain of {_printable(subject_type)} {subject_id} is not where it belongs")
        self.latest = key


def sealed_up_to(seal: str) -> int:
    """The id up to which a seal covers the trail; 0 for no seal. Raises Malformed."""
    if seal and not SEAL.fullmatch(seal):
        raise Malformed("a seal looks like 120-118-, followed by 64 digits and letters a to f")
    return int(seal.split("-")[0]) if seal else 0


def read(path: str) -> Iterator[Line]:
    """The lines of an export file, each checked for its form. Raises Malformed, naming the line."""
    with open(path, "rb") as export:
        number = 0
        while raw := export.readline(LONGEST_LINE + 1):
            number += 1
            try:
                yield _line(raw)
            except (ValueError, RecursionError) as fault:
                reason = str(fault) if isinstance(fault, Malformed) else "it is not JSON in UTF-8"
                raise Malformed(f"line {number}: {reason}") from None


def _line(raw: bytes) -> Line:
    if len(raw) > LONGEST_LINE:
        raise Malformed("it is too long")
    line = json.loads(raw.decode(), object_pairs_hook=_object)
    if not isinstance(line, dict) or set(line) not in FORMS:
        raise Malformed("it is neither an event nor a head nor the end")
    for name, value in line.items():
        _check(name, value)
    return line


def _object(pairs: list[tuple[str, object]]) -> Line:
    if len({name for name, _value in pairs}) < len(pairs):
        raise Malformed("it names something twice")
    return dict(pairs)


def _check(name: str, value: object) -> None:
    if name in PAIRS:
        if not isinstance(value, list) or len(value) != 2:
            raise Malformed(f"“{name}” must be two texts")
        for part, text in zip(PAIRS[name], value, strict=True):
            _check(part, text)
    elif not isinstance(value, str):
        if value is not None or name not in MAY_BE_NULL:
            raise Malformed(f"“{name}” must be a text")
    elif name in NUMBERS and not NUMBER.fullmatch(value):
        raise Malformed(f"“{name}” must be a number")
    else:
        value.encode()  # Fails on half of a surrogate pair, which no text has.


def _field(value: str | None) -> bytes:
    text = (value or "").encode()
    return b"-;" if value is None else b"%d:%s;" % (len(text), text)


def _printable(text: str) -> str:
    """The text without characters that would control a terminal."""
    return "".join(sign if sign.isprintable() else "?" for sign in text[:200])


def main(arguments: list[str]) -> int:
    if len(arguments) not in (1, 2):
        return _say("Usage: python verify.py trail.jsonl [seal]", 2)
    path, seal = (*arguments, "")[:2]
    try:
        report = verify(read(path), seal)
    except Malformed as malformed:
        return _say(f"This is not an export of the trail: {malformed}.", 2)
    except OSError as error:
        return _say(f"The export cannot be read: {error.strerror or error}.", 2)
    if report.fault:
        return _say(report.broken, 1)
    more = f", details of {report.erased} erased" if report.erased else ""
    more += ", as they were sealed" if seal else ""
    return _say(f"Sound: {report.events} events in {report.chains} chains{more}.", 0)


def _say(text: str, code: int) -> int:
    print(text.encode(sys.stdout.encoding, "replace").decode(sys.stdout.encoding))  # noqa: T201
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
