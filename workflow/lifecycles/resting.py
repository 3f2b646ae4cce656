"""What belongs to an engagement and rests with it: while there is a reason for that, nothing is expected of anybody."""

from workflow.case import Case
from workflow.conditions import Condition


class RestsWithEngagement(Case):
    """A case of an engagement, such as a deliverable."""

    class Meta:
        abstract = True

    def why_it_rests(self) -> str:
        """Why nothing can be done now; empty while the engagement goes on and is in the stage for it."""
        raise NotImplementedError

    def why_over(self) -> str:
        """Why nothing is added any more; empty while the engagement is neither closed nor cancelled."""
        raise NotImplementedError


is_under_way = Condition(lambda case: case.why_it_rests(), lambda case: not case.why_it_rests())
is_not_over = Condition(lambda case: case.why_over(), lambda case: not case.why_over())
