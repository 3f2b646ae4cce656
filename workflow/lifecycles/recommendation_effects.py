"""What the acts on a recommendation leave on its record: named here, done in cases/followup."""

from datetime import date

from workflow.case import Case
from workflow.lifecycles.follow_up import ClosingReason, Degree, Response


class RecommendationEffects(Case):
    """See cases/followup/models/recommendations.py."""

    class Meta:
        abstract = True

    def deliver(self) -> None:
        """Give the number, and keep what is delivered with its hash."""
        raise NotImplementedError

    def keep_response(self, response: Response, text: str, left_out: str) -> None:
        """Keep the answer as a version of its own."""
        raise NotImplementedError

    def await_response(self) -> None:
        """The institution has to answer again."""
        raise NotImplementedError

    def freeze_plan(self) -> None:
        """Keep the plan as it was agreed, with its hash."""
        raise NotImplementedError

    def reopen_plan(self) -> None:
        """Begin a new version of the plan; what was returned stays readable."""
        raise NotImplementedError

    def keep_claim(self) -> None:
        """Keep who reported it as done, and when."""
        raise NotImplementedError

    def keep_verification(self, degree: Degree) -> None:
        """Keep who verified it, when, and to which degree."""
        raise NotImplementedError

    def keep_accepted_risk(self, reason: str, owner: str, expires_on: date) -> None:
        """Keep why the risk is accepted, who owns it, and until when."""
        raise NotImplementedError

    def end(self, reason: ClosingReason, *, is_done: bool) -> None:
        """Keep who closed it, when, and why; what is done was done when it was claimed."""
        raise NotImplementedError

    def plan_effect_review(self) -> None:
        """Its effect is reviewed after twelve months (REG-11.6b)."""
        raise NotImplementedError
