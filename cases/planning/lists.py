"""What the lists of monitorings and of deliverables are narrowed and ordered by, and what is computed for them."""

from collections.abc import Sequence

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Concat
from django.utils.translation import gettext_lazy as _

from cases.desk.filters import resolved
from cases.desk.kinds import ListFilter, ListView
from cases.ground.paging import Order
from cases.ground.search import folded, searchable
from cases.planning.joining import OPEN
from cases.planning.models import Deliverable, Engagement, ItemKind, StageDate, StageTemplate
from cases.planning.models.stages import STAGE_CHOICES
from cases.registry.models import Direction, Organisation, OrganisationKind, Region, User
from workflow.case import CaseQuerySet
from workflow.lifecycles.engagement import State
from workflow.roles import CONTRACTOR, DEPARTMENT, MINISTRY, Role
from workflow.terms import legal_date
from workflow.texts import Text

PARTNERS = frozenset({*MINISTRY, *DEPARTMENT, *CONTRACTOR})
"""Who may ask for other institutions than their own."""
IN_CHARGE = frozenset({Role.COORDINATOR})
BEFORE, AFTER = 4, 3
"""How many years before and after this one are offered."""


def with_term(rows: CaseQuerySet[Engagement]) -> CaseQuerySet[Engagement]:
    """`term`: when the present stage is planned to end; of one that is only planned, when its first is to begin."""
    begins = _dates().filter(stage=State.PREPARATION).values("planned_start")
    term = Case(When(state=State.PLANNED, then=Subquery(begins[:1])), default=term_of_stage())
    columns = {"term": term, "folded": folded(Concat("number", Value(" "), "title"))}
    return rows.annotate(**columns)


def term_of_stage() -> Subquery:
    """When the present stage is planned to end."""
    return Subquery(_dates().filter(stage=OuterRef("state")).values("planned_end")[:1])


def _dates() -> QuerySet[StageDate]:
    return StageDate.objects.filter(engagement=OuterRef("pk"))


def matching(text: str) -> Q:
    """Every word stands somewhere in its number or title."""
    condition = Q()
    for word in searchable([text]).split():
        condition &= Q(folded__contains=word)
    return condition


def days_late(engagement: Engagement) -> int | None:
    """By how many days its stage is over its term; None while it is in time, rests or is over."""
    term = vars(engagement)["term"]
    if term is None or engagement.suspended_on or engagement.state in Engagement.ended_states():
        return None
    return max(0, (legal_date() - term).days) or None


def _is_late(_value: str, reader: User) -> Q:
    return Q(term__lt=legal_date(), suspended_on=None) & ~Q(state__in=Engagement.ended_states())


def _runs_in(year: str, reader: User) -> Q:
    stages = StageDate.objects.filter(planned_start__year__lte=int(year), planned_end__year__gte=int(year))
    return Q(Exists(stages.filter(engagement=OuterRef("pk"))))


def _with_institution(rows: QuerySet[Organisation]) -> Q:
    named = Engagement.institutions.through._default_manager.filter(engagement=OuterRef("pk"))
    return Q(Exists(named.filter(Q(organisation__in=rows.values("pk")))))


def _of_institution(text: str, reader: User) -> Q:
    return _with_institution(Organisation.objects.matching(text).filter(kind=OrganisationKind.INSTITUTION))


def _in_region(region: str, reader: User) -> Q:
    return _with_institution(Organisation.objects.filter(region=region))


def _of_contractor(text: str, reader: User) -> Q:
    return resolved("contractor", Organisation.objects.matching(text).filter(kind=OrganisationKind.CONTRACTOR))


def _coordinated_by(text: str, reader: User) -> Q:
    return resolved("coordinator", User.objects.get_queryset().matching(text))


def _years() -> Sequence[tuple[object, Text]]:
    now = legal_date().year
    return [(str(year), str(year)) for year in range(now + AFTER, now - BEFORE - 1, -1)]


