"""The page of every action of both lifecycles: what it means, what it asks, and what came of pressing it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cases.followup.access import get_extension, get_recommendation
from cases.followup.case_page import told_since
from cases.followup.case_parts import entries
from cases.followup.forms.acts import ActForm, form_of
from cases.followup.meanings import meaning_of, sequel_of
from cases.followup.models import Extension, Recommendation
from workflow.case import Step
from workflow.door import Refused, Stale, perform
from workflow.lifecycles.recommendation import Action
from workflow.may import action_label, out_of_place, state_label, unmet
from workflow.terms import has_passed

FORBIDDEN, CONFLICT, UNPROCESSABLE = 403, 409, 422
Subject = Recommendation | Extension
Door = Callable[[Any, str], Subject]


@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, number: str, action: str) -> HttpResponse:
    return _act(request, get_recommendation, number, action)


@require_http_methods(["GET", "HEAD", "POST"])
def extension_act(request: HttpRequest, number: str, action: str) -> HttpResponse:
    return _act(request, get_extension, number, action)


def _act(request: HttpRequest, door: Door, number: str, action: str) -> HttpResponse:
    user: Any = request.user
    case = door(user, number)
    step = case.steps().get(action)
    if step is None:
        return _forbidden(request, case, _("There is no such action."))
    if case.standing(user, step.permission.roles) is None:
        return _forbidden(request, case, out_of_place(case, user, step.permission.roles, step.sources))
    form = form_of(case, action)
    if request.method != "POST":
        return _page(request, case, step, form(initial={"version": case.version}))
    filled = form(request.POST)
    if not filled.is_valid():
        return _page(request, case, step, _with_version(filled, case), status=UNPROCESSABLE)
    return _perform(request, door, case, step, filled)


def _perform(request: HttpRequest, door: Door, case: Subject, step: Step, form: ActForm) -> HttpResponse:
    user: Any = request.user
    seen = form.cleaned_data["version"]
    try:
        perform(case, step.action, by=user, version=seen, **form.inputs())
    except Refused as refused:
        is_stale = isinstance(refused, Stale)
        fresh = door(user, case.number)
        again = _again(form, fresh, refused.sentence) if is_stale else _refused(form, refused.sentence)
        status = CONFLICT if is_stale else UNPROCESSABLE
        return _page(request, fresh, step, again, status=status, seen=seen if is_stale else None)
    done = {"number": case.number, "action": action_label(case, step.action), "state": state_label(case)}
    messages.success(request, _("Done: %(action)s. %(number)s is now in the state “%(state)s”.") % done)
    return redirect(case)


def _page(
    request: HttpRequest, case: Subject, step: Step, form: ActForm, *, status: int = 200, seen: int | None = None
) -> HttpResponse:
    """The action's form, or the reason why it is not possible now; after a refusal, what was typed as well."""
    user: Any = request.user
    case.onlooker = user
    blocked = out_of_place(case, user, step.permission.roles, step.sources) or unmet(case, step.conditions)
    recommendation = recommendation_of(case)
    context = {
        "subject": case,
        "recommendation": recommendation,
        "label": action_label(case, step.action),
        "meaning": meaning_of(case, step.action),
        "sequel": sequel_of(case, step),
        "danger": step.danger,
        "blocked": blocked,
        "form": form,
        "is_late_already": step.action == Action.ISSUE and has_passed(recommendation.current_due),
        "changes": [] if seen is None else entries(told_since(case, seen, reader=user), recommendation),
    }
    return render(request, "followup/act.html", context, status=status)


def _forbidden(request: HttpRequest, case: Subject, sentence: str) -> HttpResponse:
    context = {"recommendation": recommendation_of(case), "sentence": sentence}
    return render(request, "followup/act_refused.html", context, status=FORBIDDEN)


def recommendation_of(case: Subject) -> Recommendation:
    return case.recommendation if isinstance(case, Extension) else case


def _refused(form: ActForm, sentence: str) -> ActForm:
    form.add_error(None, sentence)
    return form


def _again(form: ActForm, case: Subject, sentence: str) -> ActForm:
    """The same form on the case as it is now: pressing it again is done knowingly."""
    return _refused(type(form)(_typed(form, case)), sentence)


def _with_version(form: ActForm, case: Subject) -> ActForm:
    """A form that lost its version gets that of the case shown beside it."""
    if "version" in form.errors:
        form.data = _typed(form, case)
    return form


def _typed(form: ActForm, case: Subject) -> dict[str, Any]:
    return {name: form.data.get(name) for name in form.fields} | {"version": str(case.version)}
