"""Who looks at the pages in the sweep, and one of everything that there is to look at."""

from datetime import timedelta
from typing import Any

from django.contrib.auth.models import Permission
from django.contrib.auth.tokens import default_token_generator
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from cases.desk.models import Export
from cases.desk.talking import add_document
from cases.followup.models import InterimDeadline, Recommendation
from cases.followup.models.recommendations import RecommendationUserObjectPermission
from cases.followup.verbs import attach
from cases.planning.models import Deliverable
from cases.planning.verbs import add_line, attach_file
from cases.registry import verbs as registry
from cases.registry.catalogues import load_catalogues
from cases.registry.models import Membership, ProgrammeArea, Upload, User
from notifications.models import Message
from tests.cast import Cast, person
from tests.factories import make_extension, make_recommendation
from tests.kinds.accounts import make_account_change
from tests.kinds.engagements import DATES, make_engagement
from tests.kinds.findings import make_reported
from tests.kinds.follow_up import make_effect_review
from tests.kinds.planning import make_plan
from tests.kinds.proposals import propose_next
from tests.kinds.toys import make_note, make_visit
from tests.kinds.written import make_finding
from tests.toys.visit import State as VisitState
from tests.workflow.acting import everybody
from workflow.door import perform
from workflow.lifecycles.engagement import State as EngagementState
from workflow.lifecycles.plan_schedule import State as PlanState
from workflow.lifecycles.recommendation import State
from workflow.models import Event
from workflow.roles import Role
from workflow.terms import legal_date

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
PLANS = {
    "plan": (PlanState.DRAFT, 2028),
    "plan_submitted": (PlanState.SUBMITTED, 2027),
    "plan_in_force": (PlanState.IN_FORCE, 2026),
}
ENGAGEMENTS = {
    "planned": EngagementState.PLANNED,
    "preparation": EngagementState.PREPARATION,
    "collection": EngagementState.COLLECTION,
}
OUTSIDE = ("anonymous", "deactivated coordinator")
"""Those who are not signed in, or not any more."""


def make_people(cast: Cast) -> dict[str, User | None]:
    """Every role in the organisations concerned and in others, and those who stand between: name -> person."""
    people: dict[str, User | None] = {
        who.role if who.is_own else f"other {who.role}": who.user for who in everybody(cast)
    }
    gone = person("Gone", (cast.department, Role.COORDINATOR))
    User.objects.filter(pk=gone.pk).update(is_active=False)
    return people | {
        "second coordinator": cast.second_coordinator,
        "guest": person("Guest"),
        "stranger": cast.stranger,
        "deactivated coordinator": gone,
        "anonymous": None,
    }


def make_things(cast: Cast, people: dict[str, User | None]) -> dict[str, str]:
    """One of everything, by the word that stands for it in an address; the guest is let in to the case in progress."""
    cases = {state: make_recommendation(cast, state) for state in State.values}
    in_progress = cases[State.IN_PROGRESS]
    Recommendation.objects.filter(pk=in_progress.pk).update(watcher=cast.controller)
    allow = Permission.objects.get(codename="view_recommendation")
    RecommendationUserObjectPermission.objects.create(
        user=people["guest"], permission=allow, content_object=in_progress
    )
    late = make_recommendation(cast, State.IN_PROGRESS, risk="low", first_due=legal_date() + timedelta(days=10))
    told = make_recommendation(cast, State.UNDER_REVIEW)
    perform(told, "agree_plan", by=cast.coordinator)
    failed = Message.objects.filter(event__number=told.number, channel="email", recipient=cast.officer)
    failed.update(status="failed", last_error="SMTPRecipientsRefused: no such mailbox")
    extension = make_extension(cast, late, until=legal_date() + timedelta(days=40))
    file = attach(in_progress, SimpleUploadedFile("report.pdf", PDF), by=cast.officer)
    return {
        **{state: case.number for state, case in cases.items()},
        "extension": extension.number,
        "effect_review": (review := make_effect_review(cast)).number,
        "effect_review_key": str(review.pk),
        "extension_key": str(extension.pk),
        "in_progress_key": str(in_progress.pk),
        "draft_key": str(cases[State.DRAFT].pk),
        "interim": str(InterimDeadline.objects.create(recommendation=in_progress, due=legal_date(), topic="Report").pk),
        "measure": str(in_progress.measures_now()[0].pk),
        "file": str(file.pk),
        "claimed_file": str(cases[State.CLAIMED].evidence.earliest("id").pk),
        "message": str(Message.objects.get(event__number=told.number, channel="in_app", recipient=cast.officer).pk),
        "failed": str(failed.get().pk),
        "export": str(Export.objects.create(owner=cast.officer, kind="recommendation", language="ky").pk),
        "event": str(Event.objects.earliest("id").pk),
        **_planned(cast),
        **_monitored(cast),
        "account_change": (change := make_account_change(cast)).number,
        "account_change_key": str(change.pk),
        **_found(cast),
        **_toys(cast),
        **_registered(cast),
    }


