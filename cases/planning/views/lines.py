"""The pages on which the lines of a deliverable are changed, brought as a table, and handed out as one."""

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from cases.desk.forms import VersionedForm
from cases.desk.verbs import done, sent, show, verb_page
from cases.ground.export import xlsx_response
from cases.ground.refusals import refuse_upload
from cases.planning import verbs
from cases.planning.access import get_deliverable, get_line
from cases.planning.forms.line_tables import NUMBER, LinesForm
from cases.planning.forms.lines import FORMS, LineForm, line_contents, new_line_contents
from cases.planning.models import Deliverable, Line
from cases.planning.sections.lines import rows_of
from cases.registry.requests import SignedInRequest
from workflow.lifecycles.deliverable import Action

PART = "lines"


@verb_page(get_deliverable, Action.ITEMISE)
def line_add(request: SignedInRequest, deliverable: Deliverable) -> HttpResponse:
    form = _form(request, deliverable, new_line_contents(deliverable))
    if form.is_bound and form.is_valid():
        facts, version = form.facts(), form.cleaned_data["version"]
        added: list[Line] = []
        if form.done(lambda: added.append(verbs.add_line(deliverable, facts, by=request.user, version=version))):
            _warn(request, deliverable, added[0])
            return done(request, deliverable, _("“%(line)s” is stored.") % {"line": added[0]}, PART)
    return show(request, "planning/line.html", deliverable, form)


@verb_page(get_deliverable, Action.ITEMISE)
def line_edit(request: SignedInRequest, deliverable: Deliverable, place: int) -> HttpResponse:
    line = get_line(deliverable, place)
    form = _form(request, deliverable, line_contents(line))
    if form.is_bound and form.is_valid():
        facts, version = form.facts(), form.cleaned_data["version"]
        if form.done(lambda: verbs.change_line(line, facts, by=request.user, version=version)):
            _warn(request, deliverable, line)
            return done(request, deliverable, _("“%(line)s” is stored.") % {"line": line}, PART)
    return show(request, "planning/line.html", deliverable, form, line=get_line(deliverable, place))


@verb_page(get_deliverable, Action.ITEMISE)
def line_remove(request: SignedInRequest, deliverable: Deliverable, place: int) -> HttpResponse:
    line = get_line(deliverable, place)
    name = str(line)
    form = VersionedForm(sent(request), initial={"version": deliverable.version})
    if form.is_bound and form.is_valid():
        version = form.cleaned_data["version"]
        if form.done(lambda: verbs.remove_line(line, by=request.user, version=version)):
            return done(request, deliverable, _("“%(line)s” was removed.") % {"line": name}, PART)
    return show(request, "planning/line_remove.html", deliverable, form, line=line)


@verb_page(get_deliverable, Action.ITEMISE)
def lines_import(request: SignedInRequest, deliverable: Deliverable) -> HttpResponse:
    """A table, taken whole or not at all."""
    model = _model(deliverable)
    form = LinesForm(sent(request), request.FILES or None, initial={"version": deliverable.version})
    refuse_upload(form, request)
    if form.is_bound and form.is_valid() and (rows := form.lines_of(deliverable)) is not None:
        replaces, version = form.cleaned_data["replaces"], form.cleaned_data["version"]
        if form.done(lambda: verbs.take_table(deliverable, rows, by=request.user, version=version, replaces=replaces)):
            sentence = ngettext("%(count)d line is stored.", "%(count)d lines are stored.", len(rows))
            return done(request, deliverable, sentence % {"count": len(rows)}, PART)
    columns = [(model.label(name), list(model.words(name).values())) for name in model.COLUMNS]
    return show(request, "planning/lines_import.html", deliverable, form, columns=columns)


@require_safe
def lines_export(request: SignedInRequest, number: str) -> FileResponse:
    """The lines as they are now, as a table that can be changed and brought back."""
    deliverable = get_deliverable(request.user, number)
    model = _model(deliverable)
    header = [NUMBER, *(model.label(name) for name in model.SHOWN)]
    return xlsx_response(f"{deliverable.number}.xlsx", header, rows_of(deliverable))


def _form(request: SignedInRequest, deliverable: Deliverable, contents: dict[str, object]) -> LineForm:
    initial = {**contents, "version": deliverable.version}
    form = FORMS[_model(deliverable)](sent(request), deliverable=deliverable, initial=initial)
    form.explain()
    return form


def _model(deliverable: Deliverable) -> type[Line]:
    if deliverable.line_model is None:
        raise Http404
    return deliverable.line_model


def _warn(request: SignedInRequest, deliverable: Deliverable, line: Line) -> None:
    """What is in the way of submitting the line as it is now."""
    for misfit in deliverable.misfits():
        if line in misfit.lines:
            messages.warning(request, misfit.sentence)
