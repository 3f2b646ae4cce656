"""Pages of importing a table: choose it, preview it row by row, import or discard it."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases.ground.cells import TableError
from cases.ground.export import csv_response, xlsx_response
from cases.ground.paging import Page
from cases.ground.refusals import refuse_upload
from cases.registry import two_people
from cases.registry.access import for_registrars, get_upload
from cases.registry.forms import TableForm
from cases.registry.imports.importing import KINDS, ImportKind, import_upload, store_upload
from cases.registry.imports.preview import RowStatus
from cases.registry.imports.shown import Kept, ShownRow, forget, shown_preview
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
    form = TableForm(posted(request), request.FILES or None)
    refuse_upload(form, request)
    if request.method == "POST" and form.is_valid():
        try:
            upload = store_upload(kind, form.cleaned_data["table"], by=user)
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
    shown = shown_preview(upload, by=user)
    status = request.GET.get("show", "")
    context = {
        "upload": upload,
        "what": _kind(kind),
        "page": _page(request, shown.with_status(status)),
        "figures": [(status, shown.counts[status]) for status in RowStatus],
        "show": status,
        "fingerprint": shown.fingerprint,
        "is_valid": shown.is_valid,
        "steps": shown.steps + shown.asked,
        "notice": two_people.notice(user) if shown.asked else "",
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
        seen, only_valid = request.POST.get("version", ""), "only_valid" in request.POST
        counts = import_upload(upload, by=user, seen=seen, only_valid=only_valid)
    except Refused as refused:
        forget(upload)
        messages.error(request, refused.sentence)
        return redirect("registry_preview", kind, pk)
    messages.success(
        request, _("Imported. New: %(new)d, changed: %(changed)d, unchanged: %(same)d, skipped: %(wrong)d.") % counts
    )
    if counts[RowStatus.ASKED]:
        sentence = ngettext(
            "For %(count)d row a request was sent: a second person has to approve it.",
            "For %(count)d rows requests were sent: a second person has to approve each.",
            counts[RowStatus.ASKED],
        )
        messages.info(request, sentence % {"count": counts[RowStatus.ASKED]})
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


def _kind(name: str) -> ImportKind:
    if name not in KINDS:
        raise Http404
    return KINDS[name]


def _page(request: HttpRequest, rows: list[Kept]) -> Page[ShownRow]:
    """The rows from the place that the URL names as `after`."""
    after = request.GET.get("after", "")
    first = min(int(after), len(rows)) if after.isdecimal() and len(after) < 9 else 0
    query = request.GET.copy()
    query.pop("after", None)
    last = first + SIZE
    return Page(
        rows=[ShownRow.of(row) for row in rows[first:last]],
        first_url=f"?{query.urlencode()}" if first else "",
        next_url=f"?{query.urlencode()}&after={last}" if last < len(rows) else "",
        total_text=_("Rows: %(count)d") % {"count": len(rows)},
    )
