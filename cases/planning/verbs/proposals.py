"""Deciding in a plan-schedule what becomes of the proposals of monitorings (REG-11.6c, REG-14.9)."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from cases.planning.models import PlanItem, PlanSchedule, ProposalDecision, ProposalLine, Weighing
from cases.planning.verbs.differences import differences
from cases.registry.models import User
from workflow.door import Refused, amend
from workflow.lifecycles.plan_schedule import Action


@dataclass(frozen=True)
class Weighed:
    """What a person decides on a proposal: `item` takes it up; `reason` says why not, or why only in part."""

    decision: str
    item: PlanItem | None = None
    reason: str = ""


def weigh(plan: PlanSchedule, line: ProposalLine, weighed: Weighed, *, by: User, version: int) -> None:
    """While it is a draft, the plan-schedule may decide otherwise. Raises Refused."""
    with amend(plan, Action.WEIGH, by=by, version=version) as amendment:
        _check(plan, weighed)
        amendment.details |= keep(amendment.case, line, weighed)


def keep(plan: PlanSchedule, line: ProposalLine, weighed: Weighed) -> Mapping[str, object]:
    """Store the decision within an act that is under way, and return what the trail keeps of it. Raises Refused."""
    ProposalLine.objects.select_for_update().get(pk=line.pk)  # Another plan-schedule may decide at the same time.
    known = Weighing.objects.select_related("plan", "item").filter(line=line).first()
    if known is not None and known.plan_id != plan.pk:
        raise Refused(_("This proposal is decided on already: %(outcome)s.") % {"outcome": known})
    if known is None and not ProposalLine.open_to(plan.department_id).filter(pk=line.pk).exists():
        raise Refused(_("This proposal is not approved now."))
    before = _contents(known)
    columns = {"decision": weighed.decision, "item": weighed.item, "reason": weighed.reason.strip(), "plan": plan}
    now, _is_new = Weighing.objects.update_or_create(line=line, defaults=columns)
    return {"proposal": f"{line.reference}: {line}", **differences(before, _contents(now))}


def set_free(item: PlanItem) -> Mapping[str, object]:
    """The proposals that it took up wait for a decision again. Returns what the trail keeps of it."""
    taken = item.weighings.select_related("line__deliverable")
    names = [weighing.line.reference for weighing in taken]
    taken.delete()
    return {"proposal": "; ".join(names)} if names else {}


def _check(plan: PlanSchedule, weighed: Weighed) -> None:
    if weighed.decision == ProposalDecision.NOT_TAKEN and weighed.item is not None:
        raise Refused(_("A proposal that is not taken has no monitoring."), about="item")
    if weighed.decision != ProposalDecision.NOT_TAKEN and weighed.item is None:
        raise Refused(_("Choose the monitoring that takes it up, or plan a new one from it."), about="item")
    if weighed.item is not None and weighed.item.plan_id != plan.pk:
        raise Refused(_("Choose a monitoring of this plan-schedule."), about="item")
    if weighed.decision != ProposalDecision.TAKEN and not weighed.reason.strip():
        raise Refused(_("Say why it is not taken, or not all of it."), about="reason")


def _contents(weighing: Weighing | None) -> dict[str, object]:
    if weighing is None:
        return {}
    item = f"{weighing.item.place}. {weighing.item}" if weighing.item else ""
    return {"decision": weighing.decision, "item": item, "reason": weighing.reason}
