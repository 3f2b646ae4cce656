"""What proves that a recommendation is carried out, and what is still without proof."""

from collections.abc import Iterable, Sequence
from datetime import date
from operator import attrgetter
from typing import TYPE_CHECKING, TypeVar

from workflow.declarations import ExtraExpectation
from workflow.lifecycles.recommendation import Action, RecommendationLifecycle, State
from workflow.roles import Role

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager

    from cases.followup.models.evidence import Evidence
    from cases.followup.models.parts import InterimDeadline
    from cases.followup.models.plans import Measure, Plan

D = TypeVar("D", "Measure", "InterimDeadline")


class ProvedRecommendation(RecommendationLifecycle):
    """Its plan, its evidence and its interim deadlines; all methods use prefetched rows."""

    class Meta:
        abstract = True

    if TYPE_CHECKING:
        plans: RelatedManager[Plan]
        evidence: RelatedManager[Evidence]
        interim_deadlines: RelatedManager[InterimDeadline]

    def hold(self, plans: "Sequence[Plan]", interims: "Sequence[InterimDeadline]") -> None:
        """Rows of a case that is only shown, read already: what asks for them asks no query."""
        self.once("plan", lambda: max(plans, key=attrgetter("version"), default=None))
        self.once("interims", lambda: list(interims))

    def plan_now(self) -> "Plan | None":
        """The newest version of the plan, or None."""
        return self.once("plan", lambda: max(self.plans.all(), key=attrgetter("version"), default=None))

    def plan_written(self) -> "Plan":
        """The newest version of the plan. Raises LookupError when there is none."""
        if (plan := self.plan_now()) is None:
            raise LookupError(f"{self} has no plan.")
        return plan

    def freeze_plan(self) -> None:
        plan = self.plan_written()
        plan.freeze(self.acting.on)
        self.acting.kept["plan_sha256"] = plan.sha256

    def reopen_plan(self) -> None:
        self.plan_written().reopen()
        self.acting.read.clear()  # The plan is another one now.

    def measures_now(self) -> "list[Measure]":
        plan = self.plan_now()
        return self.once("measures", lambda: list(plan.measures.all())) if plan else []

    def interims(self) -> "list[InterimDeadline]":
        return self.once("interims", lambda: list(self.interim_deadlines.all()))

    def files(self) -> "list[Evidence]":
        """Every file of evidence that was ever received."""
        return self.once("files", lambda: list(self.evidence.all()))

    def evidence_now(self) -> "list[Evidence]":
        """The newest version of each file; a decision on an older version does not apply to it."""
        files = self.files()
        replaced = {file.replaces_id for file in files}
        return [file for file in files if file.pk not in replaced]

    def measures_unproved(self) -> "list[Measure]":
        """The measures without evidence and without a reason for that; a rejected file is no evidence."""
        return self._unproved(self.measures_now(), "measure_id")

    def interims_unproved(self) -> "list[InterimDeadline]":
        """The interim deadlines without either."""
        return self._unproved(self.interims(), "interim_id")

    def measures_are_proved(self) -> bool:
        return not self.measures_unproved()

    def interims_are_proved(self) -> bool:
        return not self.interims_unproved()

    def files_undecided(self) -> "list[Evidence]":
        """The newest versions that the department has neither accepted nor rejected."""
        return [file for file in self.evidence_now() if file.decision == "received"]

    def names_undecided(self) -> str:
        return ", ".join(file.name for file in self.files_undecided())

    def has_accepted_evidence(self) -> bool:
        return any(file.decision == "accepted" for file in self.evidence_now())

    EXTRA = {Action.EVIDENCE: Role.INSTITUTION_OFFICER}

    def extra_expectations(self) -> Iterable[ExtraExpectation]:
        """In progress, the evidence on each measure and on each interim deadline that has none, by its date."""
        if self.state != State.IN_PROGRESS:
            return
        for measure in self.measures_unproved():
            if measure.due:
                yield _evidence(f"measure:{measure.pk}", measure.due, measure.topic)
        for interim in self.interims_unproved():
            yield _evidence(f"interim:{interim.pk}", interim.due, interim.topic)

    def _unproved(self, duties: Sequence[D], key: str) -> list[D]:
        bare = [duty for duty in duties if not duty.unproved_reason.strip()]
        proved = {getattr(file, key) for file in self.evidence_now() if file.decision != "rejected"} if bare else set()
        return [duty for duty in bare if duty.pk not in proved]


def _evidence(key: str, due: date, topic: str) -> ExtraExpectation:
    officer, head = Role.INSTITUTION_OFFICER, Role.INSTITUTION_HEAD
    return ExtraExpectation("evidence", officer, key, due, topic=topic, helper=head)
