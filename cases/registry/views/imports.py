"""Pages of importing a table: choose it, see row by row what it would do, take it or dismiss it."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases.ground.export import csv_response, xlsx_response
from cases.ground.paging import Page
from cases.ground.refusals import refuse_upload
from cases.ground.tables import TableError
from cases.registry import two_people
from cases.registry.access import for_registrars, get_upload
from cases.registry.forms import UploadForm
from cases.registry.imports.plan import Line, Status
from cases.registry.imports.taking import KINDS, Kind, keep, plan, take
from cases.registry.requests import SignedInRequest
from cases.registry.views.saving import posted
from workflow.door import Refused
from workflow.terms import legal_date

SIZE = 100


@for_registrars
@require_http_methods(["GET", "HEAD", "POST"])
def registry_import(request: SignedInRequest, kind: str) -> HttpResponse:
    user = request.user
    what = _kind(kind)
    form = UploadForm(posted(request), request.FILES or None)
    refuse_upload(form, request)
    if request.method == "POST" and form.is_valid():
        try:
            upload = keep(kind, form.cleaned_data["table"], by=user)
        except (TableError, Refused) as refused:
            form.add_error("table", refused.sentence)
        else:
            return redirect("registry_preview", kind, upload.pk)
    context = {"form": form, "kind": kind, "what": what, "up_url": reverse(kind)}
    return render(request, "registry/import.html", context, status=422 if form.errors else 200)


@for_registrars
@require_safe
def registry_preview(request: SignedInRequest, kind: str, pk: int) -> HttpResponse:
    user = request.user
    upload = get_upload(user, kind, pk)
    found = plan(upload, by=user)
    counts = found.counts()
    shown = request.GET.get("show", "")
    page = _page(request, [line for line in found.lines if shown in ("", line.status)])
    context = {
        "upload": upload,
        "what": _kind(kind),
        "page": page,
        "figures": [(status.value, status.label, counts[status]) for status in Status],
        "show": shown,
        "fingerprint": found.fingerprint(),
        "is_right": found.is_right,
        "steps": len(found.steps()) + len(found.asked()),
        "notice": two_people.notice(user) if found.asked() else "",
        "up_url": reverse("registry_import", args=[kind]),
    }
    return render(request, "registry/preview.html", context)


@for_registrars
@require_POST
def registry_take(request: SignedInRequest, kind: str, pk: int) -> HttpResponse:
    """Write what the preview showed."""
    user = request.user
    upload = get_upload(user, kind, pk)
    try:
        counts = take(upload, by=user, seen=request.POST.get("version", ""), only_right="only_right" in request.POST)
    except Refused as refused:
        messages.error(request, refused.sentence)
        return redirect("registry_preview", kind, pk)
    messages.success(
        request, _("Taken. New: %(new)d, changed: %(changed)d, unchanged: %(same)d, left out: %(wrong)d.") % counts
    )
    if counts[Status.ASKED]:
        sentence = ngettext(
            "For %(count)d row a request was sent: a second person has to approve it.",
            "For %(count)d rows requests were sent: a second person has to approve each.",
            counts[Status.ASKED],
        )
        messages.info(request, sentence % {"count": counts[Status.ASKED]})
    return redirect(kind)


@for_registrars
@require_POST
def registry_dismiss(request: SignedInRequest, kind: str, pk: int) -> HttpResponse:
    get_upload(request.user, kind, pk).delete()
    messages.success(request, _("The table was dismissed. Nothing was stored."))
    return redirect("registry_import", kind)


@for_registrars
@require_safe
def registry_table(request: HttpRequest, kind: str, ending: str) -> HttpResponseBase:
    """What the registry has now, as a table that can be changed and imported again."""
    what = _kind(kind)
    respond = {"csv": csv_response, "xlsx": xlsx_response}.get(ending)
    if respond is None:
        raise Http404
    header = [column.name for column in what.columns]
    return respond(f"{kind}-{legal_date():%Y-%m-%d}.{ending}", header, what.present())


def _kind(name: str) -> Kind:
    if name not in KINDS:
        raise Http404
    return KINDS[name]


def _page(request: HttpRequest, lines: list[Line]) -> Page:
    """The lines from the one whose place stands in the URL as `after`."""
    after = request.GET.get("after", "")
    first = min(int(after), len(lines)) if after.isdecimal() and len(after) < 9 else 0
    query = request.GET.copy()
    query.pop("after", None)
    last = first + SIZE
    return Page(
        rows=lines[first:last],
        first_url=f"?{query.urlencode()}" if first else "",
        next_url=f"?{query.urlencode()}&after={last}" if last < len(lines) else "",
        total_text=_("Rows: %(count)d") % {"count": len(lines)},
    )
