"""Compares where the events of a case are shown with the case: its page, and the ministry that may read them.

Neither is part of an event's hash, so nothing else would find an event that was moved out of sight.
"""

from collections.abc import Iterator, Sequence
from typing import cast

from django.db.models import Model

from workflow.case import Case
from workflow.models import Event
from workflow.parties import Column
from workflow.roles import Role
from workflow.trail.findings import TrailFault
from workflow.trail.replaying import READ, Row, Told, Unreadable, part, read


class ShownPlace:
    """Where the events of one kind of case are shown."""

    def __init__(self, model: type[Case]) -> None:
        self.model = model
        relation = model.RELATIONS.get(Role.MINISTRY_LEADER)
        # A relation that depends on more than keys can have been another one at the time.
        self.ministry = relation.path if type(relation) is Column else ""
        self.leads_to = _holder(model, self.ministry) if self.ministry else None
        about = model._meta.get_field(model.ABOUT) if model.ABOUT else None
        self.about = f"{model.ABOUT}_id" if about else ""
        self.about_type = str(getattr(about.related_model, "CASE_TYPE", "")) if about else ""

    @property
    def paths(self) -> Sequence[str]:
        """What has to be read of a case."""
        holder = self.leads_to[0] if self.leads_to else ""
        return [path for path in dict.fromkeys((self.ministry, holder, self.about)) if path]

    def findings(self, row: Row, events: Sequence[Told]) -> Iterator[TrailFault]:
        about = (self.about_type, row[self.about] if self.about else None)
        for event in events:
            if (event.about_type, event.about_id) != about or not self._is_for_its_ministry(row, events, event):
                yield event.finding("shown_elsewhere")

    def _is_for_its_ministry(self, row: Row, events: Sequence[Told], event: Told) -> bool:
        return not self.ministry or event.ministry_id == row[self.ministry] or self._was_its(row, events, event)

    def _was_its(self, row: Row, events: Sequence[Told], event: Told) -> bool:
        """Whether the trail tells that it was another ministry's once, as that of a department that was moved."""
        column = self.ministry.rpartition("__")[2]
        chain = chain_of(self.leads_to[1], cast(int, row[self.leads_to[0]])) if self.leads_to else events
        return any(event.ministry_id in _changed(step, column) for step in chain)


def chain_of(model: type[Model], pk: int) -> Sequence[Told]:
    """The events of one record; none of one that has no trail."""
    types = [getattr(model, name, None) for name in ("CASE_TYPE", "TRAIL_TYPE")]
    events = Event.objects.filter(subject_type__in=filter(None, types), subject_id=pk).order_by("position")
    return list(map(Told._make, events.values_list(*READ)))


def _changed(event: Told, column: str) -> Sequence[object]:
    """The values before and after, where an event changed the column."""
    try:
        pair = part(read(event.text), "changes").get(column)
    except Unreadable:  # That is a finding of its own.
        return ()
    return pair if isinstance(pair, list) else ()


def _holder(model: type[Case], path: str) -> tuple[str, type[Model]] | None:
    """Where the ministry is a column of another record: the path to that one's key, and its model."""
    names = path.split("__")[:-1]
    holder: type[Model] = model
    for name in names:
        holder = cast(type[Model], holder._meta.get_field(name).related_model)
    return ("__".join(names) + "_id", holder) if names else None
