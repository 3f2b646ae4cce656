"""What the page of a case reads: one recommendation with all that belongs to it, in a constant number of queries.

What is only shown comes as JSON along with the row; what conditions ask for is held by the case.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TypedDict, TypeVar

from django.contrib.postgres.expressions import ArraySubquery
from django.db import DEFAULT_DB_ALIAS, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Expression, JSONField, OuterRef, Prefetch, Q, QuerySet, prefetch_related_objects
from django.db.models.expressions import RawSQL
from django.db.models.functions import JSONObject
from django.db.models.sql.compiler import SQLCompiler

from cases.analysis.models import STATEMENTS, Finding
from cases.desk.entries import HistoryEntry, Named, entries, remarks, tasks
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
    Plan,
    Recommendation,
    RecommendationText,
    ResponseVersion,
)
from cases.followup.models.querysets import TEXTS_TOO, RecommendationQuerySet
from cases.planning.models import Engagement
from cases.registry.models import User
from workflow.lifecycles.follow_up import Risk
from workflow.lifecycles.recommendation import Action, State
from workflow.models import Expectation
from workflow.trail.history import history

M = TypeVar("M", bound=models.Model)
READS = (
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


class _NamedRow(TypedDict):
    """A row as JSON, and the full name that belongs to it."""

    row: Mapping[str, object]
    who: str | None


class CasePage:
    """A recommendation as `reader` may see it, with everything that its page shows."""

    def __init__(self, reader: User, number: str) -> None:
        self.reader = reader
        self.case = case = get_recommendation(reader, number, _rows(reader))
        read = vars(case)
        self.texts = [_made(RecommendationText, row) for row in read["text_rows"]]
        self.plans = [_made(Plan, row) for row in read["plan_rows"]]
        self.contributors: list[str] = read["contributor_names"]
        self.interim = [_made(InterimDeadline, row) for row in read["interim_rows"]]
        self.deliveries = [_named(Delivery, row) for row in read["delivery_rows"]]
        self.answers = [_named(ResponseVersion, row) for row in read["answer_rows"]]
        comments = (_named(Comment, row) for row in read["comment_rows"])
        is_inside = case.is_inside(reader)
        shown = (named for named in comments if is_inside or not named.record.is_internal)
        self.comments = remarks(shown, str(kind_of(case).readers))
        owed = [_named(Expectation, row) for row in read["owed_rows"]]
        self.tasks = tasks(case, owed, reader, organisations_of(case))
        self.relatives = [_relative(case, row) for row in read["relative_rows"]]
        self.findings = [_made(Finding, row) for row in read["finding_rows"] or ()]
        self.engagement = next((_made(Engagement, row) for row in read["engagement_rows"] or ()), None)
        self._share()

    def _share(self) -> None:
        """Give the case what conditions ask for, so that they find it without queries of their own."""
        prefetch_related_objects(self.plans, "measures")
        setattr(self.case, str(TEXTS_TOO.to_attr), self.texts)
        self.case.hold(self.plans, self.interim)
        prefetch_related_objects(
            [self.case],
            Prefetch("evidence", Evidence.objects.select_related("received_from", "decided_by")),
            Prefetch("extensions", Extension.objects.select_related("requested_by", "decided_by", "evidence")),
        )

    @property
    def is_issued(self) -> bool:
        return bool(self.case.state != State.DRAFT)

    @property
    def is_open(self) -> bool:
        """Issued and not closed: it can fall late."""
        return self.is_issued and not self.case.is_final

    @property
    def is_high_risk(self) -> bool:
        return bool(self.case.risk == Risk.HIGH)

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
    def entries(self) -> list[HistoryEntry]:
        """The history, newest first; a request for more time is listed once, as its own first step."""
        lines = history(self.case, [*self.extensions, *self.effect_reviews], reader=self.reader)
        shown = [line for line in reversed(lines) if line.action != Action.EXTEND]
        return entries(shown, (self.case.number, self.case.draft_number), organisations_of(self.case))


def organisations_of(case: Recommendation) -> dict[int, str]:
    return {organisation.pk: str(organisation) for organisation in (case.ministry, case.department, case.institution)}


class WholeRow(Expression):
    """A row of the query's own table as JSON; cheaper to compile than to name each column."""

    output_field = JSONField()

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, tuple[str | int, ...]]:
        return f"to_jsonb({compiler.quote_name_unless_alias(compiler.query.get_initial_alias())})", ()


def _rows(reader: User) -> RecommendationQuerySet:
    relatives = Recommendation.objects.visible_to(reader, by_key=True).filter(
        Q(predecessor=OuterRef("pk")) | Q(pk=OuterRef("predecessor_id"))
    )
    rows = Recommendation.objects.select_related(*READS).defer("search", "search_vector")
    return rows.annotate(
        **_constant_parts(),
        relative_rows=ArraySubquery(
            relatives.order_by("id").values(row=JSONObject(id="id", number="number", state="state"))
        ),
        finding_rows=ArraySubquery(
            Finding.objects.visible_to(reader, by_key=True)
            .filter(recommendation_links__recommendation=OuterRef("pk"))
            .order_by("id")
            .values(row=JSONObject(**{name: name for name in ("id", "number", "state", *STATEMENTS)}))
        ),
        engagement_rows=ArraySubquery(
            Engagement.objects.visible_to(reader, by_key=True)
            .filter(pk=OuterRef("engagement_id"))
            .values(row=JSONObject(id="id", number="number", title="title"))
        ),
    )


@cache
def _constant_parts() -> dict[str, RawSQL]:
    """What is the same for every reader, composed once: it is as much as the rest of the page's statement."""
    query = Recommendation.objects.annotate(**_parts()).query
    compiler = query.get_compiler(DEFAULT_DB_ALIAS)
    composed = {name: (compiler.compile(part), part.output_field) for name, part in query.annotations.items()}
    return {name: RawSQL(sql, parameters, field) for name, ((sql, parameters), field) in composed.items()}  # noqa: S611 - ours


def _parts() -> dict[str, ArraySubquery]:
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
    """The record made of a row of JSON."""
    fields = (field for field in model._meta.concrete_fields if field.attname in row)
    return model(**{field.attname: field.to_python(row[field.attname]) for field in fields})


def _named(model: type[M], read: _NamedRow) -> Named[M]:
    return Named(_made(model, read["row"]), read["who"] or "")


def _relative(case: Recommendation, row: Mapping[str, object]) -> Relative:
    return Relative(_made(Recommendation, row), is_before=row["id"] == case.predecessor_id)
