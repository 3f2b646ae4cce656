"""The page of one recommendation."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from cases.followup import case_parts as parts
from cases.followup.case_page import CasePage
from cases.followup.stepper import steps_of
from workflow.may import can, options

SHOWN_ENTRIES = 12


@require_safe
def recommendation(request: HttpRequest, number: str) -> HttpResponse:
    user: Any = request.user
    page = CasePage(user, number)
    case = page.case
    if number != case.number:
        return redirect(case)
    tasks = parts.tasks(page)
    plans = parts.plans(page)
    entries = parts.entries(page.history, case)
    acts = options(case, user)
    context = {
        "case": case,
        "page": page,
        "steps": steps_of(case, page.plans, [told.record for told in page.answers], _due(tasks)),
        "tasks": [task for task in tasks if not task.is_aside],
        "tasks_aside": [task for task in tasks if task.is_aside],
        "acts": [option for option in acts if not option.danger],
        "dangers": [option for option in acts if option.danger],
        "can": can(case, user),
        "wordings": parts.wordings(page),
        "plan": plans[0] if plans else None,
        "older_plans": plans[1:],
        "files": parts.files(page),
        "extensions": parts.extensions(page),
        "comments": parts.comments(page),
        "entries": entries[:SHOWN_ENTRIES],
        "older_entries": entries[SHOWN_ENTRIES:],
    }
    return render(request, "followup/case.html", context)


def _due(tasks: list[parts.Task]) -> Any:
    """When the present step is expected to end."""
    own = (one.expectation.due for one in tasks if one.expectation.subject_type == "recommendation")
    return next(own, None)
