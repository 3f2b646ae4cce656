"""How every form of the registry is shown, sent, and shown again when something is wrong."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.forms import BaseForm, FileField
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.generic.base import TemplateResponseMixin

from cases.ground.refusals import refuse, refuse_upload
from cases.registry.forms import NothingForm, ReasonForm
from workflow.case import Case
from workflow.door import Refused, Stale


@dataclass
class Sheet:
    """A page with one form: what it is called, where one comes from, what the button says."""

    heading: str
    form: Any
    up_url: str
    up_label: str
    submit: str = ""
    sentence: str = ""
    is_danger: bool = False
    version: str = ""
    """Fingerprint of the row that the form shows."""


class WrongForms(TemplateResponseMixin):
    """For Django's own form pages: what comes back wrong answers 422, and the summary of errors takes the focus."""

    def render_to_response(self, context: dict[str, Any], **options: Any) -> HttpResponse:
        form = context.get("form")
        if form is None or not form.errors:
            return super().render_to_response(context, **options)
        for field in form.fields.values():
            field.widget.attrs.pop("autofocus", None)
        return super().render_to_response(context, status=422, **options)


def sheet(request: HttpRequest, page: Sheet, act: Callable[..., Any], done: str) -> HttpResponse:
    """Show the form; when it was sent, do `act` with what was filled in, say `done` and go to the row it returns.

    A request that it returns waits for a second person. What is refused comes back with everything that was filled in.
    """
    if request.method == "POST":
        row = _try(request, page.form, act)
        if row is not None:
            messages.success(request, requested(row) if isinstance(row, Case) else done)
            return redirect(row)
    return render(request, "registry/sheet.html", {"page": page}, status=422 if page.form.errors else 200)


def requested(case: Case) -> str:
    return _("Request %(number)s was sent. Now a second person has to approve it.") % {"number": case.number}


def deactivation(request: HttpRequest, row: Any, verb: Callable[..., Any], sentence: str) -> HttpResponse:
    """A page that asks for the reason before it deactivates, or asks for it; nothing is ever deleted."""
    user: Any = request.user
    form = ReasonForm(posted(request))
    page = Sheet(_("Deactivate: %(name)s") % {"name": row}, form, row.get_absolute_url(), str(row), _("Deactivate"),
                 sentence, is_danger=True)  # fmt: skip

    def act(reason: str) -> Any:
        return verb(row, by=user, reason=reason) or row

    return sheet(request, page, act, _("%(name)s was deactivated.") % {"name": row})


def reactivation(request: HttpRequest, row: Any, verb: Callable[..., Any], sentence: str) -> HttpResponse:
    user: Any = request.user
    form = NothingForm(posted(request))
    page = Sheet(_("Reactivate: %(name)s") % {"name": row}, form, row.get_absolute_url(), str(row), _("Reactivate"),
                 sentence)  # fmt: skip

    def act() -> Any:
        return verb(row, by=user) or row

    return sheet(request, page, act, _("%(name)s is active again.") % {"name": row})


def posted(request: HttpRequest) -> QueryDict | None:
    """What was sent, even if it is empty; None when the form is only looked at."""
    return request.POST if request.method == "POST" else None


def seen(request: HttpRequest) -> str:
    """The fingerprint that stood in the form; no form is without one."""
    return request.POST.get("version") or "none"


def _try(request: HttpRequest, form: BaseForm, act: Callable[..., Any]) -> Any:
    refuse_upload(form, request)
    if not form.is_valid():
        return None
    try:
        return act(**form.cleaned_data)
    except Stale as stale:
        refuse(form, stale)
        _tell_what_stands_there(form)
    except Refused as refused:
        refuse(form, refused)
    return None


def _tell_what_stands_there(form: BaseForm) -> None:
    """Beside each field that was filled in differently."""
    for name in form.changed_data:
        field: Any = form.fields[name]
        if not isinstance(field, FileField):
            now = form[name].initial
            labels = dict(getattr(field, "choices", ()))
            shown = [str(labels.get(one, one)) for one in (now if isinstance(now, list) else [now]) if one]
            form.add_error(name, _("There stands now: %(value)s") % {"value": ", ".join(shown) or "–"})
