"""The pages of evidence: adding a file, handing it out, accepting or rejecting it, saying why there is none."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cases.followup.access import get_evidence, get_measure
from cases.followup.forms.evidence import EvidenceForm, ExplainForm, ReviewForm
from cases.followup.models import Evidence, Recommendation
from cases.followup.models.evidence import Decision
from cases.followup.verbs import attach, explain, review_evidence
from cases.followup.views.verbs import done, page_of, sent, show
from cases.ground.refusals import refuse_upload
from cases.ground.storage import open_stored
from workflow.door import Refused
from workflow.lifecycles.recommendation import Action


@page_of(Action.EVIDENCE)
def evidence_add(request: HttpRequest, recommendation: Recommendation) -> HttpResponse:
    user: Any = request.user
    form = EvidenceForm(
        sent(request),
        request.FILES or None,
        recommendation=recommendation,
        initial={name: request.GET.get(name) for name in ("measure", "replaces")},
    )
    refuse_upload(form, request)
    if form.is_bound and form.is_valid():
        described = dict(form.cleaned_data)
        upload = described.pop("file")
        if form.done(lambda: attach(recommendation, upload, by=user, **described)):
            sentence = _("The file “%(name)s” is stored.") % {"name": upload.name}
            return done(request, recommendation, sentence, "evidence")
    return show(request, "followup/evidence.html", recommendation, form)


@require_safe
def evidence_file(request: HttpRequest, number: str, pk: int) -> HttpResponseBase:
    """The file itself, only ever as an attachment and as the type that its contents were found to be."""
    user: Any = request.user
    evidence = get_evidence(user, number, pk)
    try:
        file = open_stored(evidence.path, evidence.sha256)
    except Refused as refused:
        messages.error(request, refused.sentence)
        return redirect(evidence.recommendation)
    response = FileResponse(file, as_attachment=True, filename=evidence.name, content_type=evidence.content_type)
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@page_of(Action.REVIEW_EVIDENCE)
def evidence_review(request: HttpRequest, recommendation: Recommendation, pk: int) -> HttpResponse:
    user: Any = request.user
    evidence = get_evidence(user, recommendation.number, pk)
    form = ReviewForm(sent(request), initial=_reviewed(evidence))
    if form.is_bound and form.is_valid():
        filled = {name: form.cleaned_data[name] for name in ("decision", "reason", "version")}
        if form.done(lambda: review_evidence(evidence, by=user, **filled)):
            accepted = evidence.decision == Decision.ACCEPTED
            sentence = _("“%(name)s” is accepted.") if accepted else _("“%(name)s” is rejected.")
            return done(request, recommendation, sentence % {"name": evidence.name}, "evidence")
    return show(request, "followup/evidence_review.html", recommendation, form, evidence=evidence)


@page_of(Action.EVIDENCE)
def measure_explain(request: HttpRequest, recommendation: Recommendation, pk: int) -> HttpResponse:
    user: Any = request.user
    measure = get_measure(user, recommendation.number, pk)
    form = ExplainForm(sent(request), initial={"reason": measure.unproved_reason})
    if form.is_bound and form.is_valid():
        reason = form.cleaned_data["reason"]
        if form.done(lambda: explain(measure, reason, by=user, recommendation=recommendation)):
            return done(request, recommendation, _("The reason is stored."), "plan")
    return show(request, "followup/evidence_explain.html", recommendation, form, measure=measure)


def _reviewed(evidence: Evidence) -> dict[str, Any]:
    return {
        "version": evidence.recommendation.version,
        "decision": "" if evidence.decision == Decision.RECEIVED else evidence.decision,
        "reason": evidence.decision_reason,
    }
