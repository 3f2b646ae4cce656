"""Every act of every kind writes what the table of effects says of it, and nothing else in the whole database."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from cases.registry.models import User
from tests.cast import Cast
from tests.workflow.effects import CALENDAR, NOW, TODAY, Clock, Effects, Owed, Row, Scene, messages
from tests.workflow.effects.accounts import ACCOUNT_CHANGES
from tests.workflow.effects.clock import EFFECT_REVIEWS
from tests.workflow.effects.difference import Line, Rows, difference, whole_database
from tests.workflow.effects.extensions import EXTENSIONS
from tests.workflow.effects.planning import PLAN_SCHEDULES
from tests.workflow.effects.toys import NOTES, VISITS
from tests.workflow.effects.verbs import RECOMMENDATIONS
from workflow.case import Case, case_types
from workflow.door import begin, perform

TABLES: dict[str, Effects] = {
    table.model.CASE_TYPE: table
    for table in (RECOMMENDATIONS, EFFECT_REVIEWS, EXTENSIONS, PLAN_SCHEDULES, ACCOUNT_CHANGES, VISITS, NOTES)
}
PLACES = [
    (name, place) for name, table in TABLES.items() for place in sorted({p for row in table.rows for p in row.sources})
]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("django.utils.timezone.now", clock.now)
    return clock


def test_every_act_of_every_kind_has_its_row_from_every_state_it_starts_from() -> None:
    assert TABLES.keys() == case_types().keys()
    for name, table in TABLES.items():
        assert {(row.action, _state(place)) for row in table.rows for place in row.sources} == set(
            _acts(table.model)
        ), name


def test_every_action_that_the_trail_can_name_is_written_by_some_row() -> None:
    for name, table in TABLES.items():
        own = {row.action for row in table.rows}
        followed = {
            values["action"]
            for other in TABLES.values()
            for row in other.rows
            for _what, table_name, values in row.others
            if table_name == "workflow_event" and values["subject_type"] == name
        }
        assert own | followed == set(table.model.ACTIONS.values), name


def _state(place: str) -> str:
    return place.partition(":")[0]


def _acts(model: type[Case]) -> Iterator[tuple[str, str]]:
    yield "create", ""
    for action, declared in [*model.transitions().items(), *model.verbs().items()]:
        for source in declared.sources:
            yield action, source


@pytest.mark.parametrize(("case_type", "place"), PLACES)
def test_an_act_writes_what_the_table_says_and_nothing_else(
    cast: Cast, clock: Clock, case_type: str, place: str
) -> None:
    table = TABLES[case_type]
    scene = table.walk(cast, clock, place)
    clock.day = TODAY
    before = whole_database()
    wrong: list[str] = []
    for row in (one for one in table.rows if place in one.sources):
        with transaction.atomic():
            wrong += [f"{row}: {line}" for line in _not_as_declared(table, scene, row, _state(place), before)]
            transaction.set_rollback(True)
    assert not wrong, "\n".join(["The table of effects and the database differ:", *wrong])


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
    return wrong + ([] if case.version == version + row.counts else [f"version {case.version} after {version}"])


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
    event = row.action
    yield from _of_the_case(table, case, row)
    yield "new", "workflow_event", _event(table, case, row, source)
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
        **row.changes,
        **({"state": row.to} if row.to else {}),
        **({"version": case.version} if row.counts else {}),
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
        "version": case.version,
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
