"""What a person owes and awaits, of every kind of case, read from the open expectations.

Each is a list of branches, one per way in which it concerns the person: every branch has its own index, and the page
merges their first rows.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cases.desk.entries import task_label
from cases.desk.kinds import kinds
from cases.ground.paging import COUNTED, Order, Page, capped_count, count_text, first_days, page_of, total_text
from cases.ground.patterns import Pattern, joined, shortened
from cases.ground.templatetags.baikoo import day, days_late, late_class
from cases.registry.models import User
from cases.registry.requests import SignedInRequest
from workflow.case import Case, case_types
from workflow.models import Expectation
from workflow.parties import Watching
from workflow.roles import MINISTRY, Role
from workflow.terms import legal_date

SOON_DAYS = 7
ORDER = Order("due")
LONGEST_TOPIC, LONGEST_HEADLINE = 60, 160
ROW = Pattern(
    "desk/inbox_row.html",
    ("url", "number", "what", "headline", "concerned", "who", "due", "late_class", "late"),
)
Branches = list[QuerySet[Expectation]]


@dataclass(frozen=True)
class Row:
    """One row of the inbox: an expectation with the case on whose page it is shown."""

    expectation: Expectation
    case: Case

    def texts(self) -> dict[str, Any]:
        owed, topic = self.expectation, shortened(self.expectation.topic, LONGEST_TOPIC)
        case: Any = self.case
        return {
            "url": case.get_absolute_url(),
            "number": case.number,
            "what": f"{task_label(owed)}: {topic}" if topic else task_label(owed),
            "headline": shortened(case.headline, LONGEST_HEADLINE),
            "concerned": case.concerned_briefly,
            "who": Role(owed.role).label,
            "due": day(owed.due),
            "late_class": late_class(owed.due),
            "late": days_late(owed.due),
        }


@require_safe
def inbox(request: SignedInRequest) -> HttpResponse:
    user = request.user
    owed, awaited = owed_by(user), awaited_by(user)
    show = "waiting" if request.GET.get("show") == "waiting" else "mine"
    page = page_of(request, awaited if show == "waiting" else owed, ORDER)
    counts = _counts(owed, awaited)
    page.total_text = total_text(counts[show])
    rows = _rows(user, page)
    context = {
        "show": show,
        "page": page,
        "rows": joined(ROW.filled(row.texts(), is_of_others=show == "waiting") for row in rows),
        "counts": {name: count_text(count) for name, count in counts.items()},
    }
    return render(request, "desk/inbox.html", context)


def owed_by(user: User) -> Branches:
    """What the person has to do: their role's duties in their organisations, and those they help to prepare."""
    return [Expectation.objects.open().filter(mine) for mine in _mine(user)]


def awaited_by(user: User) -> Branches:
    """What others owe on the person's cases."""
    others = Expectation.objects.open().exclude(role__in=list(user.role_map))
    colleagues = Expectation.objects.open()
    return [
        *(others.filter(concern) for concern in _concerns(user)),
        *(colleagues.filter(concern) for concern in _asked_for(user)),
    ]


def _mine(user: User) -> Iterator[Q]:
    """Of a role whose tasks are assigned to people, theirs and those that are nobody's, each along an index."""
    for role, organisations in user.role_map.items():
        own = Q(organisation_id__in=list(organisations))
        mine = Q(assignee__in=user.carries_for(role))
        if role in _assigned_roles():
            yield own & Q(role=role) & mine
            yield own & Q(role=role, assignee=None)
        else:
            yield own & Q(role=role) & (mine | Q(assignee=None))
        yield own & Q(helper_role=role)


def _concerns(user: User) -> Iterator[Q]:
    for role, organisations in user.role_map.items():
        ids = list(organisations)
        if role in MINISTRY:
            yield Q(ministry_id__in=ids)
        elif role == Role.DEPARTMENT_HEAD:
            yield Q(lead_id__in=ids)
        elif role == Role.COORDINATOR:
            yield Q(in_charge__in=user.carries_for(role), lead_id__in=ids)
        elif role in _watching_roles():
            yield from _watched(user, role)
        elif role != Role.REGISTRAR:
            yield Q(addressed_id__in=ids) & ~Q(organisation_id__in=ids)


def _watched(user: User, role: str) -> Iterator[Q]:
    """What is due on the cases that name this person to watch over them."""
    for name, model in case_types().items():
        if isinstance(model.RELATIONS.get(role), Watching) and not model.ABOUT:
            rows = model._base_manager.filter(model.RELATIONS[role].rows(model, user.role_map[role], user))
            yield Q(about_type=name, about_id__in=rows.values("pk"))


def _asked_for(user: User) -> Iterator[Q]:
    """What named colleagues of a registrar owe on kinds of case that registrars begin: nobody decides on their own."""
    ids = list(user.role_map.get(Role.REGISTRAR, ()))
    kinds_begun = [name for name, model in case_types().items() if Role.REGISTRAR in model.CREATE.permission.roles]
    if ids and kinds_begun:
        roles = {role for name in kinds_begun for role in case_types()[name].RELATIONS}
        of_others = Q(assignee__isnull=False) & ~Q(assignee__in=user.carries_for(Role.REGISTRAR))
        yield Q(organisation_id__in=ids, role__in=roles, subject_type__in=kinds_begun) & of_others


@cache
def _watching_roles() -> frozenset[str]:
    relations = (pair for model in case_types().values() for pair in model.RELATIONS.items())
    return frozenset(str(role) for role, relation in relations if isinstance(relation, Watching))


@cache
def _assigned_roles() -> frozenset[str]:
    """The roles whose tasks are assigned to people, in any kind of case."""
    return frozenset(str(role) for model in case_types().values() for role in model.PARTIES.assignees)


def _counts(owed: Branches, awaited: Branches) -> dict[str, int]:
    """Three of the four counts come from the due dates alone, unless there are too many to be counted to the end."""
    today = legal_date()
    soon_until = today + timedelta(days=SOON_DAYS)
    days = first_days(owed, ORDER)
    soon = sum(today <= day <= soon_until for day in days)
    if len(days) > COUNTED:
        soon = capped_count([branch.filter(due__range=(today, soon_until)) for branch in owed])
    return {
        "mine": len(days),
        "late": sum(day < today for day in days),
        "soon": soon,
        "waiting": capped_count(awaited),
    }


def _rows(user: User, page: Page) -> list[Row]:
    """The page's rows, one query for each kind among them; tasks whose case is no longer visible are skipped."""
    wanted: dict[str, set[int]] = {}
    for owed in page.rows:
        wanted.setdefault(owed.about_type, set()).add(owed.about_id)
    cases = {(name, pk): case for name, pks in wanted.items() for pk, case in _visible(user, name, pks).items()}
    shown = ((owed, cases.get((owed.about_type, owed.about_id))) for owed in page.rows)
    return [Row(owed, case) for owed, case in shown if case is not None]


def _visible(user: User, case_type: str, pks: set[int]) -> Mapping[int, Case]:
    rows = kinds()[case_type].model._default_manager.visible_to(user, by_key=True)  # type: ignore[attr-defined]
    return {case.pk: case for case in rows.filter(pk__in=pks).for_lists()}
