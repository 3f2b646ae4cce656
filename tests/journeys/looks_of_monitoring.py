"""The pages of plan-schedules, monitorings, deliverables and findings: who opens which."""

from collections.abc import Iterator

from django.core.files.uploadedfile import SimpleUploadedFile

from cases.analysis.models import Finding
from cases.analysis.verbs import FindingFacts, write_finding
from cases.followup.demo.cases import PDF
from cases.followup.demo.people import People
from cases.planning.models import Deliverable, Engagement, PlanItem, PlanSchedule
from cases.planning.verbs import attach_file, draft_plan
from tests.journeys.looking import Look
from workflow.lifecycles.engagement import State


def of_monitoring(made: People) -> Iterator[Look]:
    yield from _of_plans()
    yield from _of_engagements(made)
    yield from _of_every_stage()
    yield from _of_deliverables(made)
    yield from _of_rounds()
    yield from _of_findings(made)
    yield from _of_catalogues()


def _of_plans() -> Iterator[Look]:
    in_force, submitted = PlanSchedule.objects.order_by("pk")
    page, draft = submitted.get_absolute_url(), _draft_plan(in_force)
    yield Look("coordinator", "/plans/")
    yield Look("coordinator", in_force.get_absolute_url())
    yield Look("institution_head", in_force.get_absolute_url())
    yield Look("department_head", page)
    yield Look("department_head", f"{page}act/agree/")
    yield Look("department_head", f"{page}act/send_back/", {}, 422)
    yield Look("department_head", f"{page}comment/")
    yield Look("coordinator", f"{page}documents/", {}, 422)
    yield Look("department_head", f"{page}route/")
    yield Look("department_head", f"{page}procedure/")
    yield Look("coordinator", draft.get_absolute_url())
    yield Look("coordinator", f"{draft.get_absolute_url()}edit/")
    yield Look("coordinator", f"{draft.get_absolute_url()}items/add/", {}, 422)
    yield Look("coordinator", f"{draft.get_absolute_url()}items/1/edit/")
    yield Look("coordinator", f"{draft.get_absolute_url()}items/1/remove/")
    yield Look("coordinator", f"{draft.get_absolute_url()}compare/")
    yield Look("coordinator", f"{draft.get_absolute_url()}assign/")
    proposal = draft.unweighed()[0]
    weigh = f"{draft.get_absolute_url()}proposals/{proposal.deliverable.number}/{proposal.place}/"
    yield Look("coordinator", weigh)
    yield Look("coordinator", weigh, {}, 422)
    yield Look("coordinator", f"{in_force.get_absolute_url()}next/")
    yield Look("coordinator", "/plans/new/", {"title": "План", "first_year": "2028", "last_year": "2027"}, 422)
    yield Look("ministry_observer", "/plans/coverage/")
    yield Look("registrar", "/registry/areas/")
    yield Look("registrar", "/registry/add/area/", {}, 422)
    yield from (Look("registrar", f"/registry/areas/ENG/{verb}/") for verb in ("edit", "deactivate", "reactivate"))


def _draft_plan(copied: PlanSchedule) -> PlanSchedule:
    """One that can be edited."""
    assert copied.coordinator
    return draft_plan(copied.department, copied.title, (2029, 2029), by=copied.coordinator, copied=copied)


def _of_engagements(made: People) -> Iterator[Look]:
    planned, page = (_engagement(state).get_absolute_url() for state in (State.PLANNED, State.PREPARATION))
    [item] = PlanItem.objects.filter(plan__state="in_force", engagements=None)
    yield Look("coordinator", "/engagements/")
    yield Look("contractor_lead", "/engagements/")
    yield Look("coordinator", "/engagements/new/")
    yield Look("coordinator", "/engagements/new/?item=", {}, 422)
    yield Look("coordinator", f"/engagements/new/?item={item.pk}")
    yield Look("coordinator", f"{planned}edit/")
    yield Look("coordinator", f"{planned}dates/")
    yield Look("coordinator", f"{planned}act/start/")
    yield Look("coordinator", f"{planned}calendar/")
    yield Look("contractor_lead", f"{page}calendar/")
    yield Look("contractor_lead", f"{page}experts/add/")
    yield Look("contractor_lead", f"{page}experts/{made['contractor_expert'].pk}/remove/")
    yield Look("coordinator", f"{page}comment/")
    yield Look("coordinator", f"{page}documents/", {}, 422)
    yield Look("coordinator", f"{page}assign/", {}, 422)
    yield from (Look("coordinator", f"{page}{tab}/") for tab in ("institutions", "people", "history"))
    yield Look("contractor_lead", f"{page}people/")
    yield Look("coordinator", f"{page}act/begin_collection/")
    yield Look("coordinator", f"{page}act/conclude_contract/")
    yield Look("department_head", f"{page}act/suspend/", {}, 422)
    yield Look("ministry_leader", f"{page}act/cancel/", {}, 422)
    yield Look("department_head", f"{_engagement(State.ANALYSIS).get_absolute_url()}act/send_back/", {}, 422)
    yield Look("ministry_leader", f"{_engagement(State.REPORTING).get_absolute_url()}act/publish/")
    suspended = Engagement.objects.exclude(suspended_on=None).get().get_absolute_url()
    yield Look("department_head", f"{suspended}act/resume/")
    yield Look("contractor_lead", suspended)


