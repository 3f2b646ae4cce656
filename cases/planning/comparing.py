"""Two versions of a plan-schedule side by side: what was added, removed and changed."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from cases.ground.templatetags.baikoo import moment
from cases.planning.models import ItemKind, PlanItem, PlanSchedule
from cases.planning.models.versions import SubmittedInVersions
from cases.registry.models import Direction, InstitutionType, User
from workflow.lifecycles.plan_schedule import State
from workflow.texts import Text

NOW = "now"
WORDS: Mapping[str, Sequence[tuple[object, Text]]] = {
    "kind": ItemKind.choices,
    "levels": InstitutionType.choices,
    "directions": Direction.choices,
}
DAYS = ("starts", "ends")
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
    return with_present(versions, plan, _("%(number)s, as it is now") % {"number": plan.number})


def with_present(versions: Sequence[Version], case: SubmittedInVersions, label: str) -> list[Version]:
    """The submitted versions, and the present contents where they differ from the last one."""
    now: Contents = json.loads(case.contents())
    is_new = not versions or versions[-1].contents != now
    return [*versions, Version(NOW, label, now)] if is_new else list(versions)


def compared(versions: Sequence[Version], left: str, right: str) -> dict[str, object]:
    """The two that were asked for, or the last two."""
    old, new = chosen(versions, left, right)
    return {
        "left": old,
        "right": new,
        "head": list(_differences(_head(old.contents), _head(new.contents))),
        "changes": list(changes(old.contents["items"], new.contents["items"], "title", _shown)),
    }


def chosen(versions: Sequence[Version], left: str, right: str) -> tuple[Version, Version]:
    """The two under these keys, the earlier first; an unknown key means the last two."""
    by_key = {version.key: version for version in versions}
    new = by_key.get(right, versions[-1])
    return by_key.get(left, versions[max(0, versions.index(new) - 1)]), new


def _submitted(plan: PlanSchedule) -> list[Version]:
    return [
        Version(
            f"{plan.number}-{version.number}",
            _("%(number)s, version %(version)d of %(at)s")
            % {"number": plan.number, "version": version.number, "at": moment(version.submitted_at)},
            version.read(),
        )
        for version in plan.versions.all()
    ]


def _head(contents: Contents) -> Contents:
    return {
        _("Title"): contents["title"],
        _("Years"): contents["years"],
        _("Why what is overdue is not planned"): contents["explanation"],
    }


def changes(
    old: Iterable[Contents], new: Iterable[Contents], name: str, read: Callable[[Contents], Mapping[str, str]]
) -> Iterator[ItemChange]:
    """What was added, removed and changed: parts are the same when all of them or, failing that, `name` is the same.

    Of several with one name, the first belongs to the first. `read` gives their columns as people read them.
    """
    before, after = [dict(part) for part in old], [dict(part) for part in new]
    for part in list(before):
        if part in after:
            before.remove(part)
            after.remove(part)
    left, right = _by_name(before, name), _by_name(after, name)
    for key in dict.fromkeys([*left, *right]):
        differences = list(_differences(read(left.get(key, {})), read(right.get(key, {}))))
        if key not in left:
            yield ItemChange(key[0], _("Added"), "done", differences)
        elif key not in right:
            yield ItemChange(key[0], _("Removed"), "overdue", differences)
        elif differences:
            yield ItemChange(key[0], _("Changed"), "soon", differences)


def _by_name(parts: Iterable[Contents], name: str) -> dict[tuple[str, int], Contents]:
    numbered: dict[tuple[str, int], Contents] = {}
    counts: Counter[str] = Counter()
    for part in parts:
        counts[part[name]] += 1
        numbered[part[name], counts[part[name]]] = part
    return numbered


def _shown(item: Contents) -> dict[str, str]:
    """Label -> the value, in the reader's language."""
    return {str(capfirst(_label(name))): _value(name, value) for name, value in item.items() if name != "place"}


def _label(name: str) -> str:
    if name == "directions":
        return _("directions")
    return str(PlanItem._meta.get_field(name).verbose_name)  # type: ignore[union-attr]


def _value(name: str, value: object) -> str:
    words = {str(choice): str(label) for choice, label in WORDS.get(name, ())}
    if isinstance(value, list):
        return "\n".join(str(words.get(str(part), part)) for part in value)
    text = str(value)
    return written_day(text) if name in DAYS else words.get(text, text)


def written_day(value: str) -> str:
    """A date of contents as people write it."""
    return ".".join(reversed(value.split("-")))


def _differences(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[Difference]:
    for label in dict.fromkeys([*old, *new]):
        before, after = old.get(label, ""), new.get(label, "")
        if before != after:
            yield Difference(label, before, after)
