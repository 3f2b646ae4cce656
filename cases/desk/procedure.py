"""How what is decided in rounds is decided: picture, words, a BPMN file; of one case with its present position."""

from collections.abc import Sequence

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cases.desk.access import get_decided_case
from cases.desk.asked import steps_of, steps_to_come
from cases.desk.flow_picture import flow_picture
from cases.desk.kinds import kinds
from cases.registry.requests import SignedInRequest
from workflow.rounds.bpmn import bpmn
from workflow.rounds.decided import DecidedInRounds
from workflow.rounds.diagram import diagram
from workflow.rounds.models import Round
from workflow.rounds.routes import RoundOutcome

TYPE = "application/xml; charset=utf-8"
ENDS = {RoundOutcome.APPROVED: "approved", RoundOutcome.RETURNED: "returned"}


@require_safe
def procedure(request: SignedInRequest) -> HttpResponse:
    """How any version is agreed and approved."""
    return render(request, "desk/procedure.html", {"picture": flow_picture(_("How a version is agreed and approved"))})


@require_safe
def procedure_bpmn(request: SignedInRequest) -> HttpResponse:
    """The same as a file, in the reader's language."""
    named = {"Content-Disposition": 'attachment; filename="approval.bpmn"'}
    return HttpResponse(bpmn(), content_type=TYPE, headers=named)


@require_safe
def case_procedure(request: SignedInRequest, kind: str, number: str) -> HttpResponse:
    """How this case is decided, and where it is."""
    case = get_decided_case(request.user, kinds()[kind], number)
    newest = Round.objects.of(case.CASE_TYPE, case.pk).order_by("place").last()
    here = _here(case, newest)
    names = ", ".join(diagram().boxes[node].name for node in here)
    title = _("Round %(place)s is here: %(names)s") % {"place": newest.place, "names": names} if newest and here else ""
    context = {
        "case": case,
        "newest": newest,
        "here": title,
        "steps": steps_to_come(case) or (steps_of(newest) if newest else ()),
        "picture": flow_picture(title or _("How a version is agreed and approved"), here),
    }
    return render(request, "desk/procedure.html", context)


def _here(case: DecidedInRounds, newest: Round | None) -> Sequence[str]:
    """The nodes that the newest round has come to; none before the first and after a recalled one."""
    if newest is None:
        return ()
    if newest.outcome == RoundOutcome.OPEN:
        return sorted({str(task.flow_task.name) for task in case.tasks_waiting()})
    end = ENDS.get(RoundOutcome(newest.outcome))
    return (end,) if end else ()
