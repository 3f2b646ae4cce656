"""The page of the list of deliverables: what each stage asks for, who drafts, agrees and approves it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from cases.planning.models import RouteSeat, StageTemplate, TemplateRow
from cases.planning.models.stages import STAGE_CHOICES
from cases.registry.requests import SignedInRequest
from workflow.may import role_names
from workflow.rounds.routes import rule_of
from workflow.terms import legal_date
from workflow.texts import Text


@dataclass(frozen=True)
class ListedStep:
    """Who is asked at once, and what for."""

    who: str
    rule: str


@dataclass(frozen=True)
class Listed:
    """A deliverable of the list, and the steps of its route."""

    row: TemplateRow
    drafts: str
    steps: Sequence[ListedStep]


@dataclass(frozen=True)
class ListedStage:
    """A stage, and what it asks for."""

    name: Text
    rows: Sequence[Listed]


@require_safe
def stages_in_force(request: SignedInRequest) -> HttpResponse:
    """To the version that is used today."""
    template = StageTemplate.in_force(legal_date())
    if template is None:
        raise Http404
    return redirect("stage_template", template.version)


@require_safe
def stage_template(request: SignedInRequest, version: int) -> HttpResponse:
    """A version of the list, to be read by everybody who is signed in: it is a rule, and no case."""
    template = get_object_or_404(StageTemplate.objects.select_related("legal_act"), version=version)
    rows = list(template.rows.prefetch_related("seats"))
    context = {
        "template": template,
        "versions": list(StageTemplate.objects.order_by("-version")),
        "stages": [
            ListedStage(label, [_listed(row) for row in rows if row.stage == stage]) for stage, label in STAGE_CHOICES
        ],
    }
    return render(request, "planning/stages.html", context)


def _listed(row: TemplateRow) -> Listed:
    steps: dict[int, list[RouteSeat]] = {}
    for seat in row.seats.all():
        steps.setdefault(seat.step, []).append(seat)
    return Listed(row, role_names([row.drafter_role]), [_step(seats) for seats in steps.values()])


def _step(seats: Sequence[RouteSeat]) -> ListedStep:
    first = seats[0]
    rule = rule_of(first.mode, first.quorum, len(seats), approves=first.approves)
    return ListedStep(role_names([seat.role for seat in seats]), rule)
