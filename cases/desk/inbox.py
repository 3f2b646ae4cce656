"""What a person owes and awaits, of every kind of case, read from the open expectations.

Each is a list of branches, one per way in which it concerns the person: every branch has its own index, and the page
merges their first rows.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache, reduce
from operator import or_

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cases.desk.access import all_of
from cases.desk.entries import task_label
from cases.desk.kinds import kinds
from cases.ground.paging import COUNTED, Order, Page, capped_count, count_text, first_days, page_of, total_text
from cases.ground.patterns import Pattern, joined, shortened
from cases.ground.templatetags.baikoo import day, days_late, late_class
from cases.registry.models import User
from cases.registry.requests import SignedInRequest
from workflow.case import Case, case_types
from workflow.grants import granted_q
from workflow.models import Expectation
from workflow.parties import Column, Watching
from workflow.roles import Role
from workflow.rounds.decided import DecidedInRounds
from workflow.terms import legal_date

IN_CHARGE, LEAD, ADDRESSED, MINISTRY = "in_charge", "lead_id", "addressed_id", "ministry_id"
"""Columns of an expectation by which cases concern people."""
SOON_DAYS = 7
ORDER = Order("due")
LONGEST_TOPIC, LONGEST_HEADLINE = 60, 160
SHOWN = ("subject_type", "number", "about_type", "about_id", "action", "topic", "role", "assignee", "due")
"""The columns that a row needs: selecting all columns in three branches would take as long as reading the rows."""
ROW = Pattern(
    "desk/inbox_row.html",
    ("url", "number", "what", "headline", "concerned", "who", "due", "late_class", "late"),
)
Branches = list[QuerySet[Expectation]]


@dataclass(frozen=True)
class InboxRow:
    """One row of the inbox: an expectation with the case on whose page it is shown, as `reader` sees it."""

    expectation: Expectation
    case: Case
    reader: User

    @property
    def is_by_name(self) -> bool:
        """Whether it is the reader's own, not of all who hold the role."""
        return self.expectation.assignee_id in self.reader.carries_for(self.expectation.role)

    def who(self) -> str:
        if not self.is_by_name:
            return str(Role(self.expectation.role).label)
        return _("you") if self.expectation.assignee_id == self.reader.pk else _("you, standing in")

    def texts(self) -> dict[str, object]:
        owed, topic = self.expectation, shortened(self.expectation.topic, LONGEST_TOPIC)
        case = self.case
        return {
            "url": case.get_absolute_url(),
            "number": case.number,
            "what": f"{task_label(owed)}: {topic}" if topic else task_label(owed),
            "headline": shortened(case.headline, LONGEST_HEADLINE),
            "concerned": case.concerned_briefly,
            "who": self.who(),
            "due": day(owed.due),
            "late_class": late_class(owed.due),
            "late": days_late(owed.due),
        }


@require_safe
def inbox(request: SignedInRequest) -> HttpResponse:
    user = request.user
    owed, awaited = owed_by(user), awaited_by(user)
    show = "waiting" if request.GET.get("show") == "waiting" else "mine"
    page = page_of(request, [branch.only(*SHOWN) for branch in (awaited if show == "waiting" else owed)], ORDER)
    counts = _counts(owed, awaited)
    page.total_text = total_text(counts[show])
    rows = _rows(user, page)
    context = {
        "parts": list(_parts(user)) if show == "mine" else (),
        "show": show,
        "page": page,
        "rows": joined(ROW.filled(row.texts(), is_by_name=row.is_by_name) for row in rows),
        "counts": {name: count_text(count) for name, count in counts.items()},
    }
    return render(request, "desk/inbox.html", context)


def _parts(user: User) -> Iterator[Mapping[str, object]]:
    """What kinds show above the tasks of those who hold a role."""
    for kind in kinds().values():
        part = kind.inbox_part
        if part and not part.roles.isdisjoint(user.role_map) and (context := part.context(user)):
            yield {"template": part.template, "context": context}


def owed_by(user: User) -> Branches:
    """What the person has to do: their role's duties in their organisations, and those they help to prepare."""
    return [Expectation.objects.open().filter(mine) for mine in _mine(user)]


def owes(user: User) -> Q:
    """The same as one condition, for the few rows of a case."""
    return reduce(or_, _mine(user), Q(pk__in=()))


def awaited_by(user: User) -> Branches:
    """What others owe on the person's cases."""
    others = Expectation.objects.open().exclude(role__in=list(user.role_map))
    colleagues = Expectation.objects.open()
    return [
        *(others.filter(concern) for concern in _concerns(user)),
        *(colleagues.filter(concern) for concern in _asked_for(user)),
    ]


def _mine(user: User) -> Iterator[Q]:
    """What bears the person's name, what is all colleagues' of a role, and what they help with, each along an index."""
    for role, organisations in user.role_map.items():
        own = Q(organisation_id__in=list(organisations)) & _let_in(user, role)
        yield own & Q(role=role, assignee__in=user.carries_for(role)) & ~_asked_by_name(user, role)
        yield own & Q(role=role, assignee=None)
        yield own & Q(helper_role=role)


