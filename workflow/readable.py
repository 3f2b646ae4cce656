"""How the details of events are read: each input and change with its label and values, in the reader's language."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.formats import localize
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from workflow.models import Event

LONG = 60
"""Characters from which a value is shown as a text of its own, with its differences marked."""

LABELS = {
    "asked": gettext_lazy("asked for"),
    "claimed_by": gettext_lazy("reported as done by"),
    "closed_by": gettext_lazy("closed by"),
    "decided_at": gettext_lazy("decided on"),
    "decided_by": gettext_lazy("decided by"),
    "delivered_sha256": gettext_lazy("SHA-256 of the delivered text"),
    "evidence": gettext_lazy("evidence"),
    "extension": gettext_lazy("extension request"),
    "is_internal": gettext_lazy("internal"),
    "left_out": gettext_lazy("left out and why"),
    "measures": gettext_lazy("measures"),
    "name": gettext_lazy("name"),
    "note": gettext_lazy("note"),
    "number": gettext_lazy("number"),
    "plan": gettext_lazy("plan"),
    "reason": gettext_lazy("reason"),
    "requested_by": gettext_lazy("requested by"),
    "row": gettext_lazy("row"),
    "source": gettext_lazy("source"),
    "successor": gettext_lazy("successor"),
    "text": gettext_lazy("text"),
    "texts": gettext_lazy("text"),
    "version": gettext_lazy("version"),
    "verified_by": gettext_lazy("verified by"),
}
"""Names of inputs, and of fields whose model does not name them."""

SAME_AS = {"degree": "verified_degree"}
"""Inputs that are kept in a field of another name."""

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
    old: Any
    new: Any
    is_change: bool


Names = dict[type[models.Model], dict[Any, str]]


def readable(events: Iterable[Event]) -> dict[int, list[Detail]]:
    """Event id -> its details. Reads `event.details` (fetch it along) and asks one query per model referred to."""
    kept = {event.pk: (subject_model(event.subject_type), list(_kept(_details(event)))) for event in events}
    names = _names((model, one) for model, values in kept.values() for one in values)
    return {pk: [_detail(model, one, names) for one in values] for pk, (model, values) in kept.items()}


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


def _details(event: Event) -> dict[str, Any]:
    return json.loads(event.details.text) if hasattr(event, "details") else {}


def _kept(details: Mapping[str, Any]) -> Iterator[_Kept]:
    """What was put in, then what changed; an input that a change repeats is told once."""
    changes = {**details.get("changes", {})}
    rest = {key: value for key, value in details.items() if key not in ("inputs", "changes")}
    for name, value in {**details.get("inputs", {}), **rest}.items():
        if _is_pairs(value):
            yield from (_Kept(name, part, old, new, is_change=True) for part, (old, new) in value.items())
        elif value not in (None, "") and changes.get(_field_name(name), (None, None))[1] != value:
            yield _Kept(name, "", None, value, is_change=False)
    for name, (old, new) in changes.items():
        yield _Kept(name, "", old, new, is_change=True)


def _is_pairs(value: Any) -> bool:
    """Whether a verb kept pairs of old and new itself, such as {"ky": [old, new]}."""
    return isinstance(value, dict) and all(isinstance(one, list) and len(one) == 2 for one in value.values())


def _field_name(name: str) -> str:
    return SAME_AS.get(name, name)


def _field(model: type[models.Model] | None, name: str) -> "models.Field[Any, Any] | None":
    if model is None:
        return None
    wanted = _field_name(name)
    return next((field for field in model._meta.concrete_fields if wanted in (field.name, field.attname)), None)


def _names(values: Iterable[tuple[type[models.Model] | None, _Kept]]) -> Names:
    wanted: dict[type[models.Model], set[Any]] = {}
    for model, one in values:
        field = _field(model, one.name)
        if isinstance(field, models.ForeignKey):
            keys = {key for key in (one.old, one.new) if isinstance(key, int)}
            wanted.setdefault(field.related_model, set()).update(keys)
    return {
        model: {pk: str(row) for pk, row in model._base_manager.in_bulk(list(keys)).items()}
        for model, keys in wanted.items()
        if keys
    }


def _detail(model: type[models.Model] | None, one: _Kept, names: Names) -> Detail:
    field = _field(model, one.name)
    label = _label(field, one.name)
    if one.part:
        label = _("%(what)s, %(part)s") % {"what": label, "part": _part(one.part)}
    return Detail(one.name, label, _value(field, one.old, names), _value(field, one.new, names), one.is_change)


def _label(field: "models.Field[Any, Any] | None", name: str) -> str:
    known = LABELS.get(field.name if field else name)
    unnamed = field.verbose_name if field else name.replace("_", " ")
    return str(capfirst(str(known or unnamed)))


def _part(part: str) -> str:
    return str(dict(settings.LANGUAGES).get(part, part))


def _value(field: "models.Field[Any, Any] | None", value: Any, names: Names) -> str:
    if isinstance(field, models.ForeignKey):
        return names.get(field.related_model, {}).get(value, "" if value is None else f"#{value}")
    if field is not None and field.choices:
        return str(dict(field.flatchoices).get(value, _plain(value)))
    return _plain(value)


def _plain(value: Any) -> str:
    """A value of JSON as people read it; lists one entry a line."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return "\n".join(_plain(one) for one in value)
    if isinstance(value, dict):
        return ", ".join(f"{_label(None, key)}: {_plain(one)}" for key, one in value.items() if one not in (None, ""))
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
