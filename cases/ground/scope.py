"""Rows that are about cases (events, expectations), narrowed to the cases that a person may see."""

from django.db.models import Exists, OuterRef, Q

from workflow.case import case_types
from workflow.roles import Actor


def about_cases_seen_by(user: Actor) -> Q:
    """For a table with `subject_type` and `subject_id`. What is about no kind of case is left out."""
    seen = Q(pk__in=())
    for name, model in case_types().items():
        cases = model._base_manager.filter(model.visible_q(user), pk=OuterRef("subject_id"))
        seen |= Q(Exists(cases), subject_type=name)
    return seen
