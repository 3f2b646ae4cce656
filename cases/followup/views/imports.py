"""Importing a resolution: upload or paste, correct in the preview, draft."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from cases.desk.verbs import warn_of_past
from cases.followup.forms.imports import ItemFormSet, Items, ResolutionForm, UploadForm, initial, planned_import
from cases.followup.models import Recommendation
from cases.followup.resolution import REQUIRED, Item, items_of_table, items_of_text
from cases.followup.verbs.importing import import_items
from cases.ground.cells import TableError
from cases.ground.fields import Cleaned
from cases.ground.refusals import refuse_upload
from cases.ground.tables import read_upload
from cases.registry.models import Organisation, OrganisationKind
from cases.registry.naming import named
from cases.registry.requests import SignedInRequest
from workflow.door import Refused
from workflow.roles import Role

UNPROCESSABLE = 422


@require_http_methods(["GET", "HEAD", "POST"])
def import_resolution(request: SignedInRequest) -> HttpResponse:
    """The first page; a file or text that can be read leads to its preview."""
    departments = _departments(request)
    form = UploadForm(request.POST or None, request.FILES or None)
    refuse_upload(form, request)
    if request.method == "POST" and form.is_valid():
        try:
            items = _items(form.cleaned_data)
        except TableError as error:
            form.add_error("file" if form.cleaned_data["file"] else "text", error.sentence)
        else:
            document = ResolutionForm(initial=_guess(), departments=departments)
            return _preview(request, document, Items(initial=initial(items), prefix="items"))
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "followup/import.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def import_confirm(request: SignedInRequest) -> HttpResponse:
    """The corrected preview: drafts all its items, or shows it again with what is wrong."""
    departments = _departments(request)
    if request.method != "POST":  # Reloaded, or the language was changed: a preview is not kept.
        return redirect("import_resolution")
    document = ResolutionForm(request.POST, departments=departments)
    items = Items(request.POST, prefix="items")
    right, wrong = items.right(), items.wrong()
    knowingly = "only_right" in request.POST
    if not document.is_valid() or not right or (wrong and not knowingly) or not items.management_form.is_valid():
        return _preview(request, document, items, status=UNPROCESSABLE)
    try:
        planned = planned_import(document, right)
        drafts = import_items(document.facts(), planned.drafts, by=request.user)
    except Refused as refused:
        document.add_error(None, refused.sentence)
        return _preview(request, document, items, status=UNPROCESSABLE)
    _report(request, drafts, planned.present)
    warn_of_past(request, [draft.current_due for draft in drafts])
    return redirect(
        f"{reverse('recommendations')}?{urlencode({'source': document.cleaned_data['title'], 'sort': 'old'})}"
    )


def _departments(request: SignedInRequest) -> list[Organisation]:
    """The departments for which the person coordinates; nobody else imports."""
    departments = request.user.role_map.get(Role.COORDINATOR)
    if not departments:
        raise Http404
    return list(Organisation.objects.filter(pk__in=departments))


def _items(cleaned: Cleaned) -> list[Item]:
    if cleaned["file"]:
        return items_of_table(read_upload(cleaned["file"], REQUIRED))
    return items_of_text(cleaned["text"])


def _guess() -> dict[str, object]:
    institutions = Organisation.objects.active().filter(kind=OrganisationKind.INSTITUTION)[:2]
    return {"institution": named(institutions[0])} if len(institutions) == 1 else {}


def _preview(
    request: SignedInRequest, document: ResolutionForm, items: ItemFormSet, *, status: int = 200
) -> HttpResponse:
    if not items.is_bound:
        _check_unbound(items)
    context = {"document": document, "items": items, "wrong": items.wrong()}
    return render(request, "followup/import_preview.html", context, status=status)


def _check_unbound(items: ItemFormSet) -> None:
    """Say at once what is wrong with each item, not only after the first press."""
    for form in items.forms:
        form.data = {form.add_prefix(name): value for name, value in form.initial.items()}
        form.is_bound = True
        form.empty_permitted = False


def _report(request: SignedInRequest, drafts: list[Recommendation], present: list[str]) -> None:
    n = len(drafts)
    if n:
        messages.success(request, ngettext("%(n)d draft was made.", "%(n)d drafts were made.", n) % {"n": n})
    if present:
        sentence = _("These were there already and stay as they are: %(numbers)s.")
        messages.info(request, sentence % {"numbers": ", ".join(present)})
