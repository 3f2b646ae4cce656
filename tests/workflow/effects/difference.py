"""What differs in the whole database after an act, in names instead of keys."""

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from django.apps import apps
from django.db import connection, models

from tests.cast import Cast
from tests.workflow.effects import NOW
from workflow.case import Case, case_types

Rows = dict[str, dict[int, dict[str, Any]]]
"""table -> key -> the row by columns"""
Line = tuple[str, str, dict[str, Any]]
"""new, changed or gone; the table; and the values: of a change the new ones, under the name of the row."""

OURS = ("cases", "notifications", "workflow", "tests")
LEFT_OUT = {
    "workflow_chainhead",  # Written by the trigger that chains the events; tests/trail tries it.
    "rounds_roundtask",  # How viewflow walks; tests/rounds compares it with the seats.
    "rounds_roundtask_previous",
}
UNSEEN = {
    "workflow_event": {"hash", "previous", "details_digest", "position"},
    "workflow_eventdetails": {"salt"},
    "planning_engagementuserobjectpermission": {"permission_id"},
}
"""Columns that chain the events, which tests/trail tries; and which right a grant gives, which the square tries."""
SOFT = {
    "organisation_id": "registry_organisation",
    "ministry_id": "registry_organisation",
    "lead_id": "registry_organisation",
    "addressed_id": "registry_organisation",
    "membership_id": "registry_membership",
    "receiver_id": "registry_user",
    "seat": "rounds_seat",
}
"""Keys that are no foreign keys."""
OF_THE_REGISTRY = {
    "membership": "registry_membership",
    "organisation": "registry_organisation",
    "person": "registry_user",
}
IN_KEYS = {
    "measure": "followup_measure",
    "interim": "followup_interimdeadline",
    "P": "registry_user",
    "seat": "rounds_seat",
    "item": "planning_planitem",
}
TIMES = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")


def whole_database() -> Rows:
    parts = [f"SELECT '{table}', to_jsonb(row) FROM {table} AS row" for table in _tables()]
    rows: Rows = {table: {} for table in _tables()}
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts))
        for table, text in cursor.fetchall():
            row = json.loads(text) if isinstance(text, str) else text
            rows[table][row[_key(table)]] = row
    return rows


def difference(cast: Cast, case: Case, before: Rows, after: Rows) -> list[Line]:
    """Every row that was added, changed or deleted between two looks at the database, without empty columns."""
    names = _Names(cast, case, before, after)
    return sorted(_lines(names, before, after), key=repr)


def _lines(names: "_Names", before: Rows, after: Rows) -> Iterator[Line]:
    for table, now in after.items():
        was = before[table]
        for key in now.keys() - was.keys():
            yield "new", table, names.filled(table, now[key])
        for key in was.keys() - now.keys():
            yield "gone", table, names.filled(table, was[key])
        for key in now.keys() & was.keys():
            changed = {name: value for name, value in now[key].items() if value != was[key][name]}
            if changed:
                yield "changed", table, {"": names.row(table, key), **names.all(table, changed, now[key])}


