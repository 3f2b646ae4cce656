"""What the acts on an engagement read of its record, and leave on it: named here, done in cases/planning."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from workflow.case import Case


class EngagementEffects(Case):
    """See cases/planning/models/engagements.py."""

    class Meta:
        abstract = True

    def stands_in_plan_in_force(self) -> bool:
        """Whether a plan-schedule that is in force names it."""
        raise NotImplementedError

    def why_suspended(self) -> str:
        """Since when it rests; empty while it goes on."""
        raise NotImplementedError

    def has_all_dates(self) -> bool:
        """Whether every stage has its planned dates."""
        raise NotImplementedError

    def undelivered(self) -> Sequence[object]:
        """Deliverables of the present stage that are neither approved nor left out."""
        raise NotImplementedError

    def altered(self) -> Sequence[object]:
        """Approved deliverables that the next act rests on, and that are not what was approved any more."""
        raise NotImplementedError

    def altered_decision(self) -> Sequence[object]:
        """The same of the decision on the contractor, on which the contract rests."""
        raise NotImplementedError

    def altered_of_pilot(self) -> Sequence[object]:
        """The same of the experts' conclusions of its pilot, on which its collection rests (REG-11.4c)."""
        raise NotImplementedError

    def is_contractor_decided(self) -> bool:
        """Whether the decision on the contractor is approved (REG-13.4)."""
        raise NotImplementedError

    def is_pilot_concluded(self) -> bool:
        """Whether it has no pilot, or the experts' conclusions of that are approved (REG-11.4c)."""
        raise NotImplementedError

    def obstacles(self) -> Sequence[object]:
        """All that is still open when it is to be closed."""
        raise NotImplementedError

    def may_reopen(self, deliverables: Iterable[str]) -> bool:
        """Whether these numbers are some of the approved deliverables of the stage before."""
        raise NotImplementedError

    def keep_contract(self, facts: Mapping[str, object]) -> None:
        """Keep the contract, and whom it is concluded with."""
        raise NotImplementedError

    def keep_stage(self, stage: str) -> None:
        """Keep that the stage before ended today, and that this one began."""
        raise NotImplementedError

    def keep_return(self, stage: str) -> None:
        """Keep that the work goes on in the stage before."""
        raise NotImplementedError

    def keep_suspension(self, reason: str, until: date) -> None:
        """Keep since when it is suspended, why, and when it is to go on."""
        raise NotImplementedError

    def keep_resumption(self) -> None:
        """Keep that it goes on."""
        raise NotImplementedError

    def keep_cancelled(self, cancelling_act_id: int) -> None:
        """Keep the act by which it is cancelled."""
        raise NotImplementedError

    def ask_for_deliverables(self) -> None:
        """Ask for what the present stage has to deliver, as far as it can be asked for now."""
        raise NotImplementedError

    def reopen_named(self) -> None:
        """The deliverables that were named have to be corrected."""
        raise NotImplementedError

    def let_deliverables_follow(self) -> None:
        """What the deliverables expect rests while the monitoring is suspended, and goes on with it."""
        raise NotImplementedError

    def drop_deliverables(self) -> None:
        """Nothing is delivered any more."""
        raise NotImplementedError

    @property
    def stage_due(self) -> date | None:
        """The planned end of the stage, moved by the working days for which it was suspended."""
        raise NotImplementedError

    @property
    def contract_due(self) -> date | None:
        """By when the contract has to be entered: some days after the decision on the contractor (REG-13.4)."""
        raise NotImplementedError
