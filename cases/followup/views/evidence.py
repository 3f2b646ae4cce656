"""The pages of evidence: adding a file, handing it out, accepting or rejecting it, saying why there is none."""

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cases.desk.verbs import done, sent, show, verb_page
from cases.followup.access import get_evidence, get_interim, get_measure, get_recommendation
from cases.followup.forms.evidence import EvidenceForm, ExplainForm, ReviewForm
from cases.followup.models import Evidence, InterimDeadline, Measure, Recommendation
from cases.followup.models.evidence import Decision
from cases.followup.verbs import attach, explain, review_evidence
from cases.ground.downloads import handed_out
from cases.ground.refusals import refuse_upload
from cases.registry.requests import SignedInRequest
from workflow.lifecycles.recommendation import Action


@verb_page(get_recommendation, Action.EVIDENCE)
def evidence_add(request: SignedInRequest, recommendation: Recommendation) -> HttpResponse:
    user = request.user
    form = EvidenceForm(
        sent(request),
        request.FILES or None,
        recommendation=recommendation,
        initial={name: request.GET.get(name) for name in ("measure", "interim", "replaces")},
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
def evidence_file(request: SignedInRequest, number: str, pk: int) -> HttpResponseBase:
    """The file itself, only ever as an attachment and as the type that its contents were found to be."""
    user = request.user
    evidence = get_evidence(user, number, pk)
    return handed_out(request, evidence, back=evidence.recommendation)


@verb_page(get_recommendation, Action.REVIEW_EVIDENCE)
def evidence_review(request: SignedInRequest, recommendation: Recommendation, pk: int) -> HttpResponse:
    user = request.user
    evidence = get_evidence(user, recommendation.number, pk)
    form = ReviewForm(sent(request), initial=_reviewed(evidence))
    if form.is_bound and form.is_valid():
        filled = {name: form.cleaned_data[name] for name in ("decision", "reason", "version")}
        if form.done(lambda: review_evidence(evidence, by=user, **filled)):
            accepted = evidence.decision == Decision.ACCEPTED
            sentence = _("“%(name)s” is accepted.") if accepted else _("“%(name)s” is rejected.")
            return done(request, recommendation, sentence % {"name": evidence.name}, "evidence")
    return show(request, "followup/evidence_review.html", recommendation, form, evidence=evidence)


@verb_page(get_recommendation, Action.EVIDENCE)
def measure_explain(request: SignedInRequest, recommendation: Recommendation, pk: int) -> HttpResponse:
    measure = get_measure(request.user, recommendation.number, pk)
    return _explained(request, recommendation, measure, "plan")


@verb_page(get_recommendation, Action.EVIDENCE)
def interim_explain(request: SignedInRequest, recommendation: Recommendation, pk: int) -> HttpResponse:
    interim = get_interim(request.user, recommendation.number, pk)
    return _explained(request, recommendation, interim, "interim")


def _explained(
    request: SignedInRequest, recommendation: Recommendation, duty: Measure | InterimDeadline, part: str
) -> HttpResponse:
    """`part` of the case's page is where the reason is shown."""
    form = ExplainForm(sent(request), initial={"reason": duty.unproved_reason})
    if form.is_bound and form.is_valid():
        reason = form.cleaned_data["reason"]
        if form.done(lambda: explain(duty, reason, by=request.user, recommendation=recommendation)):
            return done(request, recommendation, _("The reason is stored."), part)
    return show(request, f"followup/{part}_explain.html", recommendation, form, duty=duty)


def _reviewed(evidence: Evidence) -> dict[str, object]:
    return {
        "version": evidence.recommendation.version,
        "decision": "" if evidence.decision == Decision.RECEIVED else evidence.decision,
        "reason": evidence.decision_reason,
    }
