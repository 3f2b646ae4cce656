"""What an act on a monitoring does to its deliverables, and what other rooms add: consequences, after the own event."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, TypeVar, cast

from django.db.models import Exists, OuterRef, QuerySet

from cases.registry.models import User
from workflow import expectations
from workflow.act import Act
from workflow.door import begin_many, consequence, follow
from workflow.lifecycles.deliverable import State
from workflow.lifecycles.resting import RestsWithEngagement
from workflow.models import Expectation
from workflow.terms import add_working_days, calendar_in_force, working_days_from
from workflow.texts import Text

if TYPE_CHECKING:
    from cases.planning.models import Deliverable, Engagement, TemplateRow
    from cases.registry.models import User
    from workflow.act import Act

R = TypeVar("R", bound=RestsWithEngagement)
OPEN = (State.DRAFT, State.SUBMITTED, State.AGREED)

OBSTACLES: "list[Callable[[Engagement], Iterable[str]]]" = []
"""What is still open of a monitoring that is to be closed, by its name. Rooms above planning add their own."""
BEFORE_SUBMIT: "list[Callable[[Deliverable], Iterable[str]]]" = []
"""Sentences that say what a deliverable lacks to be submitted. Rooms above planning add their own."""
CONTENTS: "list[Callable[[Deliverable], Mapping[str, object]]]" = []
"""What is decided on besides texts, files and items: names of parts, and plain values that JSON can hold."""
AS_KEPT: "list[Callable[[Deliverable, Mapping[str, object]], bool]]" = []
"""Whether what a room added is still what a submitted version keeps of it, but for what acts of its own changed."""
AFTER_APPROVAL: "list[Callable[[Deliverable], None]]" = []
"""What follows from an approved deliverable. Rooms above planning add their own; an act is under way on it."""
LEFT_BEHIND: "list[Callable[[Engagement, User], Iterable[str]]]" = []
"""What an expert works on in a monitoring, by its name, and leaves behind when their access ends."""
AFTER_ACCESS: "list[Callable[[Act, Engagement, User], None]]" = []
"""What follows when an expert is let in to a monitoring, or locked out of it."""


@dataclass(frozen=True)
class Counted:
    """Something of a monitoring that is counted, as far as a reader may see it: institution -> how many."""

    label: Text
    count: "Callable[[Engagement, User], Mapping[int, int]]"


COUNTED: list[Counted] = []
"""What the list of a monitoring's institutions counts. Rooms above planning add their own."""
FOLLOWERS: "list[Callable[[Engagement], None]]" = []
"""What rests, goes on or ends with a monitoring besides its deliverables; an act is under way on it."""


def ask(engagement: "Engagement") -> None:
    """Ask for what the stage has to deliver; what was asked for before goes on."""
    let_follow(engagement)
    present = engagement.deliverables
    asked = set(present.values_list("row_id", "direction"))
    place = present.count()
    wanted = [
        (row, direction)
        for row in engagement.template.rows.filter(stage=engagement.state).prefetch_related("seats")
        if engagement.contract_id or not row.waits_for_contract()
        for direction in (sorted(engagement.directions) if row.per_direction else [None])
        if (row.pk, direction) not in asked
    ]
    cases = [
        _asked_for(present.model, engagement, row, direction, place + number)
        for number, (row, direction) in enumerate(wanted, 1)
    ]
    begin_many(cases, of=engagement.acting, details=[{"due": case.due} for case in cases])


def reopen(engagement: "Engagement") -> None:
    """Those that the act names have to be corrected; all others rest or go on with their stage."""
    act = engagement.acting
    named = engagement.deliverables.filter(number__in=cast(Sequence[str], act.inputs["deliverables"])).order_by("pk")
    for deliverable in named:
        follow(deliverable, "reopen", of=act, reason=act.inputs["reason"])
    let_follow(engagement)


def let_follow(engagement: "Engagement") -> None:
    """Open deliverables expect something only while the monitoring is in their stage, and not suspended.

    When it goes on, dates and terms are later by the working days for which it rested.
    """
    later = days_rested(engagement)
    open_now = engagement.deliverables.filter(state__in=OPEN).order_by("pk")
    for deliverable in open_now if later else resting_otherwise(open_now):
        with consequence(deliverable, "follow", of=engagement.acting) as amendment:
            amendment.case.due = add_working_days(deliverable.due, later or 0, calendar_in_force())
            amendment.rested = later
    _let_others_follow(engagement)


