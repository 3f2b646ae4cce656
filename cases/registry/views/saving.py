"""How every form of the registry is shown, sent, and shown again when something is wrong."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.forms import BaseForm, FileField
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.generic.base import TemplateResponseMixin

from cases.ground.refusals import refuse, refuse_upload
from cases.registry import stranded
from cases.registry.forms import DeactivationForm, NothingForm
from cases.registry.models import LegalAct, Organisation, ProgrammeArea, User
from cases.registry.requests import SignedInRequest
from workflow.case import Case
from workflow.door import Refused, Stale

PageRecord = User | Organisation | LegalAct | ProgrammeArea
"""What the registry keeps on pages of its own."""
Result = PageRecord | Case
"""What a form leads to: the row it changed, or the request that a second person has to approve."""
Switch = Callable[..., Case | None]
"""The verb that activates or deactivates a row, or asks for it."""


@dataclass
class Sheet:
    """A page with one form: its heading, where it was opened from, what the button says."""

    heading: str
    form: BaseForm
    up_url: str
    up_label: str
    submit: str = ""
    sentence: str = ""
    warning: str = ""
    is_danger: bool = False
    version: str = ""
    """Fingerprint of the row that the form shows."""


class WrongForms(TemplateResponseMixin):
    """For Django's own form pages: invalid forms answer 422, and the summary of errors takes the focus."""

    def render_to_response(self, context: dict[str, object], **options: object) -> HttpResponse:
        form = context.get("form")
        if not isinstance(form, BaseForm) or not form.errors:
            return super().render_to_response(context, **options)
        for field in form.fields.values():
            field.widget.attrs.pop("autofocus", None)
        return super().render_to_response(context, status=422, **options)


def sheet(request: HttpRequest, page: Sheet, act: Callable[..., Result], done: str) -> HttpResponse:
    """Show the form; when it was sent, call `act` with the cleaned data, show `done` and go to the row it returns.

    If it returns a request, a second person has to approve it. A refused form is shown again as it was filled in.
    """
    if request.method == "POST":
        row = _try(request, page.form, act)
        if row is not None:
            messages.success(request, requested(row) if isinstance(row, Case) else done)
            return redirect(row)
    return render(request, "registry/sheet.html", {"page": page}, status=422 if page.form.errors else 200)


def requested(case: Case) -> str:
    return _("Request %(number)s was sent. Now a second person has to approve it.") % {"number": case.number}


def deactivation(
    request: SignedInRequest, row: PageRecord, verb: Callable[..., Case | None], sentence: str
) -> HttpResponse:
    """A page that asks for the reason, then deactivates or requests it; nothing is ever deleted."""
    user = request.user
    form = DeactivationForm(posted(request))
    page = Sheet(_("Deactivate: %(name)s") % {"name": row}, form, row.get_absolute_url(), str(row), _("Deactivate"),
                 sentence, is_danger=True)  # fmt: skip
    page.warning = stranded.warning(row) if isinstance(row, (User, Organisation)) else ""

    def act(reason: str) -> Result:
        return verb(row, by=user, reason=reason) or row

    return sheet(request, page, act, _("%(name)s was deactivated.") % {"name": row})


def reactivation(
    request: SignedInRequest, row: PageRecord, verb: Callable[..., Case | None], sentence: str
) -> HttpResponse:
    user = request.user
    form = NothingForm(posted(request))
    page = Sheet(_("Reactivate: %(name)s") % {"name": row}, form, row.get_absolute_url(), str(row), _("Reactivate"),
                 sentence)  # fmt: skip

    def act() -> Result:
        return verb(row, by=user) or row

    return sheet(request, page, act, _("%(name)s is active again.") % {"name": row})


def posted(request: HttpRequest) -> QueryDict | None:
    """What was sent, even if it is empty; None when the page is only opened."""
    return request.POST if request.method == "POST" else None


def seen(request: HttpRequest) -> str:
    """The fingerprint that the form was shown with; every form has one."""
    return request.POST.get("version") or "none"


def _try(request: HttpRequest, form: BaseForm, act: Callable[..., Result]) -> Result | None:
    refuse_upload(form, request)
    if not form.is_valid():
        return None
    try:
        return act(**form.cleaned_data)
    except Stale as stale:
        refuse(form, stale)
        _show_current_values(form)
    except Refused as refused:
        refuse(form, refused)
    return None


def _show_current_values(form: BaseForm) -> None:
    """As an error of each field that was filled in differently."""
    for name in form.changed_data:
        field = form.fields[name]
        if not isinstance(field, FileField):
            now = form[name].initial
            labels = dict(getattr(field, "choices", ()))
            values = now if isinstance(now, list) else [now]
            shown = [str(labels.get(value, value)) for value in values if value]
            form.add_error(name, _("Current value: %(value)s") % {"value": ", ".join(shown) or "–"})
