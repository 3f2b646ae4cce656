"""The pages on which a finding is written and edited."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cases.analysis.access import get_finding
from cases.analysis.forms import FindingForm, contents_of
from cases.analysis.models import Finding
from cases.analysis.verbs import edit_finding, write_finding
from cases.desk.verbs import done, sent, show, status_of, verb_page
from cases.planning.access import get_engagement
from cases.registry.requests import SignedInRequest
from workflow.lifecycles.finding import Action
from workflow.roles import CONTRACTOR


@require_http_methods(["GET", "HEAD", "POST"])
def finding_add(request: SignedInRequest, number: str) -> HttpResponse:
    engagement = get_engagement(request.user, number)
    if engagement.standing(request.user, CONTRACTOR) is None:
        raise PermissionDenied(_("Findings are written by the contractor of the monitoring."))
    form = FindingForm(sent(request), engagement=engagement, initial={"version": 0})
    made: list[Finding] = []
    if (
        form.is_bound
        and form.is_valid()
        and form.done(lambda: made.append(write_finding(engagement, form.facts(), by=request.user)))
    ):
        return done(request, made[0], _("The finding %(number)s is stored.") % {"number": made[0].number})
    context = {"form": form, "engagement": engagement, "rests": Finding(engagement=engagement).why_it_rests()}
    return render(request, "analysis/finding_add.html", context, status=status_of(form))


@verb_page(get_finding, Action.EDIT)
def finding_edit(request: SignedInRequest, finding: Finding) -> HttpResponse:
    form = FindingForm(sent(request), engagement=finding.engagement, initial=contents_of(finding))
    if form.is_bound and form.is_valid():
        facts, version = form.facts(), form.cleaned_data["version"]
        if form.done(lambda: edit_finding(finding, facts, by=request.user, version=version)):
            return done(request, finding, _("The finding is stored."))
    return show(request, "desk/verb.html", finding, form, heading=_("Edit the finding"))
