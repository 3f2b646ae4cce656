"""How the pages of the verbs open and answer: who may come in, what a refusal looks like, where success leads."""

from collections.abc import Callable, Iterable
from datetime import date
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar, cast

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from cases.desk.access import get_case
from cases.desk.act import CONFLICT, UNPROCESSABLE, forbidden
from cases.desk.forms import VerbForm, VersionedForm
from cases.desk.history import changes_since
from cases.desk.kinds import kind_of
from cases.ground.templatetags.baikoo import day
from cases.registry.models import User
from cases.registry.requests import SignedInRequest
from workflow.case import Case
from workflow.may import objection
from workflow.terms import has_passed

C = TypeVar("C", bound=Case)
P = ParamSpec("P")
View = Callable[Concatenate[SignedInRequest, C, P], HttpResponse]
Routed = Callable[Concatenate[SignedInRequest, str, P], HttpResponse]


def verb_page(door: Callable[[User, str], C], *verbs: str) -> Callable[[View[C, P]], Routed[P]]:
    """The page of a verb (or of any of several), which gets the case in place of its number.

    Strangers get 404. A person who sees the case but may not do the verb gets the reason; a form sent after the case
    moved on is refused by the verb itself, so that it comes back with everything typed.
    """

    def decorate(view: View[C, P]) -> Routed[P]:
        @require_http_methods(["GET", "HEAD", "POST"])
        @wraps(view)
        def opened(request: SignedInRequest, number: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            case = door(request.user, number)
            sentences = [_objection(request, case, verb) for verb in verbs]
            if all(sentences):
                return forbidden(request, case, sentences[0])
            return view(request, case, *args, **kwargs)

        return cast(Routed[P], opened)

    return decorate


def show(request: SignedInRequest, template: str, case: Case, form: VerbForm, **context: object) -> HttpResponse:
    """The page with its form; after a refusal with everything typed, and with what others changed in between."""
    if form.is_stale:
        case = get_case(request.user, kind_of(case), case.number)
        context["changes"] = changes_since(case, form.cleaned_data["version"], reader=request.user)
    if isinstance(form, VersionedForm) and (form.is_stale or "version" in form.errors):
        form.rebase(case.version)
    context |= {"case": case, "form": form}
    return render(request, template, context, status=status_of(form))


def status_of(form: VerbForm) -> int:
    if form.is_stale:
        return CONFLICT
    return UNPROCESSABLE if form.errors else 200


def done(request: SignedInRequest, case: Case, sentence: str, part: str = "") -> HttpResponse:
    """Back to the case (to a part of its page), saying what happened."""
    messages.success(request, sentence)
    return redirect(f"{case.get_absolute_url()}{f'#{part}' if part else ''}")


def warn_of_past(request: SignedInRequest, days: Iterable[date | None]) -> None:
    """A date that has passed may be meant, as in an old resolution; often it is a typo."""
    past = sorted({one for one in days if one and has_passed(one)})
    if past:
        sentence = ngettext(
            "This date has passed already: %(days)s. Look whether it is meant.",
            "These dates have passed already: %(days)s. Look whether they are meant.",
            len(past),
        )
        messages.warning(request, sentence % {"days": ", ".join(day(one) for one in past)})


def sent(request: SignedInRequest) -> QueryDict | None:
    """What the form was sent with; None while it is only read."""
    return request.POST if request.method == "POST" else None


def _objection(request: SignedInRequest, case: Case, name: str) -> str:
    verb = case.verbs()[name]
    if request.method == "POST" and case.standing(request.user, verb.permission.roles):
        return ""
    return objection(case, verb, request.user)
