"""Which recommendations a person may see, and the narrowings that lists and figures share."""

import re
from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, OuterRef, Prefetch, Q
from guardian.utils import get_user_obj_perms_model

from cases.ground.search import prefix_query
from workflow.lifecycles.recommendation import State
from workflow.roles import Actor
from workflow.terms import legal_date

if TYPE_CHECKING:
    from cases.followup.models.recommendations import Recommendation  # noqa: F401 - what the rows are

NUMBER = re.compile(r"[DR]-[0-9]{4}-[0-9]*")
"""A case number, or its beginning as far as the year."""
SHOWN = (
    "number", "version", "state", "risk", "is_priority", "current_due", "authoritative_language",
    *(f"institution__{name}{language}" for name in ("name", "short_name") for language in ("", "_ky", "_ru", "_en")),
)  # fmt: skip
"""What a row of a list tells, beside its text."""
TEXTS_TOO = Prefetch("texts", to_attr="read_texts")
"""As lists on the rows: to give each row a queryset of its own takes as long as all the rest."""


class RecommendationQuerySet(models.QuerySet["Recommendation"]):
    def visible_to(self, user: Actor, *, by_key: bool = False) -> "RecommendationQuerySet":
        """By role and relation, and by name where a person was let in to one case.

        Where rows are found `by_key` (a number, a neighbour), names are looked up beside them. In lists that would keep
        every index from being used, so there the ids themselves are asked for first; they are almost always none.
        """
        named = get_user_obj_perms_model(self.model).objects.filter(
            user_id=user.pk, permission__codename="view_recommendation"
        )
        if by_key:
            let_in = Q(Exists(named.filter(content_object=OuterRef("pk"))))
        else:
            let_in = Q(pk__in=list(named.values_list("content_object_id", flat=True)))
        return self.filter(self.model.visible_q(user) | let_in)

    def open(self) -> "RecommendationQuerySet":
        return self.exclude(state=State.CLOSED)

    def overdue(self, on: date | None = None) -> "RecommendationQuerySet":
        return self.open().filter(current_due__lt=on or legal_date()).exclude(state=State.DRAFT)

    def matching(self, text: str) -> "RecommendationQuerySet":
        """By words of what it says, or by its number, final or provisional, or the beginning of one."""
        wanted = text.strip().upper()
        if NUMBER.fullmatch(wanted):
            return self.filter(Q(number__startswith=wanted) | Q(draft_number__startswith=wanted))
        query = prefix_query(text)
        return self.filter(search_vector=query) if query else self

    def for_lists(self) -> "RecommendationQuerySet":
        """With what a row shows and no more: making whole objects of all that is stored takes longer than the query."""
        return self.select_related("institution").prefetch_related(TEXTS_TOO).only(*SHOWN)