def move_dues(engagement: "Engagement", before: Mapping[str, date], of: Act) -> None:
    """What is open and was due by the old ends of the stages is due by the new ones, as a consequence of the act."""
    after = dict(engagement.stages.values_list("stage", "planned_end"))
    for deliverable in engagement.deliverables.filter(state__in=OPEN).select_related("row").order_by("pk"):
        due = _moved(deliverable, before.get(deliverable.stage), after[deliverable.stage])
        if due != deliverable.due:
            with consequence(deliverable, "follow", of=of) as amendment:
                amendment.case.due = due


def _moved(deliverable: "Deliverable", old: date | None, new: date) -> date:
    """A date that somebody gave it stays, unless it was the end of the stage."""
    row, asked_on = deliverable.row, deliverable.asked_on
    if old is not None and deliverable.due == _term(row, asked_on, old):
        return _term(row, asked_on, new)
    return max(asked_on, new) if deliverable.due == old else deliverable.due


def renew(deliverable: "Deliverable") -> None:
    """What the monitoring itself expects may have changed with a decision on one of its deliverables."""
    act = deliverable.acting
    engagement = type(deliverable.engagement)._base_manager.get(pk=deliverable.engagement_id)
    if act.event is not None:
        expectations.go_on(engagement, act.event, act.on)


def days_rested(engagement: "Engagement") -> int | None:
    """The working days for which the monitoring was suspended that goes on by this act; None by other acts."""
    return engagement.rested_days() if engagement.acting.action == "resume" else None


def resting_otherwise(rows: "QuerySet[R]") -> Iterator[R]:
    """Those of which something is expected although they rest by now, or nothing although they go on. One query."""
    owed = Expectation.objects.open().filter(subject_type=rows.model.CASE_TYPE, subject_id=OuterRef("pk"))
    return (case for case in rows.annotate(owes=Exists(owed)) if vars(case)["owes"] == bool(case.why_it_rests()))


def drop(engagement: "Engagement") -> None:
    """Whatever is open is left out, for the reason of the act."""
    act = engagement.acting
    open_now = engagement.deliverables.filter(state__in=OPEN).order_by("pk")
    for deliverable in open_now:
        follow(deliverable, "leave_out", of=act, reason=act.inputs["reason"])
    _let_others_follow(engagement)


def let_go(act: "Act", engagement: "Engagement", expert: "User") -> None:
    """What somebody prepares who is locked out is nobody's by name: the contractor's lead names another expert."""
    if act.action != "withdraw_access":
        return
    for deliverable in _prepared_by(engagement, expert):
        with consequence(deliverable, "name_expert", of=act) as amendment:
            amendment.case.expert = None


def deliverables_left_behind(engagement: "Engagement", expert: "User") -> Iterable[str]:
    return [named(deliverable) for deliverable in _prepared_by(engagement, expert)]


def _prepared_by(engagement: "Engagement", expert: "User") -> "QuerySet[Deliverable]":
    return engagement.deliverables.filter(expert=expert, state__in=OPEN).select_related("row").order_by("pk")


AFTER_ACCESS.append(let_go)
LEFT_BEHIND.append(deliverables_left_behind)


def _let_others_follow(engagement: "Engagement") -> None:
    for follow_up in FOLLOWERS:
        follow_up(engagement)


def open_deliverables(engagement: "Engagement") -> Iterable[str]:
    """An obstacle to closing: what was asked for in any stage and is neither approved nor left out."""
    return [named(row) for row in engagement.deliverables_now() if row.state in OPEN]


OBSTACLES.append(open_deliverables)


def named(deliverable: "Deliverable") -> str:
    return f"{deliverable.number} {deliverable.title}"


def _asked_for(
    model: "type[Deliverable]", engagement: "Engagement", row: "TemplateRow", direction: int | None, place: int
) -> "Deliverable":
    asked_on: date = engagement.acting.on
    case: Deliverable = model(
        number=f"{engagement.number}-{place:02d}",
        engagement=engagement,
        stage=row.stage,
        row=row,
        direction=direction,
        drafter_role=row.drafter_role,
        is_required=row.is_required,
        asked_on=asked_on,
        due=_due(engagement, row, asked_on),
    )
    return case


def _due(engagement: "Engagement", row: "TemplateRow", asked_on: date) -> date:
    """Its term, at the latest the end of the stage; the end of the stage where it has none."""
    return _term(row, asked_on, engagement.stages_now()[row.stage].planned_end)


def _term(row: "TemplateRow", asked_on: date, end: date) -> date:
    return max(asked_on, min(end, working_days_from(asked_on, row.term_days)) if row.term_days else end)
