"""What the page of a case reads: one recommendation with all that belongs to it, in a constant number of queries.

What is only shown comes as JSON along with the row; what conditions ask for is put where prefetched rows are.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any, TypeVar

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Expression, JSONField, OuterRef, Prefetch, Q, QuerySet, prefetch_related_objects
from django.db.models.functions import JSONObject

from cases.desk.entries import Entry, Named, entries, remarks, tasks
from cases.desk.kinds import kind_of
from cases.desk.models import Comment
from cases.followup.access import get_recommendation
from cases.followup.models import (
    Contributor,
    Delivery,
    EffectReview,
    Evidence,
    Extension,
    InterimDeadline,
    Measure,
    Plan,
    Recommendation,
    RecommendationText,
    ResponseVersion,
)
from cases.followup.models.querysets import RecommendationQuerySet
from cases.registry.models import User
from workflow.lifecycles.recommendation import Action
from workflow.models import Expectation
from workflow.trail.history import history

M = TypeVar("M", bound=models.Model)
BESIDE = (
    "ministry",
    "department",
    "institution",
    "source",
    "coordinator",
    "watcher",
    "claimed_by",
    "verified_by",
    "closed_by",
)


@dataclass(frozen=True)
class Relative:
    """A recommendation that this one follows, or that follows this one."""

    case: Recommendation
    is_before: bool


class CasePage:
    """A recommendation as `reader` may see it, with everything that its page shows."""

    def __init__(self, reader: User, number: str) -> None:
        self.reader = reader
        case: Any = get_recommendation(reader, number, _rows(reader))
        self.case: Recommendation = case
        self.texts = [_made(RecommendationText, row) for row in case.text_rows]
        self.plans = [_made(Plan, row) for row in case.plan_rows]
        self.contributors: list[str] = case.contributor_names
        self.interim = [_made(InterimDeadline, row) for row in case.interim_rows]
        self.deliveries = [_named(Delivery, row) for row in case.delivery_rows]
        self.answers = [_named(ResponseVersion, row) for row in case.answer_rows]
        comments = (_named(Comment, row) for row in case.comment_rows)
        is_inside = case.is_inside(reader)
        shown = (named for named in comments if is_inside or not named.record.is_internal)
        self.comments = remarks(shown, str(kind_of(case).readers))
        owed = [_named(Expectation, row) for row in case.owed_rows]
        self.tasks = tasks(case, owed, reader, organisations_of(case))
        self.relatives = [_relative(case, row) for row in case.relative_rows]
        self._share()

    def _share(self) -> None:
        """Give the case what conditions ask for, so that they find it without queries of their own."""
        measures = list(Measure.objects.filter(plan__recommendation=self.case.pk))
        for plan in self.plans:
            _keep(plan, "measures", [one for one in measures if one.plan_id == plan.pk])
        _keep(self.case, "texts", self.texts)
        _keep(self.case, "plans", self.plans)
        _keep(self.case, "interim_deadlines", self.interim)
        prefetch_related_objects(
            [self.case],
            Prefetch("evidence", Evidence.objects.select_related("received_from", "decided_by")),
            Prefetch("extensions", Extension.objects.select_related("requested_by", "decided_by", "evidence")),
        )

    @cached_property
    def evidence(self) -> list[Evidence]:
        return list(self.case.evidence.all())

    @cached_property
    def extensions(self) -> list[Extension]:
        return list(self.case.extensions.all())

    @cached_property
    def effect_reviews(self) -> list[EffectReview]:
        """None before the date on which it is due."""
        reviews = self.case.effect_reviews.select_related("reported_by", "assessed_by")
        return list(reviews) if self.case.is_effect_due else []

    @cached_property
    def entries(self) -> list[Entry]:
        """The history, newest first; a request for more time is listed once, as its own first step."""
        lines = history(self.case, [*self.extensions, *self.effect_reviews], reader=self.reader)
        shown = [line for line in reversed(lines) if line.action != Action.EXTEND]
        return entries(shown, (self.case.number, self.case.draft_number), organisations_of(self.case))


def organisations_of(case: Recommendation) -> dict[int, str]:
    return {one.pk: str(one) for one in (case.ministry, case.department, case.institution)}


class WholeRow(Expression):
    """A row of the query's own table as JSON; cheaper to compile than to name each column."""

    output_field = JSONField()

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[str | int, ...]]:
        return f"to_jsonb({compiler.quote_name_unless_alias(compiler.query.get_initial_alias())})", ()


def _rows(reader: User) -> RecommendationQuerySet:
    relatives = Recommendation.objects.visible_to(reader, by_key=True).filter(
        Q(predecessor=OuterRef("pk")) | Q(pk=OuterRef("predecessor_id"))
    )
    rows = Recommendation.objects.select_related(*BESIDE).defer("search", "search_vector")
    return rows.annotate(
        **_constant_parts(),
        relative_rows=ArraySubquery(
            relatives.order_by("id").values(row=JSONObject(id="id", number="number", state="state"))
        ),
    )


@cache
def _constant_parts() -> dict[str, ArraySubquery]:
    """What is the same for every reader."""
    here = Q(recommendation=OuterRef("pk"))
    about = {"about_type": Recommendation.CASE_TYPE, "about_id": OuterRef("pk")}
    subject = {"subject_type": Recommendation.CASE_TYPE, "subject_id": OuterRef("pk")}
    return {
        "text_rows": _json(RecommendationText.objects.filter(here)),
        "plan_rows": _json(Plan.objects.filter(here)),
        "contributor_names": ArraySubquery(Contributor.objects.filter(here).values("name")),
        "interim_rows": _json(InterimDeadline.objects.filter(here)),
        "delivery_rows": _json(Delivery.objects.filter(here), who="event__actor__full_name"),
        "answer_rows": _json(ResponseVersion.objects.filter(here), who="given_by__full_name"),
        "comment_rows": _json(Comment.objects.filter(**subject).order_by("id"), who="written_by__full_name"),
        "owed_rows": _json(Expectation.objects.open().filter(**about).order_by("due", "id"), who="assignee__full_name"),
    }


def _json(rows: QuerySet[models.Model], *, who: str = "") -> ArraySubquery:
    """The rows as an array of objects, in their order; `who` is the path to a name that goes along."""
    if not who:
        return ArraySubquery(rows.values(row=WholeRow()))
    return ArraySubquery(rows.values(row=JSONObject(row=WholeRow(), who=who)))


def _made(model: type[M], row: Mapping[str, object]) -> M:
    """The record that a row of JSON tells of."""
    fields = (field for field in model._meta.concrete_fields if field.attname in row)
    return model(**{field.attname: field.to_python(row[field.attname]) for field in fields})


def _named(model: type[models.Model], found: Mapping[str, Any]) -> Named:
    return Named(_made(model, found["row"]), found["who"] or "")


def _relative(case: Recommendation, row: Mapping[str, object]) -> Relative:
    return Relative(_made(Recommendation, row), is_before=row["id"] == case.predecessor_id)


def _keep(owner: models.Model, relation: str, rows: Sequence[models.Model]) -> None:
    """Put rows that were read already where Django looks for prefetched ones, as `prefetch_related` does."""
    found: Any = getattr(owner, relation).all()
    found._result_cache = list(rows)
    found._prefetch_done = True
    owner.__dict__.setdefault("_prefetched_objects_cache", {})[relation] = found
