"""The pages on which a monitoring is planned, its dates are set, and experts are let in."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cases.desk.act import UNPROCESSABLE
from cases.desk.forms import VerbForm
from cases.desk.verbs import done, sent, show, verb_page, warn_of_past
from cases.ground.refusals import refuse
from cases.planning import verbs
from cases.planning.access import get_engagement
from cases.planning.forms.engagements import (
    DatesForm,
    EngagementForm,
    ExpertForm,
    contents_of_facts,
    dates_contents,
    engagement_contents,
)
from cases.planning.models import Engagement, PlanItem
from cases.planning.sections.people import experts_of
from cases.planning.verbs import EngagementFacts
from cases.registry.models import Membership, Organisation, User
from cases.registry.requests import SignedInRequest
from workflow.door import Refused
from workflow.lifecycles.engagement import Action, State
from workflow.lifecycles.plan_schedule import State as PlanState
from workflow.roles import Role


@require_http_methods(["GET", "HEAD", "POST"])
def engagement_new(request: SignedInRequest) -> HttpResponse:
    """By an item of a plan-schedule in force that has not begun, or outside of the plan-schedule."""
    departments = Organisation.objects.filter(pk__in=request.user.role_map.get(Role.COORDINATOR, ()))
    if not departments:
        raise PermissionDenied(_("Only a coordinator of the department plans monitorings."))
    chosen = request.GET.get("item")
    if chosen is None:
        choices = {"items": _planned(departments), "departments": departments}
        return render(request, "planning/engagement_choose.html", choices)
    item = get_object_or_404(_planned(departments), pk=chosen) if chosen.isdecimal() else None
    department = item.plan.department if item else _department(departments, request.GET.get("department", ""))
    facts = verbs.facts_of(item) if item else EngagementFacts("")
    form = EngagementForm(sent(request), department=department, initial={**contents_of_facts(facts), "version": 0})
    if form.is_bound and form.is_valid():
        try:
            engagement = verbs.plan_engagement(department, form.facts(), by=request.user, item=item)
        except Refused as refused:
            refuse(form, refused)
        else:
            return done(request, engagement, _("%(number)s is planned.") % {"number": engagement.number})
    context = {"form": form, "item": item, "department": department}
    return render(request, "planning/engagement_new.html", context, status=UNPROCESSABLE if form.errors else 200)


@verb_page(get_engagement, Action.EDIT)
def engagement_edit(request: SignedInRequest, engagement: Engagement) -> HttpResponse:
    initial = engagement_contents(engagement)
    form = EngagementForm(sent(request), department=engagement.department, initial=initial)
    if form.is_bound and form.is_valid():
        facts, version = form.facts(), form.cleaned_data["version"]
        if form.done(lambda: verbs.edit_engagement(engagement, facts, by=request.user, version=version)):
            return done(request, engagement, _("The monitoring is stored."))
    return show(request, "desk/verb.html", engagement, form, heading=_("Edit the monitoring"))


@verb_page(get_engagement, Action.SET_DATES)
def engagement_dates(request: SignedInRequest, engagement: Engagement) -> HttpResponse:
    known = {row.stage: (row.planned_start, row.planned_end) for row in engagement.stages.all()}
    form = DatesForm(sent(request), initial={**dates_contents(known), "version": engagement.version})
    if form.is_bound and form.is_valid():
        dates, version = form.dates(), form.cleaned_data["version"]
        if form.done(lambda: verbs.set_dates(engagement, dates, by=request.user, version=version)):
            if engagement.state == State.PLANNED:
                warn_of_past(request, [day for days in dates.values() for day in days])
            return done(request, engagement, _("The dates are stored."), "stages")
    return show(request, "desk/verb.html", engagement, form, heading=_("Dates of the stages"))


@verb_page(get_engagement, Action.GIVE_ACCESS)
def expert_add(request: SignedInRequest, engagement: Engagement) -> HttpResponse:
    """The contractor's lead lets an expert in."""
    held = Membership.objects.in_force().filter(role=Role.CONTRACTOR_EXPERT, organisation=engagement.contractor_id)
    people = User.objects.filter(pk__in=held.values("person")).exclude(
        pk__in=[expert.pk for expert in experts_of(engagement)]
    )
    form = ExpertForm(sent(request), people=people)
    if form.is_bound and form.is_valid():
        expert = form.cleaned_data["expert"]
        if form.done(lambda: verbs.give_access(engagement, expert, by=request.user)):
            return _to_people(request, engagement, _("%(name)s has access now.") % {"name": expert})
    return show(request, "planning/expert_add.html", engagement, form, people=people)


@verb_page(get_engagement, Action.WITHDRAW_ACCESS)
def expert_remove(request: SignedInRequest, engagement: Engagement, pk: int) -> HttpResponse:
    expert = next((expert for expert in experts_of(engagement) if expert.pk == pk), None)
    if expert is None:
        raise Http404
    form = VerbForm(sent(request))
    if (
        form.is_bound
        and form.is_valid()
        and form.done(lambda: verbs.withdraw_access(engagement, expert, by=request.user))
    ):
        return _to_people(request, engagement, _("%(name)s has no access any more.") % {"name": expert})
    left = verbs.left_behind(engagement, expert)
    return show(request, "planning/expert_remove.html", engagement, form, expert=expert, left=left)


def _to_people(request: SignedInRequest, engagement: Engagement, sentence: str) -> HttpResponse:
    messages.success(request, sentence)
    return redirect("engagement_people", engagement.number)


def _planned(departments: QuerySet[Organisation]) -> QuerySet[PlanItem]:
    """Monitorings of the plan-schedules in force that have not begun."""
    items = PlanItem.objects.filter(plan__department__in=departments, plan__state=PlanState.IN_FORCE)
    return items.not_begun().select_related("plan__department", "pilot").order_by("starts", "pk")


def _department(departments: QuerySet[Organisation], chosen: str) -> Organisation:
    """The one that was named, or the only one."""
    field = forms.ModelChoiceField(departments, required=False)
    try:
        named: Organisation | None = field.clean(chosen)
    except forms.ValidationError as error:
        raise Http404 from error
    return named or departments[0]
