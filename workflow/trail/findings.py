"""What a verification in the database may find that verify.py cannot find in an export, and its sentences."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from django.apps import apps
from django.db.models import Model
from django.utils.text import capfirst
from django.utils.translation import gettext, gettext_noop

from workflow.trail import verify


@dataclass(frozen=True)
class TrailFault:
    """One fault: its code and what its sentence names; `id`, `number`, `position` and `action` name an event."""

    fault: str
    facts: dict[str, str] = field(default_factory=dict)


def of_row(fault: str, model: type[Model], pk: object, **facts: object) -> TrailFault:
    """Of a stored record, or one that should be stored."""
    named = {"model": model._meta.label, "subject_id": str(pk)}
    return TrailFault(fault, named | {name: str(value) for name, value in facts.items()})


SENTENCES = {
    "check_changed": gettext_noop("Verification %(check)s: it, or the one before it, was changed or removed."),
    "guard_missing": gettext_noop("What guards the trail in the database is incomplete: there is no %(guard)s."),
    "guard_changed": gettext_noop("What guards the trail in the database was changed: %(guard)s."),
    "guard_off": gettext_noop("A guard of the trail in the database is switched off: %(guard)s."),
    "guard_added": gettext_noop(
        "In the database there is something on the trail that Baikoo did not put there: %(guard)s."
    ),
    "granted": gettext_noop(
        "The database role %(role)s, which web and worker use, may do what it must not: %(privilege)s on %(table)s."
    ),
    "owns": gettext_noop("The database role %(role)s, which web and worker use, may act as the owner of the trail."),
    "time_back": gettext_noop("%(event)s: its time, %(at)s, lies before that of an event with a smaller number."),
    "erased_silently": gettext_noop("%(event)s: its details are gone, but no erasure was recorded."),
    "not_continued": gettext_noop("%(event)s: it does not begin in the state in which the step before it ended."),
    "change_not_continued": gettext_noop(
        "%(event)s: it changed “%(column)s”, but not from the value that the trail told before."
    ),
    "details_unreadable": gettext_noop("%(event)s: its details are not in the form in which Baikoo writes them."),
    "shown_elsewhere": gettext_noop(
        "%(event)s: the page on which it is shown, or the ministry that may read it, was changed."
    ),
    "row_differs": gettext_noop(
        "%(number)s: the record is in the state “%(state)s” (version %(version)s),"
        " but its trail ends in “%(target)s” (version %(told)s)."
    ),
    "row_untold": gettext_noop("%(kind)s %(subject_id)s is stored, but has no trail."),
    "row_gone": gettext_noop("%(kind)s %(subject_id)s has a trail, but is not stored any more."),
    "value_differs": gettext_noop("%(kind)s %(subject_id)s (%(number)s): “%(column)s” does not match its trail."),
    "decided_differs": gettext_noop(
        "%(kind)s %(subject_id)s (%(number)s): it does not match what round %(round)s decided on."
    ),
    "file_lost": gettext_noop("%(kind)s %(subject_id)s: the file %(path)s cannot be read from the server's disk."),
    "file_changed": gettext_noop("%(kind)s %(subject_id)s: the file %(path)s is not the one that was received."),
}


Source = Callable[[int | None], Iterator[TrailFault]]
"""What a room adds: findings of one of so many equal parts of its rows, that of the day; None: as many as it needs."""
_sources: list[Source] = []


def add(source: Source, sentences: Mapping[str, str]) -> None:
    """Let every verification ask `source` as well; `sentences` are those of its faults."""
    _sources.append(source)
    SENTENCES.update(sentences)


def added(parts: int | None) -> Iterator[Iterator[TrailFault]]:
    """What rooms above the trail find, each by itself."""
    return (source(parts) for source in _sources)


def sentence(fault: str, facts: dict[str, str], translate: Callable[[str], str] = gettext) -> str:
    """The fault as people read it; empty for none."""
    if fault not in SENTENCES:
        return verify.sentence(fault, facts, translate)
    event = translate(verify.NAME) % facts if "id" in facts else ""
    return translate(SENTENCES[fault]) % {**_labelled(facts), "event": event}


def _labelled(facts: dict[str, str]) -> Mapping[str, object]:
    """With the words for a kind of record, and for its states."""
    if "model" not in facts:
        return facts
    model = apps.get_model(facts["model"])
    states = dict(model.STATES.choices) if hasattr(model, "STATES") else {}
    words: dict[str, object] = {
        name: states.get(facts[name], facts[name]) for name in ("state", "target") if name in facts
    }
    return {**facts, **words, "kind": capfirst(str(model._meta.verbose_name))}