def _departments() -> Sequence[tuple[object, Text]]:
    rows = Organisation.objects.active().filter(kind=OrganisationKind.DEPARTMENT).order_by("code")
    return [(row.pk, row.short_name or str(row)) for row in rows]


ENGAGEMENT_FILTERS = {
    "year": ListFilter(_("Year"), chosen=_runs_in, offered=_years),
    "kind": ListFilter(_("Kind"), "kind", ItemKind.choices),
    "direction": ListFilter(
        _("Direction"), choices=Direction.choices, chosen=lambda number, _reader: Q(directions__contains=[int(number)])
    ),
    "department": ListFilter(_("Department"), "department", offered=_departments, roles=PARTNERS),
    "coordinator": ListFilter(_("Coordinator"), chosen=_coordinated_by, roles=PARTNERS),
    "contractor": ListFilter(_("Contractor"), chosen=_of_contractor, roles=PARTNERS),
    "institution": ListFilter(_("Institution"), chosen=_of_institution, roles=PARTNERS),
    "region": ListFilter(_("Region"), choices=Region.choices, chosen=_in_region, roles=PARTNERS),
    "mine": ListFilter(
        _("Assigned to me"), chosen=lambda _on, reader: Q(coordinator=reader), is_check=True, roles=IN_CHARGE
    ),
    "late": ListFilter(_("Late only"), chosen=_is_late, is_check=True),
    "suspended": ListFilter(
        _("Suspended only"), chosen=lambda _on, _reader: Q(suspended_on__isnull=False), is_check=True
    ),
}
ENGAGEMENT_VIEWS = (
    ListView(_("Mine"), "mine=on", IN_CHARGE),
    ListView(_("Late"), "late=on"),
    ListView(_("Suspended"), "suspended=on"),
    ListView(_("Awaiting publication"), "state=reporting", PARTNERS),
)
ENGAGEMENT_ORDERS = {
    "term": (_("Term of the stage first"), Order("term")),
    "term_last": (_("Term of the stage last"), Order("term", descending=True)),
}


def _prepared_by(_value: str, reader: User) -> Q:
    """What the reader prepares: by name, as the coordinator in charge, or for the contractor whom they lead."""
    led = reader.role_map.get(Role.CONTRACTOR_LEAD, {})
    return (
        Q(drafter_role=Role.CONTRACTOR_EXPERT, expert=reader)
        | Q(drafter_role=Role.COORDINATOR, engagement__coordinator=reader)
        | Q(drafter_role=Role.CONTRACTOR_LEAD, engagement__contractor__in=list(led))
    )


def _is_overdue(_value: str, reader: User) -> Q:
    return Q(due__lt=legal_date(), state__in=OPEN)


def _kinds() -> Sequence[tuple[object, Text]]:
    """As the newest list of deliverables calls them."""
    newest = StageTemplate.objects.last()
    return [(row.kind, row.title) for row in newest.rows.all()] if newest else []


def deliverable_days_late(deliverable: Deliverable) -> int | None:
    if deliverable.state not in OPEN:
        return None
    return max(0, (legal_date() - deliverable.due).days) or None


DELIVERABLE_FILTERS = {
    "engagement": ListFilter(_("Monitoring"), "engagement__number__istartswith"),
    "stage": ListFilter(_("Stage"), "stage", STAGE_CHOICES),
    "kind": ListFilter(_("Kind"), "row__kind", offered=_kinds),
    "mine": ListFilter(_("To be prepared by me"), chosen=_prepared_by, is_check=True),
    "late": ListFilter(_("Late only"), chosen=_is_overdue, is_check=True),
}
DELIVERABLE_VIEWS = (
    ListView(_("Mine"), "mine=on&state=open", frozenset({Role.COORDINATOR, *CONTRACTOR})),
    ListView(_("Late"), "late=on"),
)
DELIVERABLE_ORDERS = {"due": (_("Due first"), Order("due")), "due_last": (_("Due last"), Order("due", descending=True))}
