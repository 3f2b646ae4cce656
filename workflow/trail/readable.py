"""How the details of events are read: each input and change with its label and values, in the reader's language."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, TypeAlias

from django.apps import apps
from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.formats import localize
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from workflow.models import Event
from workflow.texts import Text

LONG = 60
"""Characters from which a value is shown as a text of its own, with its differences marked."""

LABELS = {
    "because_of": gettext_lazy("follows from event"),
    "check": gettext_lazy("fingerprint of the verification"),
    "file": gettext_lazy("file"),
    "number": gettext_lazy("number"),
    "reason": gettext_lazy("reason"),
    "receiver_id": gettext_lazy("handed over to"),
    "seat": gettext_lazy("seat"),
    "sha256": gettext_lazy("SHA-256 of the file"),
    "size": gettext_lazy("size in bytes"),
    "text": gettext_lazy("text"),
}
"""Names of inputs that any subject may have; others stand at the model, as TRAIL_LABELS."""

ISO_DATE = re.compile(r"\d{4}-\d\d-\d\d")
ISO_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d[:.\d]*(Z|[+-]\d\d:\d\d)")


@dataclass(frozen=True)
class Detail:
    """One input (`is_change` false, `old` empty) or one change; `is_long` asks for the differences of the two texts."""

    name: str
    label: str
    old: str
    new: str
    is_change: bool

    @property
    def is_long(self) -> bool:
        return max(len(self.old), len(self.new)) > LONG or "\n" in self.old + self.new


@dataclass(frozen=True)
class _Kept:
    """One kept value before it is read: of which field, in which part of it, from what to what."""

    name: str
    part: str
    old: object
    new: object
    is_change: bool


Subject = type[models.Model] | None
"""The model that an event's subject is a row of; None when there is no such model any more."""
Names = dict[type[models.Model], dict[object, str]]
RowNames = Mapping[object, str] | None
"""The names of the rows that a value is a key of; None for what is no key."""
Field: TypeAlias = "models.Field[object, object]"


def readable(events: Iterable[Event]) -> dict[int, list[Detail]]:
    """Event id -> its details. Reads `event.details` (fetch it along) and runs one query per model referred to."""
    models_ = {event.pk: subject_model(event.subject_type) for event in events}
    kept = {event.pk: (models_[event.pk], list(_kept(models_[event.pk], _details(event)))) for event in events}
    names = _names((model, value) for model, values in kept.values() for value in values)
    return {pk: [_detail(model, value, names) for value in values] for pk, (model, values) in kept.items()}


def is_erased(event: Event) -> bool:
    """Whether the event once had details, which were erased by law since."""
    return bool(event.details_digest) and not hasattr(event, "details")


@cache
def subject_model(subject_type: str) -> type[models.Model] | None:
    """The model whose rows have chains of this type (its CASE_TYPE or TRAIL_TYPE)."""
    for model in apps.get_models():
        if subject_type in (getattr(model, "CASE_TYPE", None), getattr(model, "TRAIL_TYPE", None)):
            return model
    return None


def _details(event: Event) -> dict[str, object]:
    return json.loads(event.details.text) if hasattr(event, "details") else {}


def _kept(model: Subject, details: Mapping[str, Any]) -> Iterator[_Kept]:
    """What was put in, then what changed; inputs repeated by a change are listed once."""
    changes = details.get("changes", {})
    rest = {name: value for name, value in details.items() if name not in ("inputs", "changes")}
    for name, value in {**details.get("inputs", {}), **rest}.items():
        if isinstance(value, dict):
            yield from _parts(name, value)
        elif value not in (None, "", []) and changes.get(_column(model, name), (None, None))[1] != value:
            yield _Kept(name, "", None, value, is_change=False)
    for name, (old, new) in changes.items():
        yield _Kept(name, "", old, new, is_change=True)


def _parts(name: str, value: dict[str, object]) -> Iterator[_Kept]:
    """What a verb kept in parts, such as texts by language: {"ky": text}, or {"ky": [old, new]}."""
    for part, text in value.items():
        if isinstance(text, list) and len(text) == 2:
            yield _Kept(name, part, text[0], text[1], is_change=True)
        else:
            yield _Kept(name, part, None, text, is_change=False)


def _column(model: Subject, name: str) -> str:
    """The column in which an input is kept."""
    return str(getattr(model, "TRAIL_COLUMNS", {}).get(name, name))


def _field(model: Subject, name: str) -> "Field | None":
    if model is None:
        return None
    wanted = _column(model, name)
    return next((field for field in model._meta.concrete_fields if wanted in (field.name, field.attname)), None)


def _referred(model: Subject, name: str) -> type[models.Model] | None:
    """The model whose keys are kept under this name."""
    field = _field(model, name)
    if isinstance(field, models.ForeignKey):
        return field.related_model
    key_of = getattr(model, "TRAIL_KEYS", {}).get(name)
    return apps.get_model(key_of) if key_of else None


def _names(values: Iterable[tuple[Subject, _Kept]]) -> Names:
    wanted: dict[type[models.Model], set[int]] = {}
    for model, kept in values:
        referred = _referred(model, kept.name)
        if referred is not None:
            keys = {key for key in (kept.old, kept.new) if isinstance(key, int)}
            wanted.setdefault(referred, set()).update(keys)
    return {
        model: {pk: str(row) for pk, row in model._base_manager.in_bulk(list(keys)).items()}
        for model, keys in wanted.items()
        if keys
    }


def _detail(model: Subject, kept: _Kept, names: Names) -> Detail:
    field = _field(model, kept.name)
    label = _label(model, field, kept.name)
    if kept.part:
        label = _("%(what)s, %(part)s") % {"what": label, "part": _part(kept.part)}
    words = getattr(model, "TRAIL_WORDS", {}).get(kept.name, {})
    referred = _referred(model, kept.name)
    named = names.get(referred, {}) if referred is not None else None
    old, new = (_worded(words, field, value, named) for value in (kept.old, kept.new))
    return Detail(kept.name, label, old, new, kept.is_change)


def _worded(words: Mapping[str, Text], field: "Field | None", value: object, names: RowNames) -> str:
    """In the words that the model gives; of a list, each by itself."""
    if words and isinstance(value, list):
        return "\n".join(_worded(words, field, part, names) for part in value)
    return str(words.get(str(value), _value(field, value, names)))


def _label(model: Subject, field: "Field | None", name: str) -> str:
    known = {**LABELS, **getattr(model, "TRAIL_LABELS", {})}.get(field.name if field else name)
    unnamed = field.verbose_name if field else name.replace("_", " ")
    return str(capfirst(str(known or unnamed)))


def _part(part: str) -> str:
    return str(dict(settings.LANGUAGES).get(part, part))


def _value(field: "Field | None", value: object, names: RowNames) -> str:
    if names is not None:
        return names.get(value, "" if value is None else f"#{value}")
    if isinstance(value, list):
        return "\n".join(_value(getattr(field, "base_field", None), part, names) for part in value)
    words = dict(field.flatchoices) if field is not None and field.choices else {}
    return str(words.get(value, _plain(value)))


def _plain(value: object) -> str:
    """A value of JSON as people read it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return _text(value) if isinstance(value, str) else str(localize(value))


def _text(value: str) -> str:
    try:
        if ISO_DATE.fullmatch(value):
            return f"{date.fromisoformat(value):%d.%m.%Y}"
        if ISO_MOMENT.fullmatch(value):
            return f"{timezone.localtime(datetime.fromisoformat(value)):%d.%m.%Y %H:%M}"
    except ValueError:
        return value
    return value
