"""The pages of long tables: asking for one, waiting for it, taking it away."""

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cases.desk.kinds import Kind, kinds
from cases.desk.making import ask, rights_of
from cases.desk.models import Export
from cases.ground.downloads import handed_out
from cases.registry.requests import SignedInRequest
from workflow.door import Refused


@require_POST
def export_ask(request: SignedInRequest, kind: str) -> HttpResponse:
    listed = _kind(kind)
    try:
        return redirect(ask(listed, request.POST.get("query", ""), by=request.user))
    except Refused as refused:
        messages.error(request, refused.sentence)
        return redirect(listed.list_name)


@require_safe
def export(request: SignedInRequest, pk: int) -> HttpResponse:
    """Whether the table is ready."""
    made = _get(request, pk)
    return render(request, "desk/export.html", {"export": made, "kind": _kind(made.kind)})


@require_safe
def export_file(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """The file, for the person it was made for, as long as they have the same rights as then."""
    made = _get(request, pk)
    if not made.is_ready:
        return redirect(made)
    if made.rights != rights_of(request.user):
        messages.error(request, _("Your roles have changed since the table was made. Have it made again."))
        return redirect(_kind(made.kind).list_name)
    return handed_out(request, made, back=made)


def _get(request: SignedInRequest, pk: int) -> Export:
    return get_object_or_404(Export.objects.visible_to(request.user), pk=pk)


def _kind(name: str) -> Kind:
    kind = kinds().get(name)
    if kind is None or kind.is_part:
        raise Http404
    return kind
