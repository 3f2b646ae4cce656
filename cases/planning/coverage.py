"""Who was monitored when, and who is due: each institution and programme area at least once in three years (REG-10)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from dateutil.relativedelta import relativedelta

from cases.registry.models import Kind, Organisation, ProgrammeArea

if TYPE_CHECKING:
    from cases.planning.models import PlanItem, PlanSchedule

EVERY = relativedelta(years=3)


@dataclass(frozen=True)
class Covered:
    """An institution or a programme area: last monitored, and due; `planned` are the monitorings that cover it."""

    subject: Organisation | ProgrammeArea
    last: date | None
    planned: Sequence["PlanItem"]

    @property
    def due(self) -> date | None:
        """None: it was never monitored, so it is due now."""
        return self.last + EVERY if self.last else None

    @property
    def is_area(self) -> bool:
        return isinstance(self.subject, ProgrammeArea)

    def is_overdue(self, on: date) -> bool:
        return self.due is None or self.due < on


def coverage(items: Iterable["PlanItem"]) -> list[Covered]:
    """Every active institution and programme area, what is due first coming first. A constant number of queries."""
    institutions = Organisation.objects.active().filter(kind=Kind.INSTITUTION).defer("search", "search_vector")
    areas = ProgrammeArea.objects.active().defer("search")
    by_subject: dict[tuple[str, int], list[PlanItem]] = {}
    for item in items:
        for institution in item.institutions.all():
            by_subject.setdefault(("institution", institution.pk), []).append(item)
        for area in item.areas.all():
            by_subject.setdefault(("area", area.pk), []).append(item)
    rows = [
        *(Covered(row, row.monitored_on, by_subject.get(("institution", row.pk), ())) for row in institutions),
        *(Covered(row, row.monitored_on, by_subject.get(("area", row.pk), ())) for row in areas),
    ]
    return sorted(rows, key=lambda row: (row.due or date.min, row.subject.code))


def overdue_not_planned(plan: "PlanSchedule") -> list[Any]:
    """What becomes overdue before the period of the plan ends, and is in none of its monitorings."""
    return [row.subject for row in coverage(plan.items_now()) if not row.planned and row.is_overdue(plan.ends)]
