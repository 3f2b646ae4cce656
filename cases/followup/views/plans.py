"""The page on which an institution writes its plan of measures."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from cases.followup.forms.plans import PlanForm, contents_of
from cases.followup.models import Recommendation
from cases.followup.verbs import write_plan
from cases.followup.views.verbs import done, page_of, show, warn_of_past
from workflow.lifecycles.recommendation import Action


@page_of(Action.PLAN)
def plan_edit(request: HttpRequest, recommendation: Recommendation) -> HttpResponse:
    user: Any = request.user
    form = _form(request, recommendation)
    if form.is_bound and form.is_valid():
        version = form.cleaned_data["version"]
        if form.done(lambda: write_plan(recommendation, form.measures(), by=user, version=version)):
            warn_of_past(request, [measure.due for measure in form.measures()])
            sentence = _("The plan is stored. It goes to the department with the answer.")
            return done(request, recommendation, sentence, "plan")
    return show(request, "followup/plan.html", recommendation, form)


def _form(request: HttpRequest, recommendation: Recommendation) -> PlanForm:
    """The form as it begins, as it was sent, or as it was typed so far."""
    if request.method != "POST":
        measures = recommendation.measures_now()
        contents = contents_of(measures, recommendation.version)
        return PlanForm(initial=contents, filled=len(measures), recommendation=recommendation)
    if "more_rows" in request.POST:
        return PlanForm.again(request.POST, more=PlanForm.SPARE, recommendation=recommendation)
    return PlanForm(request.POST, recommendation=recommendation)
