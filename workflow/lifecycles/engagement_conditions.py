"""What the acts on an engagement ask for, with the sentences that say what is missing."""

from collections.abc import Callable, Sequence
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from workflow.conditions import Condition, CostlyCondition, InputCondition, JointCondition, required
from workflow.lifecycles.engagement_effects import EngagementEffects
from workflow.must import listed


def _unaltered(names: Callable[[EngagementEffects], Sequence[object]]) -> CostlyCondition:
    """None of these approved deliverables, on which the act rests, was changed behind its approval."""
    sentence = _(
        "This was changed outside of Baikoo after it was approved: %(names)s. A new version has to be approved."
    )
    return CostlyCondition(lambda case: sentence % {"names": listed(names(case))}, lambda case: not names(case))


runs = Condition(lambda case: case.why_suspended(), lambda case: not case.why_suspended())
is_suspended = Condition(_("The monitoring is not suspended."), lambda case: case.suspended_on is not None, hides=True)
has_basis = Condition(_("Name the legal basis first."), lambda case: case.legal_basis_id is not None)
is_planned = Condition(
    _("No plan-schedule in force names it. Say why it is carried out outside of the plan-schedule."),
    lambda case: case.stands_in_plan_in_force() or bool(case.off_plan_reason.strip()),
)
has_scope = Condition(
    _("Name at least one direction and one type of institutions first."),
    lambda case: bool(case.directions) and bool(case.levels),
)
has_dates = Condition(_("Set the dates of all stages first."), lambda case: case.has_all_dates())
delivered = Condition(
    lambda case: _("Not approved yet: %(names)s.") % {"names": listed(case.undelivered())},
    lambda case: not case.undelivered(),
)
as_approved = _unaltered(lambda case: case.altered())
stage_is_done = (delivered, as_approved)
has_contract = Condition(_("Enter the contract first."), lambda case: case.contract_id is not None)
has_no_contract = Condition(_("The contract is entered already."), lambda case: case.contract_id is None, hides=True)
contractor_is_decided = Condition(
    _("The decision on the contractor is not approved yet."), lambda case: case.is_contractor_decided()
)
decision_is_as_approved = _unaltered(lambda case: case.altered_decision())
pilot_is_concluded = Condition(
    lambda case: (
        _("The experts' conclusions of its pilot %(pilot)s are not approved yet (REG-11.4c).")
        % {"pilot": case.follow("pilot")}
    ),
    lambda case: case.is_pilot_concluded(),
)
pilot_is_as_approved = _unaltered(lambda case: case.altered_of_pilot())
nothing_is_open = Condition(
    lambda case: _("Still open: %(names)s.") % {"names": listed(case.obstacles())}, lambda case: not case.obstacles()
)
is_checked = InputCondition(
    _("Confirm that the public report was checked and holds no personal data."),
    lambda inputs: inputs.get("is_checked") is True,
    about="is_checked",
)
has_cancelling_act = required("cancelling_act_id", _("Name the legal act by which it is cancelled."))
has_number = required("number", _("Give the number of the contract."))
names_some = JointCondition(
    _("Name at least one approved deliverable of the stage before that has to be corrected."),
    lambda case, inputs: case.may_reopen(inputs.get("deliverables") or ()),
    about="deliverables",
)
has_amount = InputCondition(
    _("Give the amount of the contract; it is more than nothing."),
    lambda inputs: Decimal(str(inputs["amount"])) > 0,
    about="amount",
)
ends_later = InputCondition(
    _("The contract ends before it begins."), lambda inputs: inputs["ends"] >= inputs["starts"], about="ends"
)
CONTRACT_IS_DUE = (has_no_contract, contractor_is_decided, decision_is_as_approved)
PILOT_IS_DONE = (pilot_is_concluded, pilot_is_as_approved)
CONTRACT_IS_SOUND = (has_number, has_amount, ends_later)
resumes_later = JointCondition(
    _("Name a day after today on which it is to go on."),
    lambda case, inputs: inputs["until"] > case.today,
    about="until",
)
