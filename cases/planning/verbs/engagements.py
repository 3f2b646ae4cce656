"""Planning a monitoring, changing what is known of it, setting its dates, and letting experts in."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from django.contrib.auth.models import Permission
from django.db import transaction
from django.utils.translation import gettext as _

from cases.desk.models import NumberSeries
from cases.planning import joining
from cases.planning.begun import begun_of
from cases.planning.experts import why_no_expert
from cases.planning.models import (
    Engagement,
    EngagementUserObjectPermission,
    ItemKind,
    PlanItem,
    StageDate,
    StageTemplate,
)
from cases.planning.verbs.differences import differences
from cases.planning.verbs.owed import note_begun
from cases.registry.ministries import ministry_of
from cases.registry.models import LegalAct, Organisation, ProgrammeArea, User
from workflow import clock
from workflow.act import Act
from workflow.door import Amendment, Refused, amend, begin
from workflow.lifecycles.engagement import STAGES, Action, State
from workflow.terms import legal_date

PREFIX = "E"
COLUMNS = ("kind", "title", "goal", "legal_basis", "pilot", "off_plan_reason")
SHARES = {
    State.PREPARATION: 25,
    State.COLLECTION: 30,
    State.ANALYSIS: 15,
    State.CONCLUSIONS: 10,
    State.REPORTING: 10,
    State.FOLLOW_UP: 10,
}
"""How the planned time is divided among the stages at first, in per cent; the coordinator changes it."""

StageDates = Mapping[str, tuple[date, date]]


@dataclass(frozen=True)
class EngagementFacts:
    """What a person fills in of a monitoring; `directions` are numbers of REG-8."""

    title: str
    goal: str = ""
    kind: str = ItemKind.MAIN
    levels: Sequence[str] = ()
    directions: Sequence[int] = ()
    areas: Sequence[ProgrammeArea] = ()
    institutions: Sequence[Organisation] = ()
    legal_basis: LegalAct | None = None
    pilot: Engagement | None = None
    off_plan_reason: str = ""


def facts_of(item: PlanItem) -> EngagementFacts:
    """What the plan-schedule says of a monitoring."""
    return EngagementFacts(
        title=item.title,
        kind=item.kind,
        levels=list(item.levels),
        directions=[row.direction for row in item.directions.all()],
        areas=list(item.areas.all()),
        institutions=list(item.institutions.all()),
        legal_basis=item.legal_basis,
        pilot=begun_of([item.pilot]).get(item.pilot.pk) if item.pilot else None,
    )


def plan_engagement(
    department: Organisation, facts: EngagementFacts, *, by: User, item: PlanItem | None = None
) -> Engagement:
    """Begin a monitoring that a plan-schedule names, or one outside of it. Raises Refused."""
    ministry_id = ministry_of(department)
    at = clock.database_now()
    template = StageTemplate.in_force(legal_date(at))
    if template is None:
        raise Refused(_("There is no list of deliverables in force; ask the administrator to load it."))
    with transaction.atomic():
        engagement = Engagement(
            number=NumberSeries.take(PREFIX, legal_date(at).year)[0],
            ministry_id=ministry_id,
            department=department,
            coordinator=by,
            plan_item=_free(item),
            template=template,
        )
        _write(engagement, facts)
        begin(engagement, by=by, details={"title": engagement.title, "plan_item": item and item.pk}, at=at)
        engagement.areas.set(facts.areas)
        engagement.institutions.set(facts.institutions)
        if item is not None:
            _keep_dates(engagement, suggested(item.starts, item.ends))
            note_begun(item, engagement, by=by)
    return engagement


def edit_engagement(engagement: Engagement, facts: EngagementFacts, *, by: User, version: int) -> None:
    """Raises Refused."""
    with amend(engagement, Action.EDIT, by=by, version=version) as amendment:
        locked: Engagement = amendment.case
        _check_begun(locked, facts)
        _write(locked, facts)
        before = {"areas": _codes(locked.areas.all()), "institutions": _codes(locked.institutions.all())}
        after = {"areas": _codes(facts.areas), "institutions": _codes(facts.institutions)}
        locked.areas.set(facts.areas)
        locked.institutions.set(facts.institutions)
        amendment.details |= differences(before, after)


def set_dates(engagement: Engagement, dates: StageDates, *, by: User, version: int) -> None:
    """Plan the stages, all of them, one after the other; what is open and due by them follows. Raises Refused."""
    for stage, (starts, ends) in dates.items():
        if ends < starts:
            raise Refused(_("%(stage)s ends before it begins.") % {"stage": State(stage).label}, about=f"{stage}_ends")
    ordered = [(stage, *dates[stage]) for stage in STAGES]
    for (earlier, _starts, ends), (stage, starts, _ends) in pairwise(ordered):
        if starts < ends:
            names = {"stage": State(stage).label, "earlier": State(earlier).label}
            raise Refused(_("%(stage)s begins before %(earlier)s ends.") % names, about=f"{stage}_starts")
    with amend(engagement, Action.SET_DATES, by=by, version=version) as amendment:
        locked, rows = amendment.case, list(engagement.stages.all())
        before = {row.stage: _period((row.planned_start, row.planned_end)) for row in rows}
        last_days = {row.stage: row.planned_end for row in rows}
        _keep_dates(locked, dates)
        amendment.then.append(lambda act: joining.move_dues(locked, last_days, act))
        amendment.details |= differences(before, {stage: _period(days) for stage, days in dates.items()})


def suggested(starts: date, ends: date) -> StageDates:
    """The planned time, divided among the stages."""
    days, dates, first, share = (ends - starts).days, {}, starts, 0
    for stage in STAGES:
        share += SHARES[stage]
        last = starts + timedelta(days=days * share // 100)
        dates[stage.value] = (first, max(first, last))
        first = max(first, last)
    return dates


def give_access(engagement: Engagement, expert: User, *, by: User) -> None:
    """Let one of the contractor's experts in. Raises Refused."""
    with amend(engagement, Action.GIVE_ACCESS, by=by, inputs={"expert_id": expert.pk}) as amendment:
        if sentence := why_no_expert(engagement, expert):
            raise Refused(sentence, about="expert")
        grant, is_new = EngagementUserObjectPermission.objects.get_or_create(
            user=expert, permission=_permission(), content_object=engagement
        )
        if not is_new:
            raise Refused(_("%(name)s has access already.") % {"name": expert}, about="expert")
        _let_follow(amendment, expert)