def _planned(cast: Cast) -> dict[str, str]:
    """A plan-schedule that is drafted, one that is agreed, and one in force."""
    ProgrammeArea.objects.create(code="ENG", name="Engineering")
    plans = {name: make_plan(cast, state, years=(year, year)) for name, (state, year) in PLANS.items()}
    return {
        **{name: plan.number for name, plan in plans.items()},
        "plan_key": str(plans["plan_in_force"].pk),
        "area": "ENG",
        "gone_area": ProgrammeArea.objects.create(code="OLD", name="Old", is_active=False).code,
    }


def _monitored(cast: Cast) -> dict[str, str]:
    """A monitoring that is planned, one in its preparation, one that institutions see, and what one delivers."""
    engagements = {name: make_engagement(cast, state) for name, state in ENGAGEMENTS.items()}
    [deliverable] = Deliverable.objects.filter(engagement=engagements["preparation"], row__kind="calendar_plan")
    file = attach_file(deliverable, SimpleUploadedFile("plan.pdf", PDF), by=cast.lead)
    starts, ends = DATES[EngagementState.COLLECTION.value]
    visit = {"kind": "visit", "title": "Visit (test)", "starts": starts, "ends": ends, "institution": cast.university}
    deliverable.refresh_from_db()
    add_line(deliverable, visit, by=cast.lead, version=deliverable.version)
    return {
        **{name: engagement.number for name, engagement in engagements.items()},
        "engagement_key": str(engagements["preparation"].pk),
        "expert": str(cast.expert.pk),
        "deliverable": deliverable.number,
        "deliverable_key": str(deliverable.pk),
        "part": str(file.pk),
    }


def _found(cast: Cast) -> dict[str, str]:
    """A finding that is a draft, and one that the institution sees; and a catalogue of criteria."""
    load_catalogues()
    reported, analysis = make_reported(cast), make_engagement(cast, EngagementState.ANALYSIS)
    followed_up = make_engagement(cast, EngagementState.FOLLOW_UP)
    [proposals] = Deliverable.objects.filter(engagement=followed_up, row__kind="proposals")
    propose_next(cast, proposals)
    return {
        "reported": reported.number,
        "proposals": proposals.number,
        "analysis": analysis.number,
        "finding": (finding := make_finding(cast, analysis)).number,
        "finding_key": str(finding.pk),
        "catalogue": "SAFETY",
    }


def _toys(cast: Cast) -> dict[str, str]:
    """A case of each kind of the tests: they have nothing but the pages that the desk gives to any kind."""
    planned, running = make_visit(cast), make_visit(cast, VisitState.RUNNING)
    note = make_note(cast, visit=running)
    paper = add_document(running, SimpleUploadedFile("plan.pdf", PDF), by=cast.lead)
    return {
        "visit_planned": planned.number,
        "visit": running.number,
        "visit_key": str(running.pk),
        "visit_paper": str(paper.pk),
        "note": note.number,
        "note_key": str(note.pk),
    }


def _registered(cast: Cast) -> dict[str, str]:
    upload = SimpleUploadedFile("act.pdf", PDF)
    act = registry.add_act(by=cast.registrar, upload=upload, kind="law", number="92", title_ky="Билим берүү жөнүндө")
    officer, director = cast.officer, cast.director  # Who signs in, as the officer does in the sweep, voids the link.
    return {
        "organisation": cast.university.code,
        "person": str(officer.pk),
        "membership": str(Membership.objects.get(person=officer).pk),
        "legal_act": str(act.pk),
        "upload": str(Upload.objects.create(kind="organisations", name="a.csv", rows=[], by=cast.registrar).pk),
        "uid": urlsafe_base64_encode(force_bytes(director.pk)),
        "token": default_token_generator.make_token(director),
    }


def forged(cast: Cast, things: dict[str, str]) -> dict[str, Any]:
    """What no page of ours sends: versions not reached, choices not offered, numbers of others, blanks for reasons."""
    foreign = make_recommendation(cast, department=cast.other_department)
    return {
        "version": "999999", "draft": [f"{things['issued']}:1", f"{foreign.draft_number}:1", "D-0000-00000:1"],
        "query": "?\r\nx: y",
        "next": "https://elsewhere.example/", "language": "xx", "theme": "neon", "until": "-1", "audience": "everybody",
        "text": " ", "reason": " \x00", "response": "disputed", "degree": "none", "closing_reason": "on_word",
        "decision": "received", "coordinator": "1", "due": "31.02.2026", "rows": "99999", "institution": "NOWHERE",
        "items-TOTAL_FORMS": "x", "kind": "empire", "code": "../..", "email": "nobody", "organisation": "NOWHERE",
        "role": "emperor", "starts": "never", "ends": "never", "last_day": "never", "substitute": "nobody@test.example",
        "username": "nobody@test.example", "password": "wrong", "old_password": "wrong", "new_password1": "1",
        "new_password2": "2",
    }  # fmt: skip
