"""What proves that a recommendation is carried out, and what is still without proof."""

from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import Any

from workflow.declarations import ExtraExpectation
from workflow.lifecycles.recommendation import RecommendationLifecycle, State
from workflow.roles import Role


class ProvedRecommendation(RecommendationLifecycle):
    """Its plan, its evidence and its interim deadlines; all methods use prefetched rows."""

    class Meta:
        abstract = True

    plans: Any
    evidence: Any
    interim_deadlines: Any

    def plan_now(self) -> Any:
        """The newest version of the plan, or None."""
        return self.once("plan", lambda: max(self.plans.all(), key=attrgetter("version"), default=None))

    def measures_now(self) -> list[Any]:
        plan = self.plan_now()
        return self.once("measures", lambda: list(plan.measures.all())) if plan else []

    def interims(self) -> list[Any]:
        return self.once("interims", lambda: list(self.interim_deadlines.all()))

    def files(self) -> list[Any]:
        """Every file of evidence that was ever received."""
        return self.once("files", lambda: list(self.evidence.all()))

    def evidence_now(self) -> list[Any]:
        """The newest version of each file: what was decided on an older one does not hold of it."""
        files = self.files()
        replaced = {one.replaces_id for one in files}
        return [one for one in files if one.pk not in replaced]

    def measures_unproved(self) -> list[Any]:
        """The measures with neither evidence (a rejected file is none) nor a reason why there is none."""
        return self._unproved(self.measures_now(), "measure_id")

    def interims_unproved(self) -> list[Any]:
        """The same of the interim deadlines."""
        return self._unproved(self.interims(), "interim_id")

    def measures_are_proved(self) -> bool:
        return not self.measures_unproved()

    def interims_are_proved(self) -> bool:
        return not self.interims_unproved()

    def files_undecided(self) -> list[Any]:
        """The newest versions that the department has neither accepted nor rejected."""
        return [one for one in self.evidence_now() if one.decision == "received"]

    def names_undecided(self) -> str:
        return ", ".join(one.name for one in self.files_undecided())

    def has_accepted_evidence(self) -> bool:
        return any(one.decision == "accepted" for one in self.evidence_now())

    def extra_expectations(self) -> Iterable[ExtraExpectation]:
        """In progress, the evidence on each measure and on each interim deadline that has none, by its date."""
        if self.state != State.IN_PROGRESS:
            return
        for measure in self.measures_unproved():
            if measure.due:
                yield _evidence(f"measure:{measure.pk}", measure)
        for interim in self.interims_unproved():
            yield _evidence(f"interim:{interim.pk}", interim)

    def _unproved(self, duties: Sequence[Any], key: str) -> list[Any]:
        bare = [one for one in duties if not one.unproved_reason.strip()]
        proved = {getattr(one, key) for one in self.evidence_now() if one.decision != "rejected"} if bare else set()
        return [one for one in bare if one.pk not in proved]


def _evidence(key: str, duty: Any) -> ExtraExpectation:
    officer, head = Role.INSTITUTION_OFFICER, Role.INSTITUTION_HEAD
    return ExtraExpectation("evidence", officer, key, duty.due, topic=duty.topic, helper=head)
