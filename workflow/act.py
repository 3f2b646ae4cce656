"""The act under way: what conditions and effects may know of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from workflow.models import Event
from workflow.roles import Actor, Standing


@dataclass(frozen=True)
class Act:
    """What is done, by whom, under which right, at which moment: one act has one.

    `event` is set once the act is recorded; `because` is the event that it follows from, of a consequence. Without a
    person it is an act of the clock, such as the day on which an accepted risk expires.
    """

    action: str
    by: Actor | None
    standing: Standing | None
    at: datetime
    on: date
    inputs: Mapping[str, object]
    because: Event | None = None
    event: Event | None = None
    read: dict[str, object] = field(default_factory=dict, compare=False)
    """What conditions and effects have read of the locked case so far."""
    kept: dict[str, object] = field(default_factory=dict, compare=False)
    """What an effect adds to the details of the act's event, such as the hash of what was agreed."""

    @property
    def person_id(self) -> int:
        """The id of the person who acts, for effects that keep it."""
        if self.by is None:
            raise RuntimeError(f"nobody does '{self.action}': it is an act of the clock")
        return int(self.by.pk)