def _asked_by_name(user: User, role: str) -> Q:
    """What other people are asked for by name, so that who stands in for them cannot answer."""
    asked = Q()
    if user.carries_for(role) != {user.pk}:
        for name, model in case_types().items():
            if issubclass(model, DecidedInRounds) and role in model.BY_NAME:
                asked |= Q(subject_type=name, action__in=set(model.asking().values())) & ~Q(assignee=user.pk)
    return asked


def _concerns(user: User) -> Iterator[Q]:
    """As the relations of the kinds say: along a column of the expectation, else by the cases that the role sees."""
    for role, organisations in user.role_map.items():
        columns, by_case = _ways(role)
        for column in columns:
            yield _by_column(user, role, column, list(organisations))
        for name in by_case:
            yield _by_case(user, role, case_types()[name], list(organisations))


def _by_column(user: User, role: str, column: str, ids: list[int]) -> Q:
    if column == IN_CHARGE:
        return Q(in_charge__in=user.carries_for(role), lead_id__in=ids)
    mine = Q(**{f"{column}__in": ids})
    return mine & ~Q(organisation_id__in=ids) & _let_in(user, role) if column == ADDRESSED else mine


def _by_case(user: User, role: str, model: type[Case], ids: list[int]) -> Q:
    """With what is about such a case, of kinds that concern the role; who watches sees what their own side owes."""
    rows = model._base_manager.filter(model.visible_by(user, role)).values("pk")
    if model.ABOUT:
        mine = Q(subject_type=model.CASE_TYPE, subject_id__in=rows)
    else:
        mine = Q(about_type=model.CASE_TYPE, about_id__in=rows, subject_type__in=_concerning(role))
    return mine if isinstance(model.RELATIONS[role], Watching) else mine & ~Q(organisation_id__in=ids)


@cache
def _ways(role: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """How cases concern a role: columns of the expectation, and the kinds whose cases have to be looked at.

    Registrars await what they asked for alone. What is about a case that is looked at comes with it.
    """
    if role == Role.REGISTRAR:
        return (), ()
    ways = {name: _column_of(model, role) for name, model in case_types().items() if role in model.RELATIONS}
    by_case = [name for name, column in ways.items() if not column and ways.get(_about(name)) != ""]
    return tuple(sorted({column for column in ways.values() if column})), tuple(by_case)


@cache
def _concerning(role: str) -> tuple[str, ...]:
    return tuple(name for name, model in case_types().items() if role in model.RELATIONS)


def _column_of(model: type[Case], role: str) -> str:
    """The column of the expectation by which the role's cases are found; empty where none says it."""
    relation = model.RELATIONS[role]
    if type(relation) is not Column:
        return ""
    ministry = getattr(model.RELATIONS.get(Role.MINISTRY_LEADER), "path", "")
    columns = {model.PARTIES.addressed: ADDRESSED, model.PARTIES.lead: LEAD, ministry: MINISTRY}
    return IN_CHARGE if role == model.PARTIES.in_charge else columns.get(relation.path, "")


def _about(case_type: str) -> str:
    """The kind that this one is about; empty for one with pages of its own."""
    model = case_types()[case_type]
    about = model._meta.get_field(model.ABOUT).related_model if model.ABOUT else None
    return str(getattr(about, "CASE_TYPE", ""))


def _let_in(user: User, role: str) -> Q:
    """Where the role sees cases only by a grant: what is shown on those that were given to the person by name."""
    models = {name: model for name, model in case_types().items() if role in model.GRANTED}
    seen = ~Q(about_type__in=models) if models else Q()
    for name, model in models.items():
        rows = model._base_manager.filter(granted_q(model, user, model.GRANTED[role]))
        seen |= Q(about_type=name, about_id__in=rows.values("pk"))
    return seen


def _asked_for(user: User) -> Iterator[Q]:
    """What named colleagues of a registrar owe on kinds of case that registrars begin: nobody decides on their own."""
    ids = list(user.role_map.get(Role.REGISTRAR, ()))
    kinds_begun = [name for name, model in case_types().items() if Role.REGISTRAR in model.CREATE.permission.roles]
    if ids and kinds_begun:
        roles = {role for name in kinds_begun for role in case_types()[name].RELATIONS}
        of_others = Q(assignee__isnull=False) & ~Q(assignee__in=user.carries_for(Role.REGISTRAR))
        yield Q(organisation_id__in=ids, role__in=roles, subject_type__in=kinds_begun) & of_others


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


def _rows(user: User, page: Page[Expectation]) -> list[InboxRow]:
    """The page's rows, one query for each kind among them; tasks whose case is no longer visible are skipped."""
    wanted: dict[str, set[int]] = {}
    for owed in page.rows:
        wanted.setdefault(owed.about_type, set()).add(owed.about_id)
    cases = {(name, pk): case for name, pks in wanted.items() for pk, case in _visible(user, name, pks).items()}
    shown = ((owed, cases.get((owed.about_type, owed.about_id))) for owed in page.rows)
    return [InboxRow(owed, case, user) for owed, case in shown if case is not None]


def _visible(user: User, case_type: str, pks: set[int]) -> Mapping[int, Case]:
    kind = kinds()[case_type]
    rows = all_of(kind.model).visible_to(user, by_key=True).filter(pk__in=pks)
    return {case.pk: case for case in kind.along(rows).for_lists()}
