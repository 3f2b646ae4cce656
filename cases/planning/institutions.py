"""The institutions of a monitoring: when each is visited, and what was found and recommended there."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from cases.ground.templatetags.baikoo import day
from cases.planning.joining import COUNTED
from cases.planning.models import CalendarEntry, Engagement
from cases.planning.sections.engagements import is_partner
from cases.registry.models import Organisation, User
from workflow.lifecycles.deliverable import State
from workflow.roles import INSTITUTION


@dataclass(frozen=True)
class ListedInstitution:
    """An institution, its visits in words, and how much of each that is counted."""

    institution: Organisation
    visits: Sequence[str]
    counts: Sequence[int]

    @property
    def counted(self) -> list[tuple[str, int]]:
        """Each count under its label."""
        return [(str(counter.label), count) for counter, count in zip(COUNTED, self.counts, strict=True)]

    def cells(self) -> list[object]:
        """As header() names them."""
        row = self.institution
        named = [row.code, str(row), row.get_region_display(), row.get_institution_type_display()]
        return [*named, "; ".join(self.visits), *self.counts]


def header() -> list[str]:
    return [
        _("Code"), _("Institution"), _("Region"), _("Type"), _("Visits"), *(str(counter.label) for counter in COUNTED),
    ]  # fmt: skip


def institutions_of(engagement: Engagement, reader: User) -> list[Organisation]:
    """All of them for those who work on the monitoring; to an institution only itself."""
    rows = engagement.institutions.order_by("code")
    if not is_partner(engagement, reader):
        rows = rows.filter(pk__in={pk for role in INSTITUTION for pk in reader.role_map.get(role, {})})
    return list(rows)


def named(engagement: Engagement, rows: Sequence[Organisation], reader: User) -> Iterator[ListedInstitution]:
    """A constant number of queries, however many institutions."""
    counts = [counter.count(engagement, reader) for counter in COUNTED]
    visits = _visits(engagement, reader)
    for row in rows:
        yield ListedInstitution(row, visits.get(row.pk, ()), [count.get(row.pk, 0) for count in counts])


def _visits(engagement: Engagement, reader: User) -> Mapping[int, list[str]]:
    """institution -> what the calendar says of it; a calendar that is not approved only to those who work on it."""
    entries = CalendarEntry.objects.filter(deliverable__engagement=engagement).exclude(institution=None)
    if is_partner(engagement, reader):
        entries = entries.exclude(deliverable__state=State.LEFT_OUT)
    else:
        entries = entries.filter(deliverable__state=State.APPROVED)
    visits: dict[int, list[str]] = {}
    for entry in entries.order_by("starts", "place"):
        days = " – ".join(dict.fromkeys((day(entry.starts), day(entry.ends))))
        visits.setdefault(entry.institution_id or 0, []).append(f"{entry.get_kind_display()}: {days}")
    return visits
