"""What the page of a monitoring shows of it: its stages and what they deliver, and what is known of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from cases.desk.kinds import StepDates
from cases.ground.templatetags.baikoo import day
from cases.planning.models import Deliverable, Engagement, ItemKind, StageDate
from cases.registry.models import Direction, InstitutionType, User
from workflow.lifecycles.engagement import STAGES, State
from workflow.models import Expectation
from workflow.roles import CONTRACTOR, DEPARTMENT, MINISTRY, Role
from workflow.texts import Text

PARTNERS = (*MINISTRY, *DEPARTMENT, *CONTRACTOR)
"""All but the institutions, which do not see what is delivered, or on which terms."""


@dataclass(frozen=True)
class DeliverableRow:
    """A deliverable in the list: who owes what next, by when."""

    case: Deliverable
    who: str
    due: date | None


@dataclass(frozen=True)
class StageShown:
    """A stage with its dates, and what it delivers as far as it was asked for."""

    stage: str
    label: str
    dates: StageDate | None
    is_now: bool
    deliveries: Sequence[DeliverableRow] = field(default_factory=list)

    @property
    def done(self) -> int:
        return sum(delivery.case.state in Deliverable.ended_states() for delivery in self.deliveries)


def lasts(engagement: Engagement) -> tuple[date, date] | None:
    """The first and the last day of its stages; None while they have no dates."""
    rows = engagement.stages_now().values()
    return (min(row.planned_start for row in rows), max(row.planned_end for row in rows)) if rows else None


def banner(engagement: Engagement, reader: User) -> Mapping[str, object]:
    """What has to be known before anything else."""
    known, days = vars(engagement), lasts(engagement)
    first, last = known["entries_from"], known["entries_until"]
    is_outside = days is not None and first is not None and (first < days[0] or last > days[1])
    return {
        "reason": known["rests_because"] if engagement.suspended_on else "",
        "is_outside": is_outside and is_partner(engagement, reader),
    }


def stages(engagement: Engagement, reader: User) -> Mapping[str, object]:
    """Of each stage its dates, and the deliverables that the reader may see. A constant number of queries."""
    by_stage: dict[str, list[DeliverableRow]] = {}
    for delivery in _deliveries(engagement, reader):
        by_stage.setdefault(delivery.case.stage, []).append(delivery)
    dates = engagement.stages_now()
    return {
        "stages": [
            StageShown(stage, str(stage.label), dates.get(stage), engagement.state == stage, by_stage.get(stage, []))
            for stage in STAGES
        ],
        "is_partner": is_partner(engagement, reader),
        "list_url": f"{reverse('deliverable_list')}?engagement={engagement.number}" if by_stage else "",
    }


def facts(engagement: Engagement) -> Sequence[tuple[Text, object]]:
    levels, directions = dict(InstitutionType.choices), dict(Direction.choices)
    item, named = engagement.plan_item, vars(engagement)
    known = [
        (_("Kind"), engagement.get_kind_display()),
        (_("Goal"), engagement.goal),
        (_("Directions"), "; ".join(f"{number}. {directions[number]}" for number in engagement.directions)),
        (_("Types of institutions"), ", ".join(str(levels[level]) for level in engagement.levels)),
        (_("Programme areas"), _link("engagement_institutions", engagement, named["areas_named"])),
        (_("Institutions"), _link("engagement_institutions", engagement, named["institutions_named"])),
        (_("Legal basis"), engagement.legal_basis),
        (_("Plan-schedule"), item and item.plan.number),
        (_("Outside of the plan-schedule because"), engagement.off_plan_reason),
        (_("Department"), engagement.department),
        (_("Coordinator"), engagement.coordinator),
        (_("Report published on"), day(engagement.published_on)),
        (_("Closed on"), day(engagement.closed_on)),
        (_("Cancelled by"), engagement.cancelling_act),
    ]
    return [(label, value) for label, value in known if value]


def step_dates(engagement: Engagement) -> StepDates:
    """When its stages began, and when those ahead are planned to."""
    dates = engagement.stages_now()
    planned = {stage: row.planned_start for stage, row in dates.items()}
    if last := dates.get(STAGES[-1]):
        planned[State.CLOSED] = last.planned_end
    return StepDates({stage: row.started_on for stage, row in dates.items()}, planned)


def related(engagement: Engagement, reader: User) -> Mapping[str, object]:
    """The pilot of a main monitoring, and the main ones of a pilot, as far as the reader sees them."""
    if engagement.kind == ItemKind.PILOT:
        mains = Engagement.objects.visible_to(reader, by_key=True).filter(pilot=engagement)
        return {"others": list(mains.order_by("pk")), "are_mains": True}
    pilot = engagement.pilot
    is_seen = pilot is not None and pilot.standing(reader, Engagement.ACCESS[pilot.state].roles) is not None
    return {"others": [pilot] if is_seen else []}


def is_partner(engagement: Engagement, reader: User) -> bool:
    return engagement.standing(reader, PARTNERS) is not None


def _link(name: str, engagement: Engagement, text: object) -> SafeString | str:
    return format_html('<a href="{}">{}</a>', reverse(name, args=[engagement.number]), text) if text else ""


def list_links(reader: User) -> Sequence[tuple[str, str]]:
    """What leads on from the list of monitorings."""
    return [(_("Plan a monitoring"), reverse("engagement_new"))] if Role.COORDINATOR in reader.role_map else []


def _deliveries(engagement: Engagement, reader: User) -> Iterable[DeliverableRow]:
    """Those that the reader may see, each by its own state."""
    cases = [
        case
        for case in engagement.deliverables_now()
        if case.standing(reader, Deliverable.ACCESS[case.state].roles) is not None
    ]
    owed = Expectation.objects.open().filter(
        subject_type=Deliverable.CASE_TYPE, subject_id__in=[case.pk for case in cases]
    )
    first: dict[int, list[Expectation]] = {}
    for row in owed.select_related("assignee").order_by("due", "id"):
        first.setdefault(row.subject_id, []).append(row)
    for case in cases:
        waiting = first.get(case.pk, [])
        yield DeliverableRow(case, "; ".join(map(_who, waiting)), waiting[0].due if waiting else None)


def _who(row: Expectation) -> str:
    return str(row.assignee or Role(row.role).label)
