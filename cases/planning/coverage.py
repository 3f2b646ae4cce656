"""Who was monitored when, and who is due: each institution and programme area at least once in three years (REG-10).

A monitoring counts from the day on which its report is published, unless it is cancelled. A pilot tries out the
instruments (REG-11.4a): it is shown, and counts neither as carried out nor as planned.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, cast

from dateutil.relativedelta import relativedelta
from django.apps import apps
from django.db.models import Max, Min, QuerySet

from cases.registry.models import Organisation, OrganisationKind, ProgrammeArea
from workflow.lifecycles.engagement import OPEN, State

if TYPE_CHECKING:
    from cases.planning.models import Engagement, PlanItem, PlanSchedule

EVERY = relativedelta(years=3)
PILOT = "pilot"
SUBJECTS = ("institutions", "areas")
"""What a monitoring names and is to be covered."""
Key = tuple[str, int]


@dataclass(frozen=True)
class Covering:
    """A monitoring that is planned or runs: `number` is that of the plan-schedule, or its own once it runs."""

    number: str
    title: str
    address: str
    starts: date | None
    is_pilot: bool


@dataclass(frozen=True)
class Covered:
    """An institution or a programme area: last monitored, and due; `planned` are the monitorings that cover it."""

    subject: Organisation | ProgrammeArea
    last: date | None
    planned: Sequence[Covering]

    @property
    def due(self) -> date | None:
        """None: it was never monitored, so it is due now."""
        return self.last + EVERY if self.last else None

    @property
    def is_area(self) -> bool:
        return isinstance(self.subject, ProgrammeArea)

    @property
    def is_planned(self) -> bool:
        return any(not covering.is_pilot for covering in self.planned)

    def is_overdue(self, on: date) -> bool:
        return self.due is None or self.due < on


def coverage(items: Iterable["PlanItem"], running: "QuerySet[Engagement]") -> list[Covered]:
    """Every active institution and programme area, what is due first coming first. A constant number of queries.

    Planned by `items`, and by the monitorings that are `running`.
    """
    institutions = Organisation.objects.active().filter(kind=OrganisationKind.INSTITUTION)
    subjects: Mapping[str, Iterable[Organisation | ProgrammeArea]] = {
        "institutions": institutions.defer("search", "search_vector"),
        "areas": ProgrammeArea.objects.active().defer("search"),
    }
    published, planned = _published(), _planned(items, running)
    rows = [
        Covered(row, _later(row.monitored_on, published.get((name, row.pk))), planned.get((name, row.pk), ()))
        for name, active in subjects.items()
        for row in active
    ]
    return sorted(rows, key=lambda row: (row.due or date.min, row.subject.code))


def overdue_not_planned(plan: "PlanSchedule") -> list[Organisation | ProgrammeArea]:
    """What becomes overdue before the period of the plan ends, is in none of its monitorings, and in none that runs."""
    rows = coverage(plan.items_now(), running_now())
    return [row.subject for row in rows if not row.is_planned and row.is_overdue(plan.ends)]


def running_now() -> "QuerySet[Engagement]":
    """Monitorings that were begun, within the plan-schedules or outside of them, and are not published yet."""
    return _engagements().filter(state__in=OPEN, published_on=None)


def _engagements() -> "QuerySet[Engagement]":
    """By name: the models of plan-schedules, on which those of monitorings rest, ask for coverage."""
    return cast("QuerySet[Engagement]", apps.get_model("planning", "Engagement")._default_manager.all())


def _published() -> Mapping[Key, date]:
    """The day on which a report on it was published last."""
    counted = _engagements().exclude(state=State.CANCELLED).exclude(kind=PILOT).exclude(published_on=None)
    return {
        (name, key): last
        for name in SUBJECTS
        for key, last in counted.exclude(**{name: None}).values_list(name).annotate(Max("published_on")).order_by()
    }


def _planned(items: Iterable["PlanItem"], running: "QuerySet[Engagement]") -> Mapping[Key, Sequence[Covering]]:
    covering_by_key: dict[Key, list[Covering]] = {}
    for key, covering in (*_by_items(items), *_by_engagements(running)):
        covering_by_key.setdefault(key, []).append(covering)
    return {
        key: sorted(rows, key=lambda row: (row.starts or date.min, row.number)) for key, rows in covering_by_key.items()
    }


def _by_items(items: Iterable["PlanItem"]) -> Iterator[tuple[Key, Covering]]:
    for item in items:
        plan = item.plan
        covering = Covering(plan.number, item.title, plan.get_absolute_url(), item.starts, item.kind == PILOT)
        yield from _each(item, covering)


def _by_engagements(running: "QuerySet[Engagement]") -> Iterator[tuple[Key, Covering]]:
    rows = running.annotate(starts=Min("stages__planned_start")).prefetch_related(*SUBJECTS)
    for row in rows:
        starts = cast(date | None, vars(row)["starts"])
        yield from _each(row, Covering(row.number, row.title, row.get_absolute_url(), starts, row.kind == PILOT))


def _each(named: "PlanItem | Engagement", covering: Covering) -> Iterator[tuple[Key, Covering]]:
    """Once for each of those that it names."""
    for name in SUBJECTS:
        for subject in getattr(named, name).all():
            yield (name, subject.pk), covering


def _later(typed: date | None, published: date | None) -> date | None:
    return max(filter(None, (typed, published)), default=None)
