"""What the acts on a deliverable read of its record, and leave on it: named here, done in cases/planning."""

from collections.abc import Sequence
from datetime import date

from workflow.lifecycles.resting import RestsWithEngagement
from workflow.rounds.decided import DecidedInRounds


class DeliverableEffects(RestsWithEngagement, DecidedInRounds):
    """See cases/planning/models/deliverables.py."""

    class Meta:
        abstract = True

    def who_drafts(self) -> str:
        """The name of the person or role that prepares it."""
        raise NotImplementedError

    def has_contents(self) -> bool:
        """Whether there is something to decide on."""
        raise NotImplementedError

    def files_are_whole(self) -> bool:
        """Whether its files on disk are those that were received."""
        raise NotImplementedError

    def lacks(self) -> Sequence[str]:
        """What it lacks to be submitted, in sentences, such as findings that are still drafts."""
        raise NotImplementedError

    def is_itemised(self) -> bool:
        """Whether its kind consists of lines, such as those of an estimate."""
        raise NotImplementedError

    def misfits(self) -> Sequence[object]:
        """Entries of the calendar that lie outside of the stages, or need one institution or one person at once."""
        raise NotImplementedError

    def can_be_spared(self) -> bool:
        """Whether the monitoring can go on without it."""
        raise NotImplementedError

    def waits_for_pilot(self) -> bool:
        """Whether these are instruments, and the pilot's conclusions are not approved yet (REG-11.4c)."""
        raise NotImplementedError

    def keep_submitted(self) -> None:
        """Keep the contents as a version that never changes."""
        raise NotImplementedError

    def keep_left_out(self, reason: str) -> None:
        """Keep why it is left out."""
        raise NotImplementedError

    def sequel_of_approval(self) -> None:
        """What follows from an approval, such as findings that are confirmed, or from its withdrawal."""
        raise NotImplementedError

    @property
    def submit_by(self) -> date | None:
        """When its first version is due; None afterwards."""
        raise NotImplementedError
