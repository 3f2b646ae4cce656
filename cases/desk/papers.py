"""The pages on which comments are written, and documents are added and handed out."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from cases.desk.access import documents_of, get_case
from cases.desk.forms import VerbForm
from cases.desk.kinds import kinds
from cases.desk.models import Document
from cases.desk.tabs import page_of_past
from cases.desk.talking import COMMENT, COMMENT_INTERNAL, DOCUMENT, add_document, comment
from cases.desk.verbs import done, framed, sent, show
from cases.ground.downloads import handed_out
from cases.ground.fields import Files, Sent, TextField, UploadField, field_of
from cases.ground.refusals import refuse_upload
from cases.registry.requests import SignedInRequest
from workflow.case import Case
from workflow.may import can

LONGEST_COMMENT = 5_000
INTERNAL, SEEN = "internal", "institution"


class CommentForm(VerbForm):
    """There is no default of who reads it: each of the two boxes on the page says so itself."""

    audience = forms.ChoiceField(
        choices=[(INTERNAL, INTERNAL), (SEEN, SEEN)],
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(("required", "invalid_choice"), gettext_lazy("Say who is to read the comment.")),
    )
    text = TextField(
        label=gettext_lazy("Comment"),
        max_length=LONGEST_COMMENT,
        error_messages={"required": gettext_lazy("Write the comment.")},
    )


class DocumentForm(VerbForm):
    """The file comes last, so that all else has arrived when it is refused."""

    replaces = forms.ModelChoiceField(
        Document.objects.none(),
        label=gettext_lazy("New version of"),
        required=False,
        empty_label=gettext_lazy("– none, it is a new file –"),
    )
    note = TextField(label=gettext_lazy("What it shows"), rows=2, max_length=2_000, required=False)
    file = UploadField(label=gettext_lazy("File"), error_messages={"required": gettext_lazy("Choose a file.")})

    def __init__(self, data: Sent | None = None, files: "Files | None" = None, *, case: Case) -> None:
        super().__init__(data, files)
        field_of(self, "replaces", forms.ModelChoiceField).queryset = Document.objects.of(case).newest()


@require_http_methods(["GET", "HEAD", "POST"])
def case_comment(request: SignedInRequest, kind: str, number: str) -> HttpResponse:
    case = get_case(request.user, kinds()[kind], number)
    verbs = [name for name in (COMMENT, COMMENT_INTERNAL) if name in case.verbs()]
    return framed(request, case, verbs, lambda: _comment(request, case))


def _comment(request: SignedInRequest, case: Case) -> HttpResponse:
    form = CommentForm(sent(request))
    if form.is_bound and form.is_valid():
        text, is_internal = form.cleaned_data["text"], form.cleaned_data["audience"] == INTERNAL
        if form.done(lambda: comment(case, text, by=request.user, is_internal=is_internal)):
            sentence = _("The internal comment is stored.") if is_internal else _("The comment is stored.")
            return done(request, case, sentence, "comments")
    return show(request, "desk/comment.html", case, form, can=can(case, request.user))


@require_http_methods(["GET", "HEAD", "POST"])
def case_document_add(request: SignedInRequest, kind: str, number: str) -> HttpResponse:
    case = get_case(request.user, kinds()[kind], number)
    return framed(request, case, [DOCUMENT], lambda: _document_add(request, case))


def _document_add(request: SignedInRequest, case: Case) -> HttpResponse:
    form = DocumentForm(sent(request), request.FILES or None, case=case)
    refuse_upload(form, request)
    if form.is_bound and form.is_valid():
        described = dict(form.cleaned_data)
        upload = described.pop("file")
        if form.done(lambda: add_document(case, upload, by=request.user, **described)):
            messages.success(request, _("The file “%(name)s” is stored.") % {"name": upload.name})
            return redirect(f"{page_of_past(case)}#documents")
    return show(request, "desk/document.html", case, form)


@require_safe
def case_document(request: SignedInRequest, kind: str, number: str, pk: int) -> HttpResponseBase:
    """The file itself, only ever as an attachment and as the type that its contents were found to be."""
    case = get_case(request.user, kinds()[kind], number)
    return handed_out(request, get_object_or_404(documents_of(case, request.user), pk=pk), back=case)
