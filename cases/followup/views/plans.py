"""The page on which an institution writes its plan of measures."""

from django.http import HttpResponse
from django.utils.translation import gettext as _

from cases.desk.verbs import done, show, verb_page, warn_of_past
from cases.followup.access import get_recommendation
from cases.followup.forms.plans import PlanForm, contents_of
from cases.followup.models import Recommendation
from cases.followup.verbs import write_plan
from cases.registry.requests import SignedInRequest
from workflow.lifecycles.recommendation import Action


@verb_page(get_recommendation, Action.PLAN)
def plan_edit(request: SignedInRequest, recommendation: Recommendation) -> HttpResponse:
    user = request.user
    form = _form(request, recommendation)
    if form.is_bound and form.is_valid():
        version = form.cleaned_data["version"]
        if form.done(lambda: write_plan(recommendation, form.measures(), by=user, version=version)):
            warn_of_past(request, [measure.due for measure in form.measures()])
            sentence = _("The plan is stored. It goes to the department with the answer.")
            return done(request, recommendation, sentence, "plan")
    return show(request, "followup/plan.html", recommendation, form)


def _form(request: SignedInRequest, recommendation: Recommendation) -> PlanForm:
    """The form as it begins, as it was sent, or as it was typed so far."""
    if request.method != "POST":
        measures = recommendation.measures_now()
        contents = contents_of(measures, recommendation.version)
        return PlanForm(initial=contents, filled=len(measures), recommendation=recommendation)
    if "more_rows" in request.POST:
        typed = PlanForm.as_typed(request.POST, more=PlanForm.SPARE)
        return PlanForm(initial=typed, recommendation=recommendation)
    return PlanForm(request.POST, recommendation=recommendation)
