"""The words of follow-up (answers, degrees, reasons, classes, risks) and the conditions that its acts rest on."""

from datetime import date

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from workflow.conditions import ActorCondition, Condition, InputCondition, JointCondition, one_of
from workflow.must import assigned as assigned
from workflow.must import assigned_or_head as assigned_or_head
from workflow.must import decider_is_not_addressed as decider_is_not_addressed
from workflow.must import has_reason as has_reason

EXTENSIONS_AT_MOST = 3
"""Requests for more time for one recommendation; returned ones are not counted."""


def is_in_time(day: date, due: date | None, today: date) -> bool:
    """Whether a measure may end on `day`: when the due date has passed, an honest plan can only lie beyond it."""
    return due is None or day <= due or due < today


class Response(TextChoices):
    AWAITING = "awaiting", _("Awaited")
    ACCEPTED = "accepted", _("Accepted")
    PARTIAL = "partial", _("Accepted in part")
    DISPUTED = "disputed", _("Disputed")


class Degree(TextChoices):
    FULL = "full", _("Fully")
    MOST = "most", _("For the most part")
    SOME = "some", _("In part")
    NONE = "none", _("Not at all")


class ClosingReason(TextChoices):
    IMPLEMENTED = "implemented", _("Implemented")
    ALTERNATIVE = "alternative", _("Solved by another action")
    ON_WORD = "on_word", _("Implemented on the institution's word")
    SUPERSEDED = "superseded", _("Superseded")
    NOT_IMPLEMENTED = "not_implemented", _("Not implemented, risk accepted")
    ISSUED_IN_ERROR = "issued_in_error", _("Issued in error")


class Classification(TextChoices):
    CONDITION = "condition", _("Condition (binding)")
    IMPROVEMENT = "improvement", _("Improvement (advice)")


class Risk(TextChoices):
    HIGH = "high", _("High")
    MEDIUM = "medium", _("Medium")
    LOW = "low", _("Low")


verifier_is_not_claimer = ActorCondition(
    _("You reported this as done yourself; somebody else has to verify it."),
    lambda case, user: case.claimed_by_id != user.pk,
)
closer_is_not_verifier = ActorCondition(
    _("You verified this yourself; another head of department has to close it."),
    lambda case, user: case.verified_by_id != user.pk,
)
has_text = Condition(_("Write the text of the recommendation first."), lambda case: case.has_text())
has_cause = Condition(_("Say which finding or criterion it answers."), lambda case: bool(case.cause.strip()))
has_due_date = Condition(
    _("Add a due date first, or the reason why there is none."),
    lambda case: bool(case.first_due or case.no_due_reason.strip()),
)
has_source = Condition(_("Name the source document first."), lambda case: case.source_id is not None)
has_measures = Condition(_("Add a plan with at least one measure first."), lambda case: bool(case.measures_now()))
measures_have_owners = Condition(
    _("Each measure of the plan needs a responsible post and a date."),
    lambda case: all(measure.responsible.strip() and measure.due for measure in case.measures_now()),
)
measures_are_in_time = Condition(
    _("A measure of the plan ends after the due date of the recommendation."),
    lambda case: all(
        is_in_time(measure.due, case.current_due, case.today) for measure in case.measures_now() if measure.due
    ),
)
measures_are_proved = Condition(
    _("Add evidence to each measure of the plan, or say why there is none."), lambda case: case.measures_are_proved()
)
PLAN_IS_READY = (has_measures, measures_have_owners, measures_are_in_time)
interims_are_proved = Condition(
    _("Add evidence to each interim deadline, or say why there is none."), lambda case: case.interims_are_proved()
)
has_accepted_evidence = Condition(
    _("Accept at least one piece of evidence first."), lambda case: case.has_accepted_evidence()
)
full_is_decided = JointCondition(
    lambda case: (
        _("Before you say “fully”, accept or reject each file: %(files)s.") % {"files": case.names_undecided()}
    ),
    lambda case, inputs: inputs.get("degree") != Degree.FULL or not case.files_undecided(),
    about="degree",
)
is_improvement = Condition(
    _("Only advice (class “improvement”) may be closed on the institution's word."),
    lambda case: case.classification == Classification.IMPROVEMENT,
)
left_out_is_named = InputCondition(
    _("Say what you leave out and why."),
    lambda inputs: inputs.get("response") != Response.PARTIAL or bool((inputs.get("left_out") or "").strip()),
    about="left_out",
)
degree_is_given = one_of(
    "degree",
    (Degree.FULL, Degree.MOST, Degree.SOME),
    _("Say to which degree it is done: fully, for the most part, or in part."),
)
closing_reason_is_given = one_of(
    "closing_reason", (ClosingReason.IMPLEMENTED, ClosingReason.ALTERNATIVE), _("Choose the closing reason.")
)
withdrawal_reason_is_given = one_of(
    "closing_reason",
    (ClosingReason.SUPERSEDED, ClosingReason.ISSUED_IN_ERROR),
    _("Choose why it is taken back: superseded, or issued in error."),
)
response_is_given = one_of(
    "response", (Response.ACCEPTED, Response.PARTIAL), _("Choose whether you accept it in full or in part.")
)
expiry_is_ahead = JointCondition(
    _("Give a date in the future until which the risk is accepted."),
    lambda case, inputs: isinstance(inputs.get("risk_expires_on"), date) and inputs["risk_expires_on"] > case.today,
    about="risk_expires_on",
)
risk_has_expired = Condition(
    _("No accepted risk has expired."),
    lambda case: case.risk_expired_on is None and bool(case.risk_expires_on) and case.risk_expires_on < case.today,
)
effect_is_due = Condition(
    _("The effect is not to be reviewed yet, or is being reviewed."),
    lambda case: case.is_effect_due and not case.has_effect_review(),
)
is_late = Condition(_("Nothing of the institution has fallen late."), lambda case: bool(case.newly_late()))
has_due_to_extend = Condition(_("It has no due date to be extended."), lambda case: case.current_due is not None)
none_is_undecided = Condition(
    _("An earlier request for more time is still undecided."), lambda case: not case.undecided_extensions()
)
requests_are_decided = Condition(
    _("The institution waits for an answer: decide on its request for more time first."),
    lambda case: not case.undecided_extensions(),
)
extensions_are_left = Condition(
    _("More time may be asked for three times at most."), lambda case: case.counted_extensions() < EXTENSIONS_AT_MOST
)
EXTENDED_WHEN = [has_due_to_extend, none_is_undecided, extensions_are_left]
VERIFIED_WHEN = [assigned, verifier_is_not_claimer, decider_is_not_addressed]
