"""Two versions of a plan-schedule side by side: what was added, removed and changed."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from cases.ground.templatetags.baikoo import moment
from cases.planning.models import ItemKind, PlanItem, PlanSchedule
from cases.registry.models import Direction, InstitutionType, User
from workflow.lifecycles.plan_schedule import State

NOW = "now"
WORDS: Mapping[str, Sequence[tuple[Any, Any]]] = {
    "kind": ItemKind.choices,
    "levels": InstitutionType.choices,
    "directions": Direction.choices,
}
Contents = Mapping[str, Any]


@dataclass(frozen=True)
class Version:
    """Contents that can be compared, under a key that stands in the address."""

    key: str
    label: str
    contents: Contents


@dataclass(frozen=True)
class Difference:
    """What a column of a planned monitoring said before and says now."""

    label: str
    old: str
    new: str


@dataclass(frozen=True)
class ItemChange:
    """A planned monitoring that was added, removed or changed."""

    title: str
    what: str
    badge: str
    differences: Sequence[Difference]


def versions_of(plan: PlanSchedule, reader: User) -> list[Version]:
    """The oldest first: those of the plan-schedule that this one supersedes, its own, and what it says now."""
    before = PlanSchedule.objects.visible_to(reader).filter(department=plan.department_id, pk__lt=plan.pk)
    earlier = before.filter(state__in=[State.IN_FORCE, State.SUPERSEDED]).order_by("-pk").first()
    versions = [*(_submitted(earlier)[-1:] if earlier else ()), *_submitted(plan)]
    if not versions or versions[-1].contents != json.loads(plan.contents()):
        versions.append(Version(NOW, _("%(number)s, as it is now") % {"number": plan.number}, _read(plan.contents())))
    return versions


def compared(versions: Sequence[Version], left: str, right: str) -> dict[str, Any]:
    """The two that were asked for, or the last two; an unknown key is the same as none."""
    by_key = {version.key: version for version in versions}
    new = by_key.get(right, versions[-1])
    old = by_key.get(left, versions[max(0, versions.index(new) - 1)])
    return {
        "left": old,
        "right": new,
        "head": list(_differences(_head(old.contents), _head(new.contents))),
        "changes": list(_changes(old.contents["items"], new.contents["items"])),
    }


def _submitted(plan: PlanSchedule) -> list[Version]:
    return [
        Version(
            f"{plan.number}-{version.number}",
            _("%(number)s, version %(version)d of %(at)s")
            % {"number": plan.number, "version": version.number, "at": moment(version.submitted_at)},
            _read(version.contents),
        )
        for version in plan.versions.all()
    ]


def _read(contents: str) -> Contents:
    read: Contents = json.loads(contents)
    return read


def _head(contents: Contents) -> Contents:
    return {
        _("Title"): contents["title"],
        _("Years"): contents["years"],
        _("Why what is overdue is not planned"): contents["explanation"],
    }


def _changes(old: Iterable[Contents], new: Iterable[Contents]) -> Iterator[ItemChange]:
    """Monitorings are the same when they have the same title; of two with one title, in the order of their places."""
    left, right = _by_title(old), _by_title(new)
    for key in dict.fromkeys([*left, *right]):
        before, after = left.get(key), right.get(key)
        differences = list(_differences(_said(before or {}), _said(after or {})))
        if before is None:
            yield ItemChange(key[0], _("Added"), "done", differences)
        elif after is None:
            yield ItemChange(key[0], _("Removed"), "overdue", differences)
        elif differences:
            yield ItemChange(key[0], _("Changed"), "soon", differences)


def _by_title(items: Iterable[Contents]) -> dict[tuple[str, int], Contents]:
    numbered: dict[tuple[str, int], Contents] = {}
    for item in items:
        count = sum(title == item["title"] for title, _number in numbered)
        numbered[item["title"], count] = item
    return numbered


def _said(item: Contents) -> dict[str, str]:
    """Label -> the value, in the reader's language."""
    return {str(capfirst(_label(name))): _value(name, value) for name, value in item.items() if name != "place"}


def _label(name: str) -> str:
    if name == "directions":
        return _("directions")
    return str(PlanItem._meta.get_field(name).verbose_name)  # type: ignore[union-attr]


def _value(name: str, value: Any) -> str:
    words = {str(choice): str(label) for choice, label in WORDS.get(name, ())}
    if isinstance(value, list):
        return "\n".join(str(words.get(str(one), one)) for one in value)
    if name in ("starts", "ends") and value:
        year, month, date = value.split("-")
        return f"{date}.{month}.{year}"
    return str(words.get(value, value))


def _differences(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[Difference]:
    for label in dict.fromkeys([*old, *new]):
        before, after = old.get(label, ""), new.get(label, "")
        if before != after:
            yield Difference(label, before, after)