def withdraw_access(engagement: Engagement, expert: User, *, by: User) -> None:
    """Effective at once, everywhere; what they prepare is nobody's by name from now on. Raises Refused."""
    with amend(engagement, Action.WITHDRAW_ACCESS, by=by, inputs={"expert_id": expert.pk}) as amendment:
        grants = EngagementUserObjectPermission.objects.filter(user=expert, content_object=engagement)
        if not grants.delete()[0]:
            raise Refused(_("%(name)s has no access.") % {"name": expert})
        _let_follow(amendment, expert)


def left_behind(engagement: Engagement, expert: User) -> Sequence[str]:
    """What the expert works on, by its name, and leaves behind when their access ends."""
    return [name for find in joining.LEFT_BEHIND for name in find(engagement, expert)]


def _let_follow(amendment: Amendment[Engagement], expert: User) -> None:
    def follow_all(act: Act) -> None:
        for follow in joining.AFTER_ACCESS:
            follow(act, amendment.case, expert)

    amendment.details["expert"] = str(expert)
    amendment.then.append(follow_all)


def _permission() -> Permission:
    return Permission.objects.get(
        content_type__app_label="planning", content_type__model="engagement", codename="view_engagement"
    )


def _free(item: PlanItem | None) -> PlanItem | None:
    """Raises Refused when the monitoring has begun already, by this plan-schedule or by one before."""
    if item is not None:
        PlanItem.objects.select_for_update().get(pk=item.origin_key)  # One who begins it at the same time waits.
        begun = begun_of([item]).get(item.pk)
        if begun is not None:
            raise Refused(_("“%(item)s” has begun already: %(number)s.") % {"item": item, "number": begun.number})
    return item


def _write(engagement: Engagement, facts: EngagementFacts) -> None:
    _check(engagement, facts)
    for name in COLUMNS:
        value = getattr(facts, name)
        setattr(engagement, name, value.strip() if isinstance(value, str) else value)
    engagement.levels, engagement.directions = list(facts.levels), sorted(set(facts.directions))


def _check_begun(engagement: Engagement, facts: EngagementFacts) -> None:
    """What it was started on stays."""
    if engagement.state == State.PLANNED:
        return
    if facts.pilot != engagement.pilot or facts.kind != engagement.kind:
        raise Refused(_("The monitoring has begun: its pilot cannot be changed any more."), about="pilot")
    if facts.legal_basis is None:
        raise Refused(_("The monitoring has begun: it needs its legal basis."), about="legal_basis")
    if engagement.plan_item_id is None and not facts.off_plan_reason.strip():
        raise Refused(
            _("The monitoring has begun: say why it is outside of the plan-schedule."), about="off_plan_reason"
        )


def _check(engagement: Engagement, facts: EngagementFacts) -> None:
    pilot = facts.pilot
    if pilot is None:
        return
    if facts.kind != ItemKind.MAIN:
        raise Refused(_("Only a main monitoring has a pilot."), about="pilot")
    if pilot.kind != ItemKind.PILOT or pilot.department_id != engagement.department_id:
        raise Refused(_("Choose a pilot of this department."), about="pilot")


def _keep_dates(engagement: Engagement, dates: StageDates) -> None:
    for stage, (starts, ends) in dates.items():
        StageDate.objects.update_or_create(
            engagement=engagement, stage=stage, defaults={"planned_start": starts, "planned_end": ends}
        )


def _codes(rows: Iterable[ProgrammeArea | Organisation]) -> list[str]:
    return sorted(row.code for row in rows)


def _period(days: tuple[date, date]) -> str:
    return " – ".join(f"{day:%d.%m.%Y}" for day in days)
