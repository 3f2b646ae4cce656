"""The only code that opens and closes expectations: what a case's state expects, of whom, by when.

What is open follows from the case alone. Where the state changed, everything is closed and opened; where it stayed,
only the difference is, so that a term that goes on keeps its start.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Self, cast

from workflow import bulk
from workflow.case import Case
from workflow.declarations import Expect, Owing
from workflow.models import Event, Expectation
from workflow.parties import key_at, paths_of
from workflow.roles import Role
from workflow.terms import Term, calendar_in_force

CLOSE = f"""
UPDATE workflow_expectation AS open SET closed_at = ended.at, closed_by_id = ended.event_id
FROM {bulk.rows_of("ended", {"case_id": "bigint", "event_id": "bigint", "at": "timestamptz"})}
WHERE open.subject_type = %(type)s AND open.subject_id = ended.case_id AND open.closed_at IS NULL
"""  # noqa: S608 - the names are ours
"""Written by hand, because a queryset cannot set a different event on each row in one statement."""


@dataclass(frozen=True)
class Debtor:
    """Who owes: a role in an organisation, and the person who carries it there, if it is one."""

    role: str
    organisation_id: int
    assignee_id: int | None

    @classmethod
    def of(cls, case: Case, action: str, owing: Owing) -> Self:
        organisation_id = owing.organisation_id or case.related(owing.role)
        if organisation_id is None:
            raise LookupError(f"{case}: nobody can owe '{action}', the case names no one organisation for {owing.role}")
        return cls(owing.role, organisation_id, owing.assignee_id or case.assignee_of(owing.role))


@dataclass(frozen=True)
class Owed:
    """What a case expects of somebody: the same `identity` is the same expectation, which keeps its term."""

    action: str
    debtor: Debtor
    key: str
    helper: str
    topic: str
    days: int | None
    fixed: date | None

    @property
    def identity(self) -> tuple[object, ...]:
        return self.action, self.key, self.debtor.role, self.debtor.organisation_id, self.fixed


def begin(happened: Sequence[tuple[Case, Event]], on: date) -> Sequence[bulk.ColumnValues]:
    """Close what the old states expected and open what the new ones expect; all cases are of one type.

    Returns the rows that are opened.
    """
    ended = [{"case_id": case.pk, "event_id": event.pk, "at": event.at} for case, event in happened]
    opened = [_row(case, event, owed, on) for case, event in happened for owed in expected(case, event.action)]
    parameters = {"ended": bulk.document(ended), "type": happened[0][0].CASE_TYPE}
    bulk.change_and_insert(CLOSE, parameters, Expectation, opened)
    return opened


def go_on(case: Case, event: Event, on: date, *, rested: int | None = None) -> Sequence[bulk.ColumnValues]:
    """Close and open only what differs, after an act that left the state as it was; returns the rows that it opens.

    A case that rested for so many working days owes what an act of the same name closed then, with these days added.
    """
    wanted = {owed.identity: owed for owed in expected(case, event.action)}
    for row in Expectation.objects.open().of(case.CASE_TYPE, case.pk):
        owed = wanted.pop(_identity(row), None)
        if owed is None:
            Expectation.objects.filter(pk=row.pk).update(closed_at=event.at, closed_by=event)
        else:
            _bring_up_to_date(row, _following(case, owed))
    before = _rested(case, event) if rested is not None and wanted else {}
    rows = [_row(case, event, owed, on) for owed in wanted.values()]
    opened = [_moved(row, before.get(key), rested or 0) for key, row in zip(wanted, rows, strict=True)]
    bulk.insert(Expectation, opened)
    return opened


def follow(case: Case) -> None:
    """Let the open expectations of a case follow those who carry it now, without an act of its own."""
    wanted = {owed.identity: owed for owed in expected(case, "")}
    for row in Expectation.objects.open().of(case.CASE_TYPE, case.pk):
        if owed := wanted.get(_identity(row)):
            _bring_up_to_date(row, _following(case, owed))


def expected(case: Case, action: str) -> Iterator[Owed]:
    """Everything that the case expects in its present state, to which `action` led."""
    expect = case.EXPECTS.get(str(case.follow("state")))
    if expect is not None:
        fixed, days = term_of(case, expect, action)
        for owing in _owing(case, expect):
            debtor = Debtor.of(case, expect.action, owing)
            term = (owing.days, None) if owing.days else (days, fixed)
            yield Owed(expect.action, debtor, owing.key, expect.helper, "", *term)
    for extra in case.extra_expectations():
        if case.EXTRA.get(extra.action) != extra.role:
            raise LookupError(f"{case}: EXTRA does not say that '{extra.action}' is expected of {extra.role}")
        debtor = Debtor.of(case, extra.action, Owing(extra.role))
        yield Owed(extra.action, debtor, extra.key, extra.helper, extra.topic[:300], None, extra.due)


def term_of(case: Case, expect: Expect, action: str) -> tuple[date | None, int | None]:
    """The date of the case that the term ends on, or the working days it takes after `action`."""
    fixed = case.follow(expect.until) if expect.until else None
    return (fixed, None) if isinstance(fixed, date) else (None, expect.after.get(action, expect.days))


def due_date(case: Case, expect: Expect, action: str, start: date) -> date:
    """When a term that begins on `start` ends."""
    fixed, days = term_of(case, expect, action)
    return fixed or Term(start, days or 0, calendar_in_force()).due


def _owing(case: Case, expect: Expect) -> Iterable[Owing]:
    """Who owes the state's action: a role, or those whom a property of the case names."""
    if expect.role in case.RELATIONS:
        return [Owing(expect.role)]
    named = case.follow(expect.role)
    return [Owing(str(named))] if isinstance(named, str) else cast(Iterable[Owing], named)


