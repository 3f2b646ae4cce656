"""Which recommendations a person may see, and the narrowings that lists and figures share."""

import re
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Prefetch, Q

from cases.ground.search import ids_of_few, prefix_query
from workflow.case import CaseQuerySet
from workflow.lifecycles.recommendation import State
from workflow.terms import legal_date

if TYPE_CHECKING:
    from cases.followup.models.recommendations import Recommendation  # noqa: F401 - what the rows are

NUMBER = re.compile(r"[DR]-[0-9]{4}-[0-9]*")
"""A case number, or its beginning as far as the year."""
NEVER_OVERDUE = (State.DRAFT, State.CLOSED)
SHOWN = (
    "number", "version", "state", "risk", "is_priority", "current_due", "authoritative_language",
    *(f"institution__{name}{language}" for name in ("name", "short_name") for language in ("", "_ky", "_ru", "_en")),
)  # fmt: skip
"""What a row of a list shows in addition to its text."""
TEXTS_TOO = Prefetch("texts", to_attr="read_texts")
"""Prefetched as plain lists: giving each row a queryset of its own would take as long as all the rest."""


class RecommendationQuerySet(CaseQuerySet["Recommendation"]):
    def open(self) -> "RecommendationQuerySet":
        return self.exclude(state=State.CLOSED)

    def overdue(self, on: date | None = None) -> "RecommendationQuerySet":
        return self.exclude(state__in=NEVER_OVERDUE).filter(current_due__lt=on or legal_date())

    def matching(self, text: str) -> "RecommendationQuerySet":
        """By words of what it says, or by its number, final or provisional, or the beginning of one."""
        wanted = text.strip().upper()
        if NUMBER.fullmatch(wanted):
            return self.filter(Q(number__startswith=wanted) | Q(draft_number__startswith=wanted))
        query, few = prefix_query(text), ids_of_few(self.model, text)
        if few is not None:
            return self.filter(pk__in=few)
        return self.filter(search_vector=query) if query else self

    def for_lists(self) -> "RecommendationQuerySet":
        """Only the columns a list row shows; building full instances costs more than the query."""
        return self.select_related("institution").prefetch_related(TEXTS_TOO).only(*SHOWN)
