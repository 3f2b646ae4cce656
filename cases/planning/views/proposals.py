"""The page on which a plan-schedule decides on a proposal of a monitoring."""

from django.http import HttpResponse
from django.utils.translation import gettext as _

from cases.desk.verbs import done, sent, show, verb_page
from cases.planning import verbs
from cases.planning.access import get_plan, get_proposal
from cases.planning.forms.proposals import WeighForm, decided
from cases.planning.models import PlanSchedule
from cases.registry.requests import SignedInRequest
from workflow.lifecycles.plan_schedule import Action


@verb_page(get_plan, Action.WEIGH)
def plan_weigh(request: SignedInRequest, plan: PlanSchedule, deliverable: str, place: int) -> HttpResponse:
    """Take it into a monitoring of the plan-schedule, or leave it out with a reason."""
    line = get_proposal(request.user, plan, deliverable, place)
    form = WeighForm(sent(request), plan=plan, initial={**decided(line), "version": plan.version})
    if form.is_bound and form.is_valid():
        weighed, version = form.weighed(), form.cleaned_data["version"]
        if form.done(lambda: verbs.weigh(plan, line, weighed, by=request.user, version=version)):
            return done(request, plan, _("The decision on the proposal is stored."), "proposals")
    return show(request, "planning/plan_weigh.html", plan, form, line=line)
