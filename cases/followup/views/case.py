"""The page of one recommendation."""

from datetime import date

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from cases.desk.entries import Choices, Task, in_turn
from cases.desk.kinds import StepDates
from cases.desk.slices import long_parts
from cases.desk.stepper import steps_of
from cases.followup import case_parts as parts
from cases.followup.case_page import CasePage
from cases.followup.stepper import entered, way_of
from cases.registry.requests import SignedInRequest
from workflow.may import can, options


@require_safe
def recommendation(request: SignedInRequest, number: str) -> HttpResponse:
    page = CasePage(request.user, number)
    case = page.case
    if number != case.number:
        return redirect(case)
    plans = parts.plans(page)
    extensions = parts.extensions(page)
    buttons = in_turn(options(case, request.user), case, page.tasks)
    effect_reviews = parts.effect_reviews(page)
    shown: list[parts.ExtensionShown | parts.EffectReviewShown] = [*extensions, *effect_reviews]
    decisions = [button for part in shown for button in part.buttons]
    days = entered(case, page.plans, [named.record for named in page.answers])
    context = {
        "case": case,
        "page": page,
        "steps": steps_of(case, way_of(case), StepDates(days), _due(page.tasks)),
        "tasks": [task for task in page.tasks if not task.is_extra],
        "extra_tasks": [task for task in page.tasks if task.is_extra],
        "choices": Choices.of([*decisions, *buttons]),
        "can": can(case, request.user),
        "wordings": parts.wordings(page),
        "plan": plans[0] if plans else None,
        "older_plans": plans[1:],
        "deliveries": parts.deliveries(page),
        "interims": parts.interims(page),
        "files": parts.files(page),
        "extensions": extensions,
        "effect_reviews": effect_reviews,
        **long_parts(request, page.entries, page.comments),
    }
    return render(request, "followup/case.html", context)


def _due(tasks: list[Task]) -> date | None:
    """When the present step is expected to end."""
    own = (task.expectation.due for task in tasks if task.expectation.subject_type == "recommendation")
    return next(own, None)
