"""How the pages of the verbs open and answer: who may come in, what a refusal looks like, where success leads."""

from collections.abc import Callable, Iterable
from datetime import date
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from cases.followup.access import get_recommendation
from cases.followup.case_page import told_since
from cases.followup.case_parts import entries
from cases.followup.forms.verbs import VerbForm, VersionedForm
from cases.followup.models import Recommendation
from cases.ground.templatetags.baikoo import day
from workflow.may import out_of_place, unmet
from workflow.terms import has_passed

FORBIDDEN, CONFLICT, UNPROCESSABLE = 403, 409, 422
P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, Recommendation, P], HttpResponse]
Routed = Callable[Concatenate[HttpRequest, str, P], HttpResponse]


def page_of(*verbs: str) -> Callable[[View[P]], Routed[P]]:
    """The page of a verb (or of any of several), which gets the case in place of its number.

    Strangers get 404. Whoever sees the case but may not do the verb gets the reason; what was sent when the case had
    moved on meanwhile is refused by the verb itself, so that it comes back with everything typed.
    """

    def decorate(view: View[P]) -> Routed[P]:
        @require_http_methods(["GET", "HEAD", "POST"])
        @wraps(view)
        def opened(request: HttpRequest, number: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            user: Any = request.user
            recommendation = get_recommendation(user, number)
            objections = [_objection(request, recommendation, verb) for verb in verbs]
            if all(objections):
                context = {"recommendation": recommendation, "sentence": objections[0]}
                return render(request, "followup/act_refused.html", context, status=FORBIDDEN)
            return view(request, recommendation, *args, **kwargs)

        return cast(Routed[P], opened)

    return decorate


def show(
    request: HttpRequest, template: str, recommendation: Recommendation, form: VerbForm, **context: Any
) -> HttpResponse:
    """The page with its form; after a refusal with everything typed, and with what others changed meanwhile."""
    if form.is_stale:
        user: Any = request.user
        recommendation = get_recommendation(user, recommendation.number)
        lines = told_since(recommendation, form.cleaned_data["version"], reader=user)
        context["changes"] = entries(lines, recommendation)
    if isinstance(form, VersionedForm) and (form.is_stale or "version" in form.errors):
        form.go_by(recommendation.version)
    context |= {"recommendation": recommendation, "form": form}
    return render(request, template, context, status=status_of(form))


def status_of(form: VerbForm) -> int:
    if form.is_stale:
        return CONFLICT
    return UNPROCESSABLE if form.errors else 200


def done(request: HttpRequest, recommendation: Recommendation, sentence: str, part: str = "") -> HttpResponse:
    """Back to the case (to a part of its page), saying what happened."""
    messages.success(request, sentence)
    return redirect(f"{recommendation.get_absolute_url()}{f'#{part}' if part else ''}")


def warn_of_past(request: HttpRequest, days: Iterable[date | None]) -> None:
    """A date that has passed may be meant, as in an old resolution; often it is a slip of the pen."""
    past = sorted({one for one in days if one and has_passed(one)})
    if past:
        said = ngettext(
            "This date has passed already: %(days)s. Look whether it is meant.",
            "These dates have passed already: %(days)s. Look whether they are meant.",
            len(past),
        )
        messages.warning(request, said % {"days": ", ".join(day(one) for one in past)})


def sent(request: HttpRequest) -> QueryDict | None:
    """What the form was sent with; None while it is only looked at."""
    return request.POST if request.method == "POST" else None


def _objection(request: HttpRequest, recommendation: Recommendation, name: str) -> str:
    user: Any = request.user
    verb = recommendation.VERBS[name]
    if request.method == "POST" and recommendation.standing(user, verb.roles.roles):
        return ""
    recommendation.onlooker = user
    return out_of_place(recommendation, user, verb.roles.roles, verb.states) or unmet(recommendation, verb.conditions)
