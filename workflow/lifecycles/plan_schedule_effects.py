"""What the acts on a plan-schedule read of its record, and leave on it: named here, done in cases/planning."""

from collections.abc import Sequence
from datetime import date

from workflow.rounds.decided import DecidedInRounds


class PlanScheduleEffects(DecidedInRounds):
    """See cases/planning/models/plans.py."""

    class Meta:
        abstract = True

    def items_now(self) -> Sequence[object]:
        """The monitorings that are planned."""
        raise NotImplementedError

    def items_outside(self) -> Sequence[object]:
        """Those whose dates lie outside of the period."""
        raise NotImplementedError

    def items_before_their_pilot(self) -> Sequence[object]:
        """Main monitorings that begin before their pilot ends."""
        raise NotImplementedError

    def has_begun(self) -> bool:
        """Whether the first day of its period has come."""
        raise NotImplementedError

    def overdue_not_planned(self) -> Sequence[object]:
        """Institutions and programme areas that were not monitored for three years and are not planned (REG-10)."""
        raise NotImplementedError

    def unweighed(self) -> Sequence[object]:
        """Approved proposals of monitorings on which no plan-schedule has decided (REG-11.6c)."""
        raise NotImplementedError

    def has_work_ahead(self) -> bool:
        """Whether something is to be prepared by now that nobody is asked for yet."""
        raise NotImplementedError

    def keep_submitted(self) -> None:
        """Keep the contents as a version that never changes."""
        raise NotImplementedError

    def keep_approval(self, approval_act_id: int) -> None:
        """Keep the act by which it is approved."""
        raise NotImplementedError

    def keep_in_force(self, on: date) -> None:
        """Keep since when it holds."""
        raise NotImplementedError

    def keep_superseded(self, on: date) -> None:
        """Keep until when it held."""
        raise NotImplementedError

    def supersede_earlier(self) -> None:
        """The plan-schedule that was in force is superseded."""
        raise NotImplementedError
