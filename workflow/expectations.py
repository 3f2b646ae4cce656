"""The only code that opens and closes expectations: what a case's state expects, of whom, by when."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from workflow import bulk
from workflow.case import Also, Case, Expect
from workflow.models import Event, Expectation
from workflow.terms import CALENDAR, add_working_days, legal_date

CLOSE = f"""
UPDATE workflow_expectation AS open SET closed_at = given.at, closed_by_id = given.event_id
FROM {bulk.given("ended", {"case_id": "bigint", "event_id": "bigint", "at": "timestamptz"})}
WHERE open.subject_type = %(type)s AND open.subject_id = given.case_id AND open.closed_at IS NULL
"""  # noqa: S608 - the names are ours
"""By hand, as querysets cannot give each row an event of its own without asking for it row by row."""


def renew(happened: Sequence[tuple[Case, Event]]) -> None:
    """Close what the old states expected and open what the new ones expect; all cases are of one type."""
    today = legal_date()
    ended = [{"case_id": case.pk, "event_id": event.pk, "at": event.at} for case, event in happened]
    opened = [row for case, event in happened for row in _rows(case, event, today)]
    whole = {"ended": bulk.document(ended), "type": happened[0][0].CASE_TYPE}
    bulk.change_and_insert(CLOSE, whole, Expectation, opened)


def settle(case: Case, event: Event, action: str, *, topic: str, due: date) -> None:
    """Close one expectation of a case that names itself, such as the evidence on one measure by its date."""
    rows = Expectation.objects.open().of(case.CASE_TYPE, case.pk).filter(action=action, topic=topic[:300], due=due)
    rows.update(closed_at=event.at, closed_by=event)


def reassign(case: Case) -> None:
    """Let the open expectations follow the case's assigned person and addressee."""
    rows = Expectation.objects.open().of(case.CASE_TYPE, case.pk)
    rows.update(assignee_id=case.follow(case.ASSIGNEE), addressed_id=case.follow(case.ADDRESSED))


def term(case: Case, expect: Expect, action: str, start: date) -> tuple[date, int | None]:
    """The due date and the working days it was counted by (None when it is a date of the case)."""
    fixed = case.follow(expect.until) if expect.until else None
    if fixed:
        return fixed, None
    days = expect.after.get(action, expect.days)
    return add_working_days(start, days), days


def _rows(case: Case, event: Event, start: date) -> Iterable[dict[str, Any]]:
    expect = case.EXPECTS.get(str(case.follow("state")))
    if expect is None:
        return
    due, days = term(case, expect, event.action, start)
    role = expect.role if expect.role in case.RELATIONS else str(case.follow(expect.role))
    yield _row(case, event, Also(expect.action, role, due, topic="", helper=expect.helper), start, days)
    for extra in case.also_expected():
        yield _row(case, event, extra, start, None)


def _row(case: Case, event: Event, owed: Also, start: date, days: int | None) -> dict[str, Any]:
    organisation_id = case.related(owed.role)
    if organisation_id is None:
        raise LookupError(f"{case}: nobody can owe '{owed.action}', the case names no organisation for {owed.role}")
    return {
        "subject_type": case.CASE_TYPE,
        "subject_id": case.pk,
        "number": case.number,
        "state": case.follow("state"),
        "action": owed.action,
        "topic": owed.topic[:300],
        "role": owed.role,
        "helper_role": owed.helper,
        "organisation_id": organisation_id,
        "lead_id": case.follow(case.LEAD),
        "addressed_id": case.follow(case.ADDRESSED),
        "assignee_id": case.follow(case.ASSIGNEE),
        "start": start,
        "days": days,
        "calendar": CALENDAR.version,
        "due": owed.due,
        "opened_at": event.at,
        "opened_by_id": event.pk,
    }
