"""How the pages of the verbs open and answer: who may come in, what a refusal looks like, where success leads."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar, cast

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.template.response import TemplateResponse
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from cases.desk.access import get_case
from cases.desk.act import CONFLICT, FORBIDDEN, UNPROCESSABLE
from cases.desk.entries import HistoryEntry
from cases.desk.forms import VerbForm, VersionedForm, typed
from cases.desk.history import changes_since, last_move
from cases.desk.kinds import kind_of
from cases.ground.templatetags.baikoo import day
from cases.registry.models import User
from cases.registry.requests import SignedInRequest
from workflow.case import Case
from workflow.may import objection, wrong_state
from workflow.terms import has_passed

C = TypeVar("C", bound=Case)
P = ParamSpec("P")
View = Callable[Concatenate[SignedInRequest, C, P], HttpResponse]
Routed = Callable[Concatenate[SignedInRequest, str, P], HttpResponse]


def verb_page(door: Callable[[User, str], C], *verbs: str) -> Callable[[View[C, P]], Routed[P]]:
    """The page of a verb (or of any of several), which gets the case in place of its number; strangers get 404."""

    def decorate(view: View[C, P]) -> Routed[P]:
        @require_http_methods(["GET", "HEAD", "POST"])
        @wraps(view)
        def opened(request: SignedInRequest, number: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            case = door(request.user, number)
            return framed(request, case, verbs, lambda: view(request, case, *args, **kwargs))

        return cast(Routed[P], opened)

    return decorate


def framed(
    request: SignedInRequest, case: Case, verbs: Sequence[str], view: Callable[[], HttpResponse]
) -> HttpResponse:
    """What `view` answers while one of the verbs is possible; else the reason, and the act that it comes from.

    A form sent after the case moved on is still read by its view and refused by the verb, so that the page in place of
    the form keeps what was typed.
    """
    user = request.user
    roles = [role for name in verbs for role in case.verbs()[name].permission.roles]
    is_sent = request.method == "POST" and case.standing(user, roles) is not None
    if not is_sent:
        sentence = _objection(case, verbs, user)
        return _impossible(request, case, verbs, sentence) if sentence else view()
    response = view()
    if isinstance(response, FormPage):
        sentence = _objection(response.case, verbs, user)
        if sentence:
            return _impossible(request, response.case, verbs, sentence, form=response.form)
    return response


class FormPage(TemplateResponse):
    """The page of a verb with its form, not rendered yet."""

    def __init__(
        self, request: SignedInRequest, template: str, case: Case, form: VerbForm, context: dict[str, object]
    ) -> None:
        super().__init__(request, template, {**context, "case": case, "form": form}, status=status_of(form))
        self.case, self.form = case, form


def show(request: SignedInRequest, template: str, case: Case, form: VerbForm, **context: object) -> HttpResponse:
    """The page with its form; after a refusal with everything typed, and with what others changed in between."""
    if form.is_stale:
        case = get_case(request.user, kind_of(case), case.number)
        context["changes"] = changes_since(case, form.cleaned_data["version"], reader=request.user)
    if isinstance(form, VersionedForm) and (form.is_stale or "version" in form.errors):
        form.rebase(case.version)
    return FormPage(request, template, case, form, context)


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
    past = sorted({when for when in days if when and has_passed(when)})
    if past:
        sentence = ngettext(
            "This date has passed already: %(days)s. Look whether it is meant.",
            "These dates have passed already: %(days)s. Look whether they are meant.",
            len(past),
        )
        messages.warning(request, sentence % {"days": ", ".join(day(when) for when in past)})


def sent(request: SignedInRequest) -> QueryDict | None:
    """What the form was sent with; None while it is only read."""
    return request.POST if request.method == "POST" else None


def _objection(case: Case, verbs: Sequence[str], user: User) -> str:
    """Why none of the verbs is possible now; empty when one of them is."""
    sentences = [objection(case, case.verbs()[name], user) for name in verbs]
    return sentences[0] if all(sentences) else ""


def _impossible(
    request: SignedInRequest, case: Case, verbs: Sequence[str], sentence: str, *, form: VerbForm | None = None
) -> HttpResponse:
    changes = _changes(case, form, request.user)
    is_moved = sentence == wrong_state(case, case.verbs()[verbs[0]])
    context = {
        "case": case,
        "sentence": sentence,
        "happened": changes or (last_move(case, reader=request.user) if is_moved else []),
        "typed": list(typed(form)) if form else [],
    }
    status = max(CONFLICT, status_of(form)) if form else FORBIDDEN
    return render(request, "desk/act_refused.html", context, status=status)


def _changes(case: Case, form: VerbForm | None, reader: User) -> list[HistoryEntry]:
    """What others did since the form was opened, where it says on which version of the case that was."""
    seen = getattr(form, "cleaned_data", {}).get("version")
    return changes_since(case, seen, reader=reader) if isinstance(seen, int) else []
