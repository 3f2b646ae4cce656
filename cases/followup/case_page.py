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

from cases.followup.access import get_recommendation
from cases.followup.models import (
    Comment,
    Contributor,
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
from workflow.case import Case
from workflow.lifecycles.recommendation import Action
from workflow.models import Event, Expectation
from workflow.trail.history import HistoryLine, history

M = TypeVar("M", bound=models.Model)
BESIDE = ("ministry", "department", "institution", "source", "coordinator", "claimed_by", "verified_by", "closed_by")


@dataclass(frozen=True)
class Told:
    """A record beside the case, and the name of the person it is from."""

    record: Any
    who: str


@dataclass(frozen=True)
class Relative:
    """A recommendation that this one follows, or that follows this one."""

    number: str
    state: str
    state_label: str
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
        self.answers = [_told(ResponseVersion, row) for row in case.answer_rows]
        self.comments = [_told(Comment, row) for row in case.comment_rows]
        self.owed = [_told(Expectation, row) for row in [*case.owed_rows, *case.owed_extension_rows]]
        self.relatives = [_relative(case, row) for row in case.relative_rows]
        self._share()

    def _share(self) -> None:
        """Give the case what conditions ask for, so that they find it without queries of their own."""
        measures = list(Measure.objects.filter(plan__recommendation=self.case.pk))
        for plan in self.plans:
            _keep(plan, "measures", [one for one in measures if one.plan_id == plan.pk])
        _keep(self.case, "texts", self.texts)
        _keep(self.case, "plans", self.plans)
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
    def history(self) -> list[HistoryLine]:
        """Newest first; a request for more time is told once, as its own first step."""
        lines = history(self.case, self.extensions, reader=self.reader)
        return [line for line in reversed(lines) if line.action != Action.EXTEND]


def organisations_of(case: Recommendation) -> dict[int, str]:
    return {one.pk: str(one) for one in (case.ministry, case.department, case.institution)}


def told_since(case: Case, version: int, *, reader: User) -> list[HistoryLine]:
    """What happened to a case after its `version`, oldest first, as `reader` may know it."""
    newer = Event.objects.of(case.CASE_TYPE, case.pk).filter(version__gt=version)
    ids = set(newer.values_list("pk", flat=True))
    return [line for line in history(case, reader=reader) if line.event_id in ids]


class WholeRow(Expression):
    """A row of the query's own table as JSON; cheaper to compile than to name each column."""

    output_field = JSONField()

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[str | int, ...]]:
        return f"to_jsonb({compiler.quote_name_unless_alias(compiler.query.get_initial_alias())})", ()


def _rows(reader: User) -> RecommendationQuerySet:
    relatives = Recommendation.objects.visible_to(reader, by_key=True).filter(
        Q(predecessor=OuterRef("pk")) | Q(pk=OuterRef("predecessor_id"))
    )
    comments = Comment.objects.visible_to(reader).filter(recommendation=OuterRef("pk"))
    rows = Recommendation.objects.select_related(*BESIDE).defer("search", "search_vector")
    return rows.annotate(
        **_constant_parts(),
        comment_rows=_json(comments, who="written_by__full_name"),
        relative_rows=ArraySubquery(
            relatives.order_by("id").values(row=JSONObject(id="id", number="number", state="state"))
        ),
    )


@cache
def _constant_parts() -> dict[str, ArraySubquery]:
    """What is the same for every reader."""
    here = Q(recommendation=OuterRef("pk"))
    extensions = Extension.objects.filter(recommendation=OuterRef(OuterRef("pk"))).values("pk")
    return {
        "text_rows": _json(RecommendationText.objects.filter(here)),
        "plan_rows": _json(Plan.objects.filter(here)),
        "contributor_names": ArraySubquery(Contributor.objects.filter(here).values("name")),
        "interim_rows": _json(InterimDeadline.objects.filter(here)),
        "answer_rows": _json(ResponseVersion.objects.filter(here), who="given_by__full_name"),
        "owed_rows": _json(_expected(Recommendation).filter(subject_id=OuterRef("pk")), who="assignee__full_name"),
        "owed_extension_rows": _json(_expected(Extension).filter(subject_id__in=extensions), who="assignee__full_name"),
    }


def _expected(model: type[Case]) -> QuerySet[Expectation]:
    return Expectation.objects.open().filter(subject_type=model.CASE_TYPE).order_by("due", "id")


def _json(rows: QuerySet[Any], *, who: str = "") -> ArraySubquery:
    """The rows as an array of objects, in their order; `who` is the path to a name that goes along."""
    if not who:
        return ArraySubquery(rows.values(row=WholeRow()))
    return ArraySubquery(rows.values(row=JSONObject(row=WholeRow(), who=who)))


def _made(model: type[M], row: Mapping[str, Any]) -> M:
    """The record that a row of JSON tells of."""
    fields = (field for field in model._meta.concrete_fields if field.attname in row)
    return model(**{field.attname: field.to_python(row[field.attname]) for field in fields})


def _told(model: type[models.Model], found: Mapping[str, Any]) -> Told:
    return Told(_made(model, found["row"]), found["who"] or "")


def _relative(case: Recommendation, row: Mapping[str, Any]) -> Relative:
    label = str(Recommendation.STATES(row["state"]).label)
    return Relative(row["number"], row["state"], label, is_before=row["id"] == case.predecessor_id)


def _keep(owner: models.Model, relation: str, rows: Sequence[models.Model]) -> None:
    """Put rows that were read already where Django looks for prefetched ones, as `prefetch_related` does."""
    found: Any = getattr(owner, relation).all()
    found._result_cache = list(rows)
    found._prefetch_done = True
    owner.__dict__.setdefault("_prefetched_objects_cache", {})[relation] = found
