"""The history of a case as pages show it, with the names of the organisations that people acted for."""

from collections.abc import Iterable, Sequence

from django.db.models import F, QuerySet

from cases.desk.entries import HistoryEntry, entries
from cases.desk.slices import with_differences
from cases.registry.models import Organisation, User
from workflow.case import Case
from workflow.models import Event
from workflow.trail.history import HistoryLine, history


def history_of(case: Case, parts: Sequence[Case] = (), *, reader: User) -> list[HistoryEntry]:
    """What happened to a case and to what is shown on its page, newest first, as `reader` may know it."""
    lines = history(case, parts, reader=reader)
    return entries(lines[::-1], [case.number], organisations_of(lines))


def changes_since(case: Case, version: int, *, reader: User) -> list[HistoryEntry]:
    """What happened to a case after its `version`, oldest first, as `reader` may know it."""
    return _chosen(case, Event.objects.of(case.CASE_TYPE, case.pk).filter(version__gt=version), reader)


def last_move(case: Case, *, reader: User) -> list[HistoryEntry]:
    """The act that brought a case to its present state, as `reader` may know it."""
    moves = Event.objects.of(case.CASE_TYPE, case.pk).exclude(source=F("target"))
    return _chosen(case, moves.order_by("-id")[:1], reader)


def organisations_of(lines: Iterable[HistoryLine]) -> dict[int, str]:
    ids = {line.organisation_id for line in lines if line.organisation_id}
    return {pk: str(organisation) for pk, organisation in Organisation.objects.in_bulk(list(ids)).items()}


def _chosen(case: Case, events: QuerySet[Event], reader: User) -> list[HistoryEntry]:
    ids = set(events.values_list("pk", flat=True))
    lines = [line for line in history(case, reader=reader) if line.event_id in ids]
    return list(with_differences(entries(lines, [case.number], organisations_of(lines))))
