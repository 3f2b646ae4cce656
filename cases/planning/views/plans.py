"""The pages on which a plan-schedule is drafted, and its versions are compared."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cases.desk.act import UNPROCESSABLE
from cases.desk.forms import VersionedForm
from cases.desk.verbs import done, sent, show, verb_page, warn_of_past
from cases.ground.refusals import refuse
from cases.planning import verbs
from cases.planning.access import get_item, get_plan, get_proposal
from cases.planning.comparing import compared, versions_of
from cases.planning.forms.plans import NewPlanForm, PlanItemForm, PlanScheduleForm, contents_of
from cases.planning.forms.proposals import planned_from
from cases.planning.models import PlanSchedule
from cases.registry.models import Organisation
from cases.registry.requests import SignedInRequest
from workflow.door import Refused
from workflow.lifecycles.plan_schedule import Action
from workflow.roles import Role
from workflow.terms import legal_date


@require_http_methods(["GET", "HEAD", "POST"])
def plan_new(request: SignedInRequest) -> HttpResponse:
    return _new(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
def plan_next(request: SignedInRequest, number: str) -> HttpResponse:
    """A new plan-schedule that begins with the monitorings of this one."""
    return _new(request, get_plan(request.user, number))


def _new(request: SignedInRequest, copied: PlanSchedule | None) -> HttpResponse:
    departments = Organisation.objects.filter(pk__in=request.user.role_map.get(Role.COORDINATOR, ()))
    if not departments:
        raise PermissionDenied(_("Only a coordinator of the department drafts plan-schedules."))
    year = copied.last_year + 1 if copied else legal_date().year + 1
    initial = {"first_year": year, "last_year": year, "title": copied.title if copied else ""}
    form = NewPlanForm(sent(request), departments=departments, initial=initial)
    if form.is_bound and form.is_valid():
        filled = form.cleaned_data
        years = filled["first_year"], filled["last_year"]
        try:
            plan = verbs.draft_plan(filled["department"], filled["title"], years, by=request.user, copied=copied)
        except Refused as refused:
            refuse(form, refused)
        else:
            return done(request, plan, _("The plan-schedule %(number)s is stored.") % {"number": plan.number})
    context = {"form": form, "copied": copied}
    return render(request, "planning/plan_new.html", context, status=UNPROCESSABLE if form.errors else 200)


@verb_page(get_plan, Action.EDIT)
def plan_edit(request: SignedInRequest, plan: PlanSchedule) -> HttpResponse:
    names = ("title", "first_year", "last_year", "explanation", "version")
    initial = {name: getattr(plan, name) for name in names} | {"agreed_by": list(plan.agreed_by.all())}
    form = PlanScheduleForm(sent(request), plan=plan, initial=initial)
    if form.is_bound and form.is_valid():
        facts, version = form.facts(), form.cleaned_data["version"]
        if form.done(lambda: verbs.edit_plan(plan, facts, by=request.user, version=version)):
            return done(request, plan, _("The plan-schedule is stored."))
    return show(request, "planning/plan_edit.html", plan, form, overdue=plan.overdue_not_planned())


@verb_page(get_plan, Action.EDIT)
def item_add(request: SignedInRequest, plan: PlanSchedule) -> HttpResponse:
    """A new one, or one that takes up the proposal which the address names."""
    initial: dict[str, object] = {"version": plan.version, "kind": "main", "starts": plan.begins, "ends": plan.ends}
    number, _comma, place = request.GET.get("proposal", "").partition(",")
    proposal = get_proposal(request.user, plan, number, int(place)) if place.isdecimal() else None
    if proposal is not None:
        initial |= planned_from(proposal)
    form = PlanItemForm(sent(request), plan=plan, initial=initial)
    if form.is_bound and form.is_valid():
        facts, version = form.facts(), form.cleaned_data["version"]
        if form.done(lambda: verbs.add_item(plan, facts, by=request.user, version=version, proposal=proposal)):
            warn_of_past(request, [facts.starts, facts.ends])
            return done(request, plan, _("“%(item)s” is planned.") % {"item": facts.title}, "items")
    return show(request, "planning/plan_item.html", plan, form, proposal=proposal)


@verb_page(get_plan, Action.EDIT)
def item_edit(request: SignedInRequest, plan: PlanSchedule, place: int) -> HttpResponse:
    item = get_item(plan, place)
    form = PlanItemForm(sent(request), plan=plan, item=item, initial=contents_of(item))
    if form.is_bound and form.is_valid():
        facts, version = form.facts(), form.cleaned_data["version"]
        if form.done(lambda: verbs.change_item(item, facts, by=request.user, version=version)):
            warn_of_past(request, [facts.starts, facts.ends])
            return done(request, plan, _("“%(item)s” is stored.") % {"item": facts.title}, "items")
    return show(request, "planning/plan_item.html", plan, form, item=item)


@verb_page(get_plan, Action.EDIT)
def item_remove(request: SignedInRequest, plan: PlanSchedule, place: int) -> HttpResponse:
    item = get_item(plan, place)
    title = str(item)
    form = VersionedForm(sent(request), initial={"version": plan.version})
    if form.is_bound and form.is_valid():
        version = form.cleaned_data["version"]
        if form.done(lambda: verbs.remove_item(item, by=request.user, version=version)):
            return done(request, plan, _("“%(item)s” is no longer planned.") % {"item": title}, "items")
    return show(request, "planning/plan_item_remove.html", plan, form, item=item)


@require_safe
def plan_compare(request: SignedInRequest, number: str) -> HttpResponse:
    """Two versions side by side: submitted ones, the present contents, and those of the plan-schedule before."""
    plan = get_plan(request.user, number)
    versions = versions_of(plan, request.user)
    left, right = (request.GET.get(name, "") for name in ("left", "right"))
    comparison = compared(versions, left, right)
    return render(request, "planning/plan_compare.html", {"case": plan, "versions": versions, **comparison})
