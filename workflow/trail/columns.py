"""Compares the columns of stored records with what their chains tell, and where events are shown with their cases.

A model whose rows are no cases names the columns to compare in TRAIL_REPLAYED. Of very many rows a part is compared
each day, and in turn all of them; memory stays constant.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby
from operator import attrgetter

from django.apps import apps
from django.db.models import Model
from django.db.models.functions import Mod

from workflow.case import Case, case_types
from workflow.models import Event
from workflow.terms import legal_date
from workflow.trail.findings import TrailFault, of_row
from workflow.trail.replaying import READ, Replay, Row, Told, Unreadable, plain
from workflow.trail.shown import ShownPlace

PER_DAY = 200_000
"""Rows of one model that are compared a day at most."""
BATCH = 1000
OWN_COLUMNS = frozenset({"id", "state", "version"})
"""Columns of cases for which events have columns of their own."""


def findings(*, parts: int | None = None, on: date | None = None) -> Iterator[TrailFault]:
    """Of one of `parts` equal parts of the rows, that of the day; without a number as many as PER_DAY asks for."""
    day = (on or legal_date()).toordinal()
    for model in case_types().values():
        yield from _of_cases(model, parts or parts_of(model), day)
    for record, trail_type in replayed():
        yield from _of_records(record, trail_type, parts or parts_of(record), day)


def replayed() -> Iterator[tuple[type[Model], str]]:
    """The models that are no cases whose columns are compared, with the type of their chains."""
    for model in apps.get_models():
        if hasattr(model, "TRAIL_REPLAYED") and hasattr(model, "TRAIL_TYPE"):
            yield model, model.TRAIL_TYPE


def parts_of(model: type[Model]) -> int:
    return 1 + model._base_manager.count() // PER_DAY


def _of_cases(model: type[Case], parts: int, day: int) -> Iterator[TrailFault]:
    fields = (column for column in model._meta.concrete_fields if not column.generated)
    columns = frozenset(column.attname for column in fields) - OWN_COLUMNS - {*model.SILENT}
    shown = ShownPlace(model)
    for rows in _batches(model, (*columns, *shown.paths), parts, day):
        for row, events in _with_events(model.CASE_TYPE, rows):
            yield from _differences(model, row, events, Replay(columns, is_case=True))
            yield from shown.findings(row, events)


def _of_records(model: type[Model], trail_type: str, parts: int, day: int) -> Iterator[TrailFault]:
    columns: Sequence[str] = vars(model)["TRAIL_REPLAYED"]
    fields = {column.attname: column for column in model._meta.concrete_fields}
    defaults = {name: plain(fields[name].get_default()) for name in columns}
    for rows in _batches(model, columns, parts, day):
        for row, events in _with_events(trail_type, rows):
            if events:
                replay = Replay(frozenset(columns), is_case=False, defaults=defaults)
                yield from _differences(model, row, events, replay)
            else:
                yield of_row("row_untold", model, row["pk"])


def _differences(model: type[Model], row: Row, events: Sequence[Told], replay: Replay) -> Iterator[TrailFault]:
    for event in events:
        try:
            leap = replay.take(event)
        except Unreadable:
            yield event.finding("details_unreadable")
            return
        if leap:
            yield event.finding("change_not_continued", column=leap)
    for name in replay.differing(row):
        yield of_row("value_differs", model, row["pk"], number=events[-1].number, column=name)


def _batches(model: type[Model], columns: Sequence[str], parts: int, day: int) -> Iterator[list[dict[str, object]]]:
    stored = model._base_manager.annotate(of_day=Mod("pk", parts)).filter(of_day=day % parts)
    rows = stored.order_by("pk").values("pk", *columns)
    last = 0
    while batch := list(rows.filter(pk__gt=last)[:BATCH]):
        last = batch[-1]["pk"]
        yield batch


def _with_events(trail_type: str, rows: Sequence[Mapping[str, object]]) -> Iterator[tuple[Row, list[Told]]]:
    events = Event.objects.filter(subject_type=trail_type, subject_id__in=[row["pk"] for row in rows])
    steps = map(Told._make, events.order_by("subject_id", "position").values_list(*READ).iterator(BATCH))
    chains = {pk: list(chain) for pk, chain in groupby(steps, attrgetter("subject_id"))}
    return ((row, chains.get(row["pk"], [])) for row in rows)
