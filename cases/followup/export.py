"""The list of recommendations as a table, from plain values: an instance of each row would take most of the time."""

from collections.abc import Callable, Collection, Generator, Iterator, Sequence
from functools import partial
from itertools import islice

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from cases.desk.tables import Table
from cases.followup.filters import RecommendationFilters, visible
from cases.followup.models import Recommendation, RecommendationText, SourceDocument
from cases.ground.limits import patiently
from cases.planning.models import Engagement
from cases.registry.models import Organisation, User
from cases.registry.models.organisations import Language
from workflow.lifecycles.follow_up import Classification, ClosingReason, Degree, Response, Risk
from workflow.lifecycles.recommendation import State

BATCH = 1000
FIELDS = (
    "item", "classification", "risk", "is_priority", "first_due", "current_due", "actual_date", "slips", "response",
    "verified_degree", "closing_reason", "issued_on", "claimed_on", "verified_on", "closed_on", "controller",
)  # fmt: skip
COLUMNS = ("pk", "institution_id", "coordinator_id", "source_id", "engagement_id", "number", "state", *FIELDS)
CHOICES = {
    "state": State,
    "classification": Classification,
    "risk": Risk,
    "response": Response,
    "verified_degree": Degree,
    "closing_reason": ClosingReason,
}


def table(user: User, query: QueryDict) -> Table:
    """The list as it is filtered and ordered on its page."""
    filters = RecommendationFilters(query)
    rows = visible(user, filters).order_by(*filters.order.columns())
    return Table("baikoo", header(), rows, partial(cells, rows, get_language() or ""))


def header() -> list[str]:
    named = [str(Recommendation._meta.get_field(name).verbose_name) for name in FIELDS]  # type: ignore[union-attr]
    texts = [f"{_('Text')} ({language.label})" for language in Language]
    return [_("Number"), _("State"), _("Code"), _("Institution"), _("Coordinator"), _("Source document"),
            _("Monitoring"), *named, *texts]  # fmt: skip


def cells(rows: QuerySet[Recommendation], language: str) -> Generator[list[object], None, None]:
    """The cells of each row in the order of `rows`; enter it outside of a transaction."""
    with override(language), patiently():
        labels = _labels()
        institutions, coordinators = _Names(_institutions), _Names(_coordinators)
        sources, engagements = _Names(_sources), _Names(_engagements)
        remaining = rows.values_list(*COLUMNS).iterator(chunk_size=BATCH)
        while batch := list(islice(remaining, BATCH)):
            texts = _texts([row[0] for row in batch])
            institutions.learn({row[1] for row in batch})
            coordinators.learn({row[2] for row in batch})
            sources.learn({row[3] for row in batch})
            engagements.learn({row[4] for row in batch})
            for pk, institution, coordinator, source, engagement, number, state, *values in batch:
                labelled = [labels[place].get(value, value) for place, value in enumerate((state, *values))]
                yield [number, labelled[0], *institutions.known[institution], *coordinators.known[coordinator],
                       *sources.known[source], *engagements.known[engagement], *labelled[1:],
                       *(texts.get((pk, code), "") for code in Language)]  # fmt: skip


class _Names:
    """The cells in which a table names other rows, each read once; empty where there is none."""

    def __init__(self, read: Callable[[Collection[int]], Iterator[tuple[int, Sequence[str]]]]) -> None:
        self.read = read
        self.known: dict[int | None, Sequence[str]] = {None: ("",)}

    def learn(self, ids: Collection[int | None]) -> None:
        unknown = [pk for pk in ids if pk not in self.known and pk is not None]
        if unknown:
            self.known.update(self.read(unknown))


def _institutions(ids: Collection[int]) -> Iterator[tuple[int, Sequence[str]]]:
    rows = Organisation.objects.filter(pk__in=ids).defer("search", "search_vector")
    return ((row.pk, (row.code, row.name)) for row in rows)


def _coordinators(ids: Collection[int]) -> Iterator[tuple[int, Sequence[str]]]:
    return ((row.pk, (str(row),)) for row in User.objects.filter(pk__in=ids))


def _sources(ids: Collection[int]) -> Iterator[tuple[int, Sequence[str]]]:
    return ((row.pk, (str(row),)) for row in SourceDocument.objects.filter(pk__in=ids))


def _engagements(ids: Collection[int]) -> Iterator[tuple[int, Sequence[str]]]:
    return ((row.pk, (row.number,)) for row in Engagement.objects.filter(pk__in=ids).only("number"))


def _texts(ids: Sequence[int]) -> dict[tuple[int, str], str]:
    """(recommendation, language) -> the newest version, as Recommendation.current_texts() has it."""
    rows = RecommendationText.objects.filter(recommendation__in=ids).order_by("version")
    return {(pk, code): text for pk, code, text in rows.values_list("recommendation_id", "language", "text")}


def _labels() -> list[dict[object, str]]:
    """For the state and each of FIELDS, what is written in place of a value."""
    yes: dict[object, str] = {True: _("yes"), False: ""}
    named: dict[str, dict[object, str]] = {
        name: {value: str(label) for value, label in choices.choices} for name, choices in CHOICES.items()
    }
    return [yes if name == "is_priority" else named.get(name, {}) for name in ("state", *FIELDS)]
