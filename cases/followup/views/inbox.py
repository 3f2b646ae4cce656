"""The start page: what the person owes, what waits for others, and how much of each."""

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from cases.followup.inbox import Branches, awaited_by, owed_by
from cases.followup.models import Recommendation
from cases.ground.paging import COUNTED, Order, Page, capped_count, count_text, first_days, page_of, total_text
from cases.registry.models import User
from workflow.case import case_types
from workflow.may import action_label
from workflow.models import Expectation
from workflow.roles import Role
from workflow.terms import legal_date

SOON_DAYS = 7
ORDER = Order("due")


@dataclass(frozen=True)
class Task:
    """One row of the inbox: an expectation with the recommendation it is about."""

    expectation: Expectation
    recommendation: Recommendation

    @property
    def action(self) -> str:
        return action_label(case_types()[self.expectation.subject_type], self.expectation.action)

    @property
    def role(self) -> str:
        return str(Role(self.expectation.role).label)


@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    if set(user.role_map) == {Role.REGISTRAR}:  # Who keeps the registry has nothing to do with cases.
        return redirect("organisations")
    owed, awaited = owed_by(user), awaited_by(user)
    show = "waiting" if request.GET.get("show") == "waiting" else "mine"
    page = page_of(request, awaited if show == "waiting" else owed, ORDER)
    counts = _counts(owed, awaited)
    page.total_text = total_text(counts["waiting" if show == "waiting" else "mine"])
    context = {
        "show": show,
        "page": page,
        "tasks": _tasks(user, page),
        "counts": {name: count_text(count) for name, count in counts.items()},
    }
    return render(request, "followup/inbox.html", context)


def _counts(owed: Branches, awaited: Branches) -> dict[str, int]:
    """The dates of what is owed tell three of the four, unless there are too many to be counted to the end."""
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


def _tasks(user: User, page: Page) -> list[Task]:
    """The page's rows; one whose case the person lost sight of a moment ago is left out."""
    numbers = {row.pk: re.sub(r"-E\d+$", "", row.number) for row in page.rows}
    rows = Recommendation.objects.visible_to(user, by_key=True).filter(number__in=set(numbers.values()))
    found = {one.number: one for one in rows.for_lists()}
    return [Task(row, found[numbers[row.pk]]) for row in page.rows if numbers[row.pk] in found]
