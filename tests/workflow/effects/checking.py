"""Compares what acts write with what the tables of effects say, in the whole database."""

import json
from collections.abc import Iterator, Sequence
from copy import copy
from typing import Any

from django.db import transaction

from cases.registry.models import User
from tests.cast import Cast
from tests.workflow.effects import CALENDAR, NOW, TODAY, Clock, Effects, Moment, Owed, Row, Scene, messages
from tests.workflow.effects.accounts import ACCOUNT_CHANGES
from tests.workflow.effects.clock import EFFECT_REVIEWS
from tests.workflow.effects.deliverables import DELIVERABLES
from tests.workflow.effects.difference import Line, Rows, difference, whole_database
from tests.workflow.effects.engagements import ENGAGEMENTS
from tests.workflow.effects.extensions import EXTENSIONS
from tests.workflow.effects.findings import FINDINGS
from tests.workflow.effects.planning import PLAN_SCHEDULES
from tests.workflow.effects.toys import NOTES, VISITS
from tests.workflow.effects.verbs import RECOMMENDATIONS
from workflow.door import begin, perform

TABLES: dict[str, Effects] = {
    table.model.CASE_TYPE: table
    for table in (
        RECOMMENDATIONS,
        EFFECT_REVIEWS,
        EXTENSIONS,
        PLAN_SCHEDULES,
        ENGAGEMENTS,
        DELIVERABLES,
        FINDINGS,
        ACCOUNT_CHANGES,
        VISITS,
        NOTES,
    )
}
PLACES = [
    (name, place) for name, table in TABLES.items() for place in sorted({p for row in table.rows for p in row.sources})
]

EACH_ACT_ONCE = sorted({
    (name, next(row.sources[0] for row in table.rows if row.action == action))
    for name, table in TABLES.items()
    for action in {row.action for row in table.rows}
})  # fmt: skip
"""Places from which every act of every kind is done at least once."""


def wrong_effects(cast: Cast, clock: Clock, case_type: str, place: str, moments: Sequence[Moment]) -> list[str]:
    """What each act from this place writes, at each of the moments, and is not in its row; and the reverse."""
    table = TABLES[case_type]
    scene = table.walk(cast, clock, place)
    clock.day = TODAY
    before, present = whole_database(), scene.case
    wrong: list[str] = []
    for row in (one for one in table.rows if place in one.sources):
        for moment in moments:
            clock.set(moment)
            scene.case = copy(present)
            with transaction.atomic():
                lines = _not_as_declared(table, scene, row, state_of(place), before)
                wrong += [f"{row}, {moment}: {line}" for line in lines]
                transaction.set_rollback(True)
    return wrong


def state_of(place: str) -> str:
    return place.partition(":")[0]


def _not_as_declared(table: Effects, scene: Scene, row: Row, source: str, before: Rows) -> list[str]:
    """What was written and is not in the row, and what is in the row and was not written."""
    scene.reread()
    version = scene.version
    _do(scene, row)
    written = difference(scene.cast, scene.case, before, whole_database())
    case = table.model._base_manager.get(pk=scene.case.pk)
    declared = list(_expected(table, case, row, source))
    wrong = [f"unlisted: {line}" for line in written if line not in declared or written.count(line) > 1]
    wrong += [f"missing: {line}" for line in declared if line not in written or declared.count(line) > 1]
    counted = version + sum(act.counts for act in row.acts)
    return wrong + ([] if case.version == counted else [f"version {case.version} after {version}"])


def _do(scene: Scene, row: Row) -> None:
    if row.do:
        row.do(scene)
        return
    by = User.objects.get(pk=getattr(scene.cast, row.by).pk)
    if row.action == "create":
        begin(scene.case, by=by)
    else:
        perform(scene.case, row.action, by=by, **row.inputs)


def _expected(table: Effects, case: Any, row: Row, source: str) -> Iterator[Line]:
    yield from _of_the_case(table, case, row)
    version = case.version
    for act in reversed(row.acts):
        yield from _of_the_act(table, case, act, source, version)
        version -= act.counts


def _of_the_act(table: Effects, case: Any, row: Row, source: str, version: int) -> Iterator[Line]:
    event = row.action
    yield "new", "workflow_event", _event(table, case, row, source) | {"version": version}
    if details := _details(table, row):
        yield "new", "workflow_eventdetails", {"event": event, "text": details}
    for owed in row.opened:
        yield "new", "workflow_expectation", _expectation(table, case, row, owed)
    for label in row.closed:
        yield "changed", "workflow_expectation", {"": label, "closed_at": NOW, "closed_by": event}
    for template, people in row.told.items():
        yield from (line for name in people for line in messages(event, template, name))
    yield from ((what, name, dict(values)) for what, name, values in row.others)


def _of_the_case(table: Effects, case: Any, row: Row) -> Iterator[Line]:
    columns = {
        **{name: value for act in row.acts for name, value in act.changes.items()},
        **({"state": row.to} if row.to else {}),
        **({"version": case.version} if any(act.counts for act in row.acts) else {}),
    }
    if columns and row.action != "create":
        yield "changed", table.model._meta.db_table, {"": "the case", **columns}


def _event(table: Effects, case: Any, row: Row, source: str) -> dict[str, Any]:
    role, organisation = table.role_of.get(row.by, ("", ""))
    event = {
        "subject_type": table.model.CASE_TYPE,
        "subject": "the case",
        "number": case.number,
        "action": row.action,
        "source": source or row.to,
        "target": row.to or source,
        "actor": row.by,
        "role": role,
        "organisation": organisation,
        "membership": f"{row.by} as {role}" if row.by else "",
        "ministry": "MIN",
        "at": NOW,
        **table.places,
    }
    return {name: value for name, value in event.items() if value}


def _details(table: Effects, row: Row) -> dict[str, Any]:
    """What the event keeps to be read: the inputs, the columns that changed, and what the row names besides."""
    inputs = json.loads(json.dumps(row.inputs, default=str))
    changes = {name: value for name, value in row.changes.items() if name not in table.model.SILENT}
    details = {"inputs": inputs, "changes": {} if row.action == "create" else changes, **row.details}
    return {name: value for name, value in details.items() if value}


def _expectation(table: Effects, case: Any, row: Row, owed: Owed) -> dict[str, Any]:
    values = {
        "subject_type": table.model.CASE_TYPE,
        "subject": "the case",
        "number": case.number,
        "about_type": table.model.CASE_TYPE,
        "about": "the case",
        "state": case.state,
        "action": owed.action,
        "key": owed.key,
        "topic": owed.topic,
        "role": owed.role,
        "helper_role": owed.helper,
        "organisation": owed.organisation,
        "ministry": "MIN",
        "assignee": owed.assignee,
        "start": str(TODAY),
        "days": owed.term,
        "calendar": CALENDAR,
        "due": owed.due,
        "opened_at": NOW,
        "opened_by": row.action,
        **table.owed(case),
    }
    return {name: value for name, value in values.items() if value}
