"""The pages on which a deliverable is prepared, and its versions are compared."""

import io

from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cases.desk.forms import VerbForm
from cases.desk.verbs import done, sent, show, verb_page
from cases.ground.contents import TYPES
from cases.ground.downloads import handed_out
from cases.ground.refusals import refuse_upload
from cases.ground.templatetags.baikoo import day
from cases.planning import verbs
from cases.planning.access import get_deliverable, get_file
from cases.planning.comparing_deliverables import compared, versions_of
from cases.planning.forms.engagements import ExpertForm, FileForm, MoveDueForm, OneFileForm, ReviewersForm, TextsForm
from cases.planning.models import Deliverable
from cases.planning.models.deliverables import TEXTS
from cases.planning.papers.filling import paper_of
from cases.planning.sections.people import experts_of
from cases.registry.models import User
from cases.registry.requests import SignedInRequest
from workflow.lifecycles.deliverable import Action


@verb_page(get_deliverable, Action.WRITE)
def deliverable_write(request: SignedInRequest, deliverable: Deliverable) -> HttpResponse:
    initial = {name: getattr(deliverable, name) for name in (*TEXTS, "version")}
    form = TextsForm(sent(request), initial=initial)
    if form.is_bound and form.is_valid():
        texts, version = form.cleaned_data, form.cleaned_data["version"]
        if form.done(lambda: verbs.write_texts(deliverable, texts, by=request.user, version=version)):
            return done(request, deliverable, _("The text is stored."), "contents")
    return show(request, "desk/verb.html", deliverable, form, heading=_("Write the text"))


@verb_page(get_deliverable, Action.ATTACH)
def deliverable_attach(request: SignedInRequest, deliverable: Deliverable) -> HttpResponse:
    form = FileForm(sent(request), request.FILES or None)
    refuse_upload(form, request)
    if form.is_bound and form.is_valid():
        upload, kind = form.cleaned_data["file"], form.cleaned_data["kind"]
        if form.done(lambda: verbs.attach_file(deliverable, upload, by=request.user, kind=kind)):
            return done(request, deliverable, _("The file “%(name)s” is stored.") % {"name": upload.name}, "contents")
    return show(request, "desk/verb.html", deliverable, form, heading=_("Attach a file"))


@verb_page(get_deliverable, Action.ATTACH_SCAN)
def deliverable_scan(request: SignedInRequest, deliverable: Deliverable) -> HttpResponse:
    """The scan that came back signed, after the decision."""
    form = OneFileForm(sent(request), request.FILES or None)
    refuse_upload(form, request)
    if form.is_bound and form.is_valid():
        upload = form.cleaned_data["file"]
        if form.done(lambda: verbs.attach_scan(deliverable, upload, by=request.user)):
            return done(request, deliverable, _("The file “%(name)s” is stored.") % {"name": upload.name})
    return show(request, "planning/deliverable_scan.html", deliverable, form, heading=_("Attach the signed scan"))


@verb_page(get_deliverable, Action.DETACH)
def deliverable_detach(request: SignedInRequest, deliverable: Deliverable, pk: int) -> HttpResponse:
    file = get_file(request.user, deliverable.number, pk)
    form = VerbForm(sent(request))
    if form.is_bound and form.is_valid() and form.done(lambda: verbs.detach_file(file, by=request.user)):
        return done(request, deliverable, _("The file “%(name)s” was removed.") % {"name": file.name}, "contents")
    return show(request, "planning/deliverable_detach.html", deliverable, form, file=file)


@verb_page(get_deliverable, Action.MOVE_DUE)
def deliverable_due(request: SignedInRequest, deliverable: Deliverable) -> HttpResponse:
    """The coordinator gives it another date, with a reason."""
    initial = {"due": deliverable.due, "version": deliverable.version}
    form = MoveDueForm(sent(request), initial=initial)
    if form.is_bound and form.is_valid():
        filled = {name: form.cleaned_data[name] for name in ("due", "reason", "version")}
        if form.done(lambda: verbs.move_due(deliverable, by=request.user, **filled)):
            return done(request, deliverable, _("It is due on %(date)s now.") % {"date": day(filled["due"])})
    return show(request, "desk/verb.html", deliverable, form, heading=_("Move the due date"))


@verb_page(get_deliverable, Action.NAME_EXPERT)
def deliverable_expert(request: SignedInRequest, deliverable: Deliverable) -> HttpResponse:
    people = User.objects.filter(pk__in=[expert.pk for expert in experts_of(deliverable.engagement)])
    form = ExpertForm(sent(request), people=people, initial={"expert": deliverable.expert_id})
    if form.is_bound and form.is_valid():
        expert = form.cleaned_data["expert"]
        if form.done(lambda: verbs.name_expert(deliverable, expert, by=request.user)):
            return done(request, deliverable, _("%(name)s prepares it.") % {"name": expert})
    return show(request, "planning/deliverable_expert.html", deliverable, form, people=people)


@verb_page(get_deliverable, Action.NAME_REVIEWERS)
def deliverable_reviewers(request: SignedInRequest, deliverable: Deliverable) -> HttpResponse:
    """The coordinator names the two experts who give their conclusion."""
    people = User.objects.filter(pk__in=[expert.pk for expert in experts_of(deliverable.engagement)])
    initial = {"first": deliverable.first_reviewer_id, "second": deliverable.second_reviewer_id}
    form = ReviewersForm(sent(request), people=people, initial={**initial, "version": deliverable.version})
    if form.is_bound and form.is_valid():
        named, version = (form.cleaned_data["first"], form.cleaned_data["second"]), form.cleaned_data["version"]
        if form.done(lambda: verbs.name_reviewers(deliverable, named, by=request.user, version=version)):
            names = {"first": named[0], "second": named[1]}
            return done(request, deliverable, _("%(first)s and %(second)s give their conclusion.") % names)
    return show(request, "planning/deliverable_reviewers.html", deliverable, form, people=people)


@require_safe
def deliverable_file(request: SignedInRequest, number: str, pk: int) -> HttpResponseBase:
    """The file itself, only ever as an attachment; files of earlier versions as well."""
    file = get_file(request.user, number, pk)
    return handed_out(request, file, back=file.deliverable)


@require_safe
def deliverable_form(request: SignedInRequest, number: str, language: str) -> FileResponse:
    """The paper to sign, filled with what is known; it comes back as a file."""
    deliverable = get_deliverable(request.user, number)
    try:
        paper = paper_of(deliverable, language)
    except LookupError as error:
        raise Http404 from error
    name = f"{deliverable.number}-{language}.docx"
    response = FileResponse(io.BytesIO(paper), as_attachment=True, filename=name, content_type=TYPES["docx"])
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
def deliverable_compare(request: SignedInRequest, number: str) -> HttpResponse:
    """Two versions, with what was added and removed marked word by word."""
    deliverable = get_deliverable(request.user, number)
    versions = versions_of(deliverable)
    left, right = (request.GET.get(name, "") for name in ("left", "right"))
    context = {"case": deliverable, "versions": versions, **compared(deliverable, versions, left, right)}
    return render(request, "planning/deliverable_compare.html", context)
