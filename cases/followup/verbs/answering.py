"""What an institution does to answer: the plan, a comment, a request for more time."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date

from cases.followup.models import Comment, Evidence, Extension, Measure, Plan, Recommendation
from cases.registry.models import User
from workflow.calendar import legal_date
from workflow.extension import level_of
from workflow.lifecycle import amend, begin, remark
from workflow.recommendation import Action


@dataclass(frozen=True)
class MeasureDraft:
    """One line of the plan as filled in."""

    text: str
    responsible: str = ""
    due: date | None = None


def write_plan(recommendation: Recommendation, measures: Sequence[MeasureDraft], *, by: User, version: int) -> Plan:
    """Replace the measures of the plan that is not agreed yet; the trail keeps what it said before."""
    with amend(recommendation, Action.PLAN, by=by, version=version) as amendment:
        plan: Plan = amendment.case.plan_now() or Plan.objects.create(recommendation=amendment.case)
        before = plan.contents()
        plan.measures.all().delete()
        Measure.objects.bulk_create(
            Measure(plan=plan, position=position, **asdict(measure)) for position, measure in enumerate(measures, 1)
        )
        amendment.details["plan"] = [before, plan.contents()]
    return plan


def comment(recommendation: Recommendation, text: str, *, by: User, is_internal: bool) -> Comment:
    """Add a comment; an internal one is for the department and the Ministry only."""
    verb = Action.COMMENT_INTERNAL if is_internal else Action.COMMENT
    with remark(recommendation, verb, by=by) as remarked:
        written = Comment.objects.create(
            recommendation=recommendation, text=text.strip(), is_internal=is_internal, written_by=by
        )
        remarked.details["text"] = written.text
    return written


def request_extension(
    recommendation: Recommendation, *, until: date, reason: str, by: User, evidence: Evidence | None = None
) -> Extension:
    """Ask for more time; who decides follows from the slip it makes and whether the due date has passed."""
    with amend(recommendation, Action.EXTEND, by=by) as amendment:
        locked: Recommendation = amendment.case
        extension = Extension(
            number=f"{locked.number}-E{locked.extensions.count() + 1}",
            recommendation=locked,
            until=until,
            due_before=locked.current_due or until,
            reason=reason.strip(),
            evidence=evidence,
            requested_by=by,
            level=level_of(
                risk=locked.risk,
                first_due=locked.first_due or until,
                until=until,
                is_late=bool(locked.current_due and locked.current_due < legal_date()),
            ),
        )
        begin(extension, by=by, details={"until": until, "reason": reason})
        amendment.details["extension"] = extension.number
    return extension