def _of_every_stage() -> Iterator[Look]:
    for state in State:
        yield Look("coordinator", _engagement(state).get_absolute_url())
    for who in ("ministry_leader", "contractor_lead", "contractor_expert"):
        yield Look(who, _engagement(State.PREPARATION).get_absolute_url())
        yield Look(who, "/")
    yield Look("institution_head", _engagement(State.FOLLOW_UP).get_absolute_url())


def _of_deliverables(made: People) -> Iterator[Look]:
    estimate, calendar, team = (_deliverable(kind) for kind in ("cost_estimate", "calendar_plan", "national_team"))
    attached = Deliverable.objects.get(number=calendar.number)
    file = attach_file(attached, SimpleUploadedFile("план (demo).pdf", PDF), by=made["contractor_lead"])
    yield Look("coordinator", "/deliverables/")
    yield Look("contractor_lead", "/deliverables/")
    yield Look("coordinator", "/deliverables/list/1/")
    for one in (estimate, calendar, team, _deliverable("terms_of_reference")):
        yield Look("coordinator", one.get_absolute_url())
    page = calendar.get_absolute_url()
    yield Look("contractor_lead", page)
    yield Look("contractor_lead", f"{page}act/submit/")
    yield Look("contractor_lead", f"{page}write/")
    yield Look("contractor_lead", f"{page}attach/", {}, 422)
    yield Look("contractor_lead", f"{page}expert/")
    yield Look("coordinator", f"{page}reviewers/")
    yield Look("coordinator", f"{page}reviewers/", {}, 422)
    yield Look("coordinator", f"{page}due/", {}, 422)
    yield Look("coordinator", f"{_deliverable('terms_of_reference').get_absolute_url()}scan/", {}, 422)
    yield Look("contractor_lead", f"{page}files/{file.pk}/remove/")
    for one, who in ((calendar, "contractor_lead"), (team, "coordinator")):
        page = one.get_absolute_url()
        yield Look(who, f"{page}lines/add/")
        yield Look(who, f"{page}lines/add/", {}, 422)
        yield Look(who, f"{page}lines/1/edit/")
        yield Look(who, f"{page}lines/1/remove/")
        yield Look(who, f"{page}lines/import/", {}, 422)
    yield Look("department_head", f"{page}act/leave_out/", {}, 422)
    yield Look("coordinator", f"{estimate.get_absolute_url()}compare/")
    yield Look("coordinator", f"{estimate.get_absolute_url()}act/recall/")
    yield Look("department_head", f"{_deliverable('terms_of_reference').get_absolute_url()}act/reopen/", {}, 422)


def _of_rounds() -> Iterator[Look]:
    page = _deliverable("programme").get_absolute_url()
    yield Look("coordinator", "/procedures/approval/")
    yield Look("department_head", page)
    yield Look("department_head", f"{page}act/agree/")
    yield Look("department_head", f"{page}act/send_back/", {}, 422)
    yield Look("department_head", f"{page}act/take/")
    yield Look("department_head", f"{page}act/hand_over/", {}, 422)
    yield Look("department_head", f"{page}procedure/")
    yield Look("department_head", f"{page}comment/")
    for kind in ("programme", "cost_estimate"):
        yield Look("ministry_leader", f"{_deliverable(kind).get_absolute_url()}route/")
    yield Look("ministry_leader", f"{_deliverable('cost_estimate').get_absolute_url()}act/approve/")
    yield Look("ministry_leader", f"{_deliverable('cost_estimate').get_absolute_url()}act/decline/", {}, 422)


def _of_findings(made: People) -> Iterator[Look]:
    analysis = _engagement(State.ANALYSIS)
    facts = FindingFacts(
        kind="risk", direction=min(analysis.directions), standard="REG-8 (demo)", statement_ky="(demo)"
    )
    draft = write_finding(analysis, facts, by=made["contractor_expert"]).get_absolute_url()
    page = Finding.objects.filter(engagement=_engagement(State.FOLLOW_UP)).earliest("pk")
    yield Look("coordinator", "/findings/")
    yield Look("contractor_expert", "/findings/")
    yield Look("contractor_expert", f"{analysis.get_absolute_url()}findings/add/")
    yield Look("contractor_expert", f"{analysis.get_absolute_url()}findings/add/", {}, 422)
    yield Look("contractor_expert", draft)
    yield Look("contractor_expert", f"{draft}edit/")
    yield Look("contractor_expert", f"{draft}act/propose/")
    yield Look("contractor_expert", f"{draft}comment/")
    yield Look("contractor_expert", f"{draft}documents/", {}, 422)
    yield Look("coordinator", page.get_absolute_url())
    yield Look("institution_head", page.get_absolute_url())
    yield Look("department_head", f"{page.get_absolute_url()}act/withdraw/", {}, 422)
    yield Look("coordinator", f"/recommendations/new/?finding={page.number}")
    yield Look("coordinator", page.recommendation_links.earliest("pk").recommendation.get_absolute_url())


def _of_catalogues() -> Iterator[Look]:
    yield Look("coordinator", "/registry/catalogues/")
    yield Look("coordinator", "/registry/catalogues/SAFETY/1/")


def _engagement(state: str) -> Engagement:
    """The first one in this state that is not suspended."""
    return Engagement.objects.filter(state=state, suspended_on=None).earliest("pk")


def _deliverable(kind: str) -> Deliverable:
    """Of the monitoring to walk through."""
    return Deliverable.objects.get(engagement=_engagement(State.PREPARATION), row__kind=kind)