def _identity(row: Expectation) -> tuple[object, ...]:
    return row.action, row.key, row.role, row.organisation_id, row.due if row.days is None else None


def _bring_up_to_date(row: Expectation, columns: Mapping[str, object]) -> None:
    if any(getattr(row, name) != value for name, value in columns.items()):
        Expectation.objects.filter(pk=row.pk).update(**columns)


def _following(case: Case, owed: Owed) -> dict[str, object]:
    """The columns that say where the case is, and who carries it."""
    parties, is_open = case.PARTIES, _is_open_to_addressed(type(case), str(case.follow("state")))
    return {
        "number": case.number,
        "topic": owed.topic,
        "assignee_id": owed.debtor.assignee_id,
        "in_charge_id": case.assignee_of(parties.in_charge),
        "lead_id": key_at(case, parties.lead),
        "addressed_id": key_at(case, parties.addressed) if parties.addressed and is_open else None,
        "ministry_id": case.related(Role.MINISTRY_LEADER),
    }


@cache
def _is_open_to_addressed(case_type: type[Case], state: str) -> bool:
    """Whether the addressed organisation may see the case in this state: it is not to learn of drafts."""
    relations = (case_type.RELATIONS[role] for role in case_type.ACCESS[state].roles if role in case_type.RELATIONS)
    return any(("path", case_type.PARTIES.addressed) in paths_of(relation) for relation in relations)


def _rested(case: Case, event: Event) -> dict[tuple[object, ...], Expectation]:
    """Identity -> what was closed last by an act of the same name."""
    closed = Expectation.objects.of(case.CASE_TYPE, case.pk).filter(closed_by__action=event.action)
    return {_identity(row): row for row in closed.order_by("id")}


def _moved(row: bulk.ColumnValues, before: Expectation | None, rested: int) -> bulk.ColumnValues:
    """With the term that began before, and is longer by the working days for which it did not run."""
    if before is None or before.days is None:
        return row
    term = Term(before.start, before.days, before.calendar, before.suspended_days + rested)
    terms = {"start": term.start, "days": term.days, "suspended_days": term.suspended, "calendar": term.calendar}
    return {**row, **terms, "due": term.due}


def _row(case: Case, event: Event, owed: Owed, start: date) -> dict[str, object]:
    term = Term(start, owed.days or 0, calendar_in_force())
    about = case.about
    return {
        "subject_type": case.CASE_TYPE,
        "subject_id": case.pk,
        "about_type": about.CASE_TYPE,
        "about_id": about.pk,
        "state": str(case.follow("state")),
        "action": owed.action,
        "key": owed.key,
        "role": owed.debtor.role,
        "helper_role": owed.helper,
        "organisation_id": owed.debtor.organisation_id,
        "start": start,
        "days": owed.days,
        "suspended_days": term.suspended,
        "calendar": term.calendar,
        "due": owed.fixed or term.due,
        "opened_at": event.at,
        "opened_by_id": event.pk,
        **_following(case, owed),
    }
