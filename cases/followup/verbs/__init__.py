"""Everything one may do to a recommendation that is not a change of state: right, change and trail in one step."""

from cases.followup.verbs.answering import MeasureDraft, request_extension, write_plan
from cases.followup.verbs.drafting import Draft, draft_each, draft_recommendation, edit_draft
from cases.followup.verbs.leading import draft_successor, translate
from cases.followup.verbs.proving import attach, explain, review_evidence

__all__ = [
    "Draft",
    "MeasureDraft",
    "attach",
    "draft_each",
    "draft_recommendation",
    "draft_successor",
    "edit_draft",
    "explain",
    "request_extension",
    "review_evidence",
    "translate",
    "write_plan",
]
