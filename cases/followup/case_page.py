"""What the page of a case reads: one recommendation with all that belongs to it, in a constant number of queries.

What is only shown comes as JSON along with the row; what conditions ask for is put where prefetched rows are.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import OuterRef, Prefetch, Q, QuerySet, prefetch_related_objects
from django.db.models.functions import JSONObject

from cases.followup.access import BESIDE, get_recommendation
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
from cases.followup.models.recommendations import RecommendationQuerySet
from cases.registry.models import User
from workflow.case import Case
from workflow.history import HistoryLine, history
from workflow.models import Event, Expectation
from workflow.recommendation import Action

M = TypeVar("M", bound=models.Model)
PEOPLE = ("ministry", "claimed_by", "verified_by", "closed_by")
EXPECTED = (
    "action", "topic", "role", "helper_role", "organisation_id", "assignee_id", "start", "days", "due", "number",
    "subject_type",
)  # fmt: skip


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


def _rows(reader: User) -> RecommendationQuerySet:
    here = Q(recommendation=OuterRef("pk"))
    relatives = Recommendation.objects.visible_to(reader).filter(
        Q(predecessor=OuterRef("pk")) | Q(pk=OuterRef("predecessor_id"))
    )
    texts = ("id", "language", "version", "text", "is_checked", "written_at")
    answers = ("version", "response", "text", "left_out", "given_at")
    return Recommendation.objects.select_related(*BESIDE, *PEOPLE).annotate(
        text_rows=_json(RecommendationText.objects.filter(here).order_by("id"), texts),
        plan_rows=_json(Plan.objects.filter(here), ("id", "version", "agreed_on", "sha256")),
        contributor_names=ArraySubquery(Contributor.objects.filter(here).values("name")),
        interim_rows=_json(InterimDeadline.objects.filter(here), ("due", "topic")),
        answer_rows=_json(ResponseVersion.objects.filter(here), answers, who="given_by__full_name"),
        comment_rows=_json(
            Comment.objects.visible_to(reader).filter(here),
            ("is_internal", "text", "written_at"),
            who="written_by__full_name",
        ),
        owed_rows=_json(_expected(Recommendation, OuterRef("pk")), EXPECTED, who="assignee__full_name"),
        owed_extension_rows=_json(
            _expected(Extension, Extension.objects.filter(recommendation=OuterRef(OuterRef("pk"))).values("pk")),
            EXPECTED,
            who="assignee__full_name",
        ),
        relative_rows=_json(relatives.order_by("id"), ("id", "number", "state")),
    )


def _expected(model: type[Case], subjects: Any) -> QuerySet[Expectation]:
    field = "subject_id" if isinstance(subjects, OuterRef) else "subject_id__in"
    rows = Expectation.objects.open().filter(subject_type=model.CASE_TYPE, **{field: subjects})
    return rows.order_by("due", "id")


def _json(rows: QuerySet[Any], fields: Iterable[str], **names: str) -> ArraySubquery:
    """The rows as an array of objects, in their order."""
    return ArraySubquery(rows.values(row=JSONObject(**{name: name for name in fields}, **names)))


def _made(model: type[M], row: Mapping[str, Any]) -> M:
    """The record that a row of JSON tells of."""
    fields = {field.attname: field for field in model._meta.concrete_fields}
    return model(**{name: fields[name].to_python(value) for name, value in row.items() if name in fields})


def _told(model: type[models.Model], row: Mapping[str, Any]) -> Told:
    return Told(_made(model, row), row["who"] or "")


def _relative(case: Recommendation, row: Mapping[str, Any]) -> Relative:
    label = str(Recommendation.STATES(row["state"]).label)
    return Relative(row["number"], row["state"], label, is_before=row["id"] == case.predecessor_id)


def _keep(owner: models.Model, relation: str, rows: Sequence[models.Model]) -> None:
    """Put rows that were read already where Django looks for prefetched ones, as `prefetch_related` does."""
    found: Any = getattr(owner, relation).all()
    found._result_cache = list(rows)
    found._prefetch_done = True
    owner.__dict__.setdefault("_prefetched_objects_cache", {})[relation] = found
