"""The calendar of a monitoring: its stages, what its calendar plan says, and until when what is due."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from cases.ground.gantt import Bar, Scale, gantt
from cases.planning.models import CalendarEntry, Deliverable, Engagement
from cases.planning.sections.engagements import PARTNERS, lasts
from cases.registry.models import User
from workflow.lifecycles.deliverable import State
from workflow.roles import INSTITUTION
from workflow.terms import CALENDARS, calendar_in_force, legal_date


@dataclass(frozen=True)
class CalendarRow:
    """Something with its planned days and, where it has begun, those in fact; `who` takes part or is responsible."""

    label: str
    starts: date
    ends: date
    who: str = ""
    note: str = ""
    url: str = ""
    css: str = "st-ok"
    real: tuple[date, date | None] | None = None

    def bar(self) -> Bar:
        real = (self.real[0], self.real[1] or max(self.real[0], legal_date())) if self.real else None
        return Bar(self.label, self.starts, self.ends, self.css, real)


@dataclass(frozen=True)
class CalendarGroup:
    title: str
    rows: Sequence[CalendarRow]
    picture: str = ""


def calendar_of(engagement: Engagement, reader: User) -> Mapping[str, object]:
    """Groups of rows, each with a picture of it, as far as the reader may know it. A constant number of queries."""
    prefetch_related_objects([engagement], "stages", "suspensions")
    is_partner = engagement.standing(reader, PARTNERS) is not None
    groups = [CalendarGroup(_("Stages"), list(_stages(engagement)))]
    groups += _entries(engagement, None if is_partner else _institutions(reader))
    if is_partner:
        groups.append(CalendarGroup(_("Deliverables"), list(_deliverables(engagement, reader))))
    shown = [group for group in groups if group.rows]
    return {"groups": [replace(group, picture=_picture(group, scale)) for scale in _scales(shown) for group in shown]}


def _scales(groups: Sequence[CalendarGroup]) -> Iterator[Scale]:
    """One for all pictures; none when there is nothing to show."""
    bars = [row.bar() for group in groups for row in group.rows]
    days = [day for bar in bars for day in (bar.starts, bar.ends, *(bar.real or ()))]
    if days:
        yield Scale(min(days), max(days), CALENDARS[calendar_in_force()].is_working_day)


def _picture(group: CalendarGroup, scale: Scale) -> str:
    return gantt([row.bar() for row in group.rows], scale, group.title, legal_date())


def _stages(engagement: Engagement) -> Iterator[CalendarRow]:
    for row in engagement.stages_now().values():
        real = (row.started_on, row.ended_on) if row.started_on else None
        css = "st-soon" if engagement.state == row.stage else "st-ok"
        yield CalendarRow(str(row), row.planned_start, row.planned_end, css=css, real=real)


def _institutions(reader: User) -> set[int]:
    return {pk for role in INSTITUTION for pk in reader.role_map.get(role, {})}


def _entries(engagement: Engagement, institutions: set[int] | None) -> Iterator[CalendarGroup]:
    """Of an approved calendar alone those of these institutions; without them, all of any calendar."""
    entries = CalendarEntry.objects.filter(deliverable__engagement=engagement).exclude(
        deliverable__state=State.LEFT_OUT
    )
    if institutions is not None:
        entries = entries.filter(institution__in=institutions, deliverable__state=State.APPROVED)
    rows = list(entries.select_related("deliverable", "institution"))
    days = lasts(engagement)
    is_approved = all(row.deliverable.state == State.APPROVED for row in rows)
    title = _("Calendar plan") if is_approved else _("Calendar plan, not approved yet")
    yield CalendarGroup(title, [_entry(row, days) for row in rows])


def _entry(entry: CalendarEntry, stages: tuple[date, date] | None) -> CalendarRow:
    """Marked where the stages were moved away from it."""
    is_outside = stages is not None and any(entry.days_outside(*stages))
    note = entry.get_kind_display()
    place = (entry.institution.short_name or str(entry.institution)) if entry.institution else ""
    return CalendarRow(
        entry.title,
        entry.starts,
        entry.ends,
        who=", ".join(filter(None, (place, entry.responsible))),
        note=_("%(kind)s, outside of the stages") % {"kind": note} if is_outside else note,
        css="st-overdue" if is_outside else "st-ok" if entry.deliverable.state == State.APPROVED else "",
    )


def _deliverables(engagement: Engagement, reader: User) -> Iterator[CalendarRow]:
    """From the day on which each was asked for until it is due."""
    rows = Deliverable.objects.visible_to(reader, by_key=True).filter(engagement=engagement)
    for case in rows.exclude(state=State.LEFT_OUT).select_related("row", "expert").order_by("asked_on", "row__place"):
        case.engagement = engagement
        due = case.due
        late = case.state != State.APPROVED and due < legal_date()
        css = "st-overdue" if late else "st-done" if case.state == State.APPROVED else "st-soon"
        state = str(case.get_state_display())
        yield CalendarRow(
            case.title, case.asked_on, due, who=case.who_drafts(), note=state, url=case.get_absolute_url(), css=css
        )
