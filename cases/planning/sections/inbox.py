"""What contractors see above their tasks: the monitorings that run with them, and what they owe on each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_

from django.db.models import OuterRef, Subquery

from cases.desk.inbox import owes
from cases.planning.lists import term_of_stage
from cases.planning.models import Deliverable, Engagement
from cases.registry.models import User
from workflow.lifecycles.deliverable import Action
from workflow.lifecycles.engagement import STAGES
from workflow.models import Expectation
from workflow.roles import CONTRACTOR
from workflow.terms import legal_date

MOST = 10
"""So many are shown; the list of monitorings has all."""


@dataclass(frozen=True)
class Running:
    """A monitoring in one of its stages: when that is planned to end, and how many deliverables the reader owes."""

    case: Engagement
    term: date | None
    owed: int
    late: int


def running(reader: User) -> Mapping[str, object]:
    """Those that the reader sees as a contractor, by the term of their stage. Two queries, however many there are."""
    as_contractor = [Engagement.visible_by(reader, role) for role in CONTRACTOR if role in reader.role_map]
    rows = Engagement.objects.filter(reduce(or_, as_contractor), state__in=STAGES)
    cases = list(rows.annotate(term=term_of_stage()).order_by("term", "pk")[: MOST + 1])
    if not cases:
        return {}
    return {"rows": _with_duties(cases[:MOST], reader), "has_more": len(cases) > MOST}


def _with_duties(cases: Sequence[Engagement], reader: User) -> list[Running]:
    today, owed = legal_date(), _owed(cases, reader)
    return [
        Running(
            case,
            vars(case)["term"],
            owed=len(days := owed.get(case.pk, [])),
            late=sum(day < today for day in days),
        )
        for case in cases
    ]


def _owed(cases: Sequence[Engagement], reader: User) -> Mapping[int, list[date]]:
    """Monitoring -> the days until which the reader has to submit a deliverable of it."""
    mine = Expectation.objects.open().filter(
        owes(reader), subject_type=Deliverable.CASE_TYPE, subject_id=OuterRef("pk"), action=Action.SUBMIT
    )
    seen = Deliverable.objects.visible_to(reader).filter(engagement__in=cases)
    rows = seen.annotate(submit_until=Subquery(mine.order_by("due").values("due")[:1])).exclude(submit_until=None)
    owed: dict[int, list[date]] = {}
    for engagement_id, due in rows.values_list("engagement_id", "submit_until"):
        owed.setdefault(engagement_id, []).append(due)
    return owed