class _Names:
    """People, organisations and records by their names."""

    def __init__(self, cast: Cast, case: Case, before: Rows, after: Rows) -> None:
        self.case, self.before = case, before
        self.rows = {table: {**before[table], **after[table]} for table in after}
        self.known = {("registry_user", one.pk): name for name, one in vars(cast).items() if hasattr(one, "email")}

    def filled(self, table: str, row: Mapping[str, Any]) -> dict[str, Any]:
        """The row without its key and without what is empty."""
        own = {name: value for name, value in row.items() if name != _key(table) or name in _foreign_keys(table)}
        return {name: value for name, value in self.all(table, own, row).items() if value not in (None, "", False, 0)}

    def all(self, table: str, columns: Mapping[str, Any], row: Mapping[str, Any]) -> dict[str, Any]:
        kept = {name: value for name, value in columns.items() if name not in _unseen(table)}
        return {name.removesuffix("_id"): self._value(table, name, value, row) for name, value in kept.items()}

    def row(self, table: str, key: int) -> str:
        """A row by what people call it."""
        if (table, key) == (self.case._meta.db_table, self.case.pk):
            return "the case"
        if (table, key) in self.known:
            return self.known[table, key]
        row = self.rows[table][key]
        named = {
            "workflow_expectation": lambda: f"{row['action']} {self._key_of(row['key']) or self._part(row)}".strip(),
            "followup_measure": lambda: f"{self.row('followup_plan', row['plan_id'])}.{row['position']}",
            "followup_plan": lambda: f"plan {row['version']}",
            "planning_planitem": lambda: str(row["title"]),
            "planning_proposalline": lambda: f"proposal {row['place']}",
            "planning_templaterow": lambda: str(row["kind"]),
            "planning_stagetemplate": lambda: f"list {row['version']}",
            "planning_stagedate": lambda: str(row["stage"]),
            "planning_suspension": lambda: "suspension",
            "planning_contract": lambda: f"contract {row['number']}",
            "rounds_round": lambda: f"round {row['place']}",
            "rounds_seat": lambda: f"seat {row['step']}.{row['place']}",
            "desk_numberseries": lambda: str(row["prefix"]),
            "workflow_event": lambda: f"{row['action']} {self._part(row)}".strip(),
            "registry_user": lambda: str(row["email"]),
            "registry_membership": lambda: f"{self.row('registry_user', row['person_id'])} as {row['role']}",
        }
        if table in named:
            return named[table]()
        return str(next(row[name] for name in ("code", "number", "topic", "action", "name", "email") if name in row))

    def _part(self, row: Mapping[str, Any]) -> str:
        """Which deliverable of the monitoring it is: several of them may do the same at once."""
        is_part = row["subject_type"] == "deliverable" and row["number"] != self.case.number
        return str(row["number"])[-2:] if is_part else ""

    def _value(self, table: str, name: str, value: Any, row: Mapping[str, Any]) -> Any:
        if (table, name) == ("workflow_eventdetails", "text"):
            return self._details(json.loads(value), row["event_id"])
        if isinstance(value, str) and TIMES.match(value):
            return NOW
        if name == "number" and row.get("subject_type") in OF_THE_REGISTRY:
            return self.row(OF_THE_REGISTRY[row["subject_type"]], row["subject_id"])
        if name == "path":
            return "a name of its own"
        if name == "key":
            return self._key_of(str(value))
        target = _target(table, name, row)
        return self.row(target, value) if target and value is not None else value

    def _details(self, details: dict[str, Any], event_id: int) -> dict[str, Any]:
        """Of a changed column the new value, if the old one is what the row held before."""
        event = self.rows["workflow_event"][event_id]
        table = _table_of(event["subject_type"])
        if "changes" in details and event["subject_id"] in self.before[table]:
            was = self.before[table][event["subject_id"]]
            changed = {name: new if old == was[name] else (old, new) for name, (old, new) in details["changes"].items()}
            details["changes"] = self.all(table, changed, was)
        if "because_of" in details:
            details["because_of"] = self.row("workflow_event", details["because_of"])
        if "inputs" in details:
            details["inputs"] = self.all(table, details["inputs"], {})
        keys = {name: value for name, value in details.items() if name.endswith("_id")}
        return self.all(table, keys, {}) | {name: value for name, value in details.items() if name not in keys}

    def _key_of(self, key: str) -> str:
        kind, _, pk = key.replace("P-", "P:").partition(":")
        return f"{kind}:{self.row(IN_KEYS[kind], int(pk))}" if kind in IN_KEYS else key


def _target(table: str, name: str, row: Mapping[str, Any]) -> str:
    """The table that a column points into."""
    if name in ("subject_id", "about_id"):
        return _table_of(row[name.replace("_id", "_type")])
    return _foreign_keys(table).get(name) or SOFT.get(name, "")


def _table_of(subject_type: str) -> str:
    kind = case_types().get(subject_type)
    return str(kind._meta.db_table) if kind else OF_THE_REGISTRY.get(subject_type, "")


@cache
def _tables() -> tuple[str, ...]:
    """Those of ours that have rows of their own."""
    ours = [model for model in apps.get_models(include_auto_created=True) if model.__module__.partition(".")[0] in OURS]
    return tuple(sorted({model._meta.db_table for model in ours if model._meta.managed} - LEFT_OUT))


@cache
def _model(table: str) -> type[models.Model]:
    return next(model for model in apps.get_models(include_auto_created=True) if model._meta.db_table == table)


def _key(table: str) -> str:
    return str(_model(table)._meta.pk.column)


@cache
def _foreign_keys(table: str) -> dict[str, str]:
    fields = _model(table)._meta.concrete_fields
    return {str(field.column): field.related_model._meta.db_table for field in fields if field.related_model}  # type: ignore[union-attr]


@cache
def _unseen(table: str) -> set[str]:
    generated = {str(field.column) for field in _model(table)._meta.concrete_fields if field.generated}
    return generated | UNSEEN.get(table, set())
