"""The rows of the list of recommendations, as HTML."""

from collections.abc import Iterable

from django.utils.safestring import SafeString

from cases.desk.kinds import kind_of
from cases.followup.models import Recommendation
from cases.ground.patterns import Pattern, joined, shortened
from cases.ground.templatetags.baikoo import day, days_late
from workflow.lifecycles.recommendation import State

LONGEST_TEXT = 160
ROW = Pattern(
    "followup/list_row.html",
    ("number", "version", "url", "text", "institution", "risk", "state_class", "state", "due", "late"),
)


def list_rows(rows: Iterable[Recommendation], *, may_issue: bool) -> SafeString:
    """With `may_issue` drafts can be ticked."""
    return joined(_row(case, may_issue=may_issue) for case in rows)


def _row(case: Recommendation, *, may_issue: bool) -> SafeString:
    badges, late = kind_of(case).badges, case.days_late
    texts = {
        "number": case.number,
        "version": case.version,
        "url": case.get_absolute_url(),
        "text": shortened(case.text, LONGEST_TEXT),
        "institution": case.institution.short_name or case.institution,
        "risk": case.risk_label,
        "state_class": badges[case.state],
        "state": case.state_label,
        "due": day(case.current_due) or "–",
        "late": days_late(late) if late else "",
    }
    is_draft = case.state == State.DRAFT
    return ROW.filled(texts, may_issue=may_issue, is_draft=is_draft, is_priority=case.is_priority, is_late=bool(late))
