"""What each action asks of the person: forms clean what is typed, the conditions of the lifecycle decide."""

from django.utils.translation import gettext_lazy as _

from cases.desk.forms import ActForm, choice_field, note_field, reason_field
from cases.ground.fields import DayField, LineField, TextField
from workflow.lifecycles import follow_up as must
from workflow.lifecycles.effect_review import Effect, effect_is_given, gives_grounds, says_what
from workflow.lifecycles.follow_up import ClosingReason, Degree, Response


class RespondForm(ActForm):
    response = choice_field(_("Your answer"), (Response.ACCEPTED, Response.PARTIAL), must.response_is_given)
    left_out = note_field(_("What you leave out and why"), needed=_("needed when you accept it in part"))
    text = note_field(_("Explanation"))


class DisputeForm(ActForm):
    reason = reason_field(help_text=_("Why the recommendation is wrong or cannot be upheld."))
    asked = TextField(
        label=_("What you ask for"),
        help_text=_("What the Ministry should decide: take it back, or change it, and how."),
        error_messages={"required": _("Say what you ask for.")},
    )


class NotConfirmedForm(ActForm):
    reason = reason_field(help_text=_("What is missing, so that the institution knows what to do."))


class ClaimForm(ActForm):
    text = note_field(_("What was done"))


class ConfirmForm(ActForm):
    degree = choice_field(
        _("To which degree it is done"), (Degree.FULL, Degree.MOST, Degree.SOME), must.degree_is_given
    )
    text = note_field(_("Explanation"))


class CloseForm(ActForm):
    closing_reason = choice_field(
        _("Closing reason"), (ClosingReason.IMPLEMENTED, ClosingReason.ALTERNATIVE), must.closing_reason_is_given
    )
    text = note_field(_("Explanation"))


class CloseUnimplementedForm(ActForm):
    reason = reason_field(help_text=_("Why the risk that it is not done can be borne."))
    risk_owner = LineField(
        label=_("Who answers for the accepted risk"),
        max_length=200,
        help_text=_("Name and post."),
        error_messages={"required": _("Name who answers for the accepted risk.")},
    )
    risk_expires_on = DayField(
        label=_("The risk is accepted until"), error_messages={"required": must.expiry_is_ahead.text}
    )


class WithdrawForm(ActForm):
    closing_reason = choice_field(
        _("Why it is taken back"),
        (ClosingReason.SUPERSEDED, ClosingReason.ISSUED_IN_ERROR),
        must.withdrawal_reason_is_given,
    )
    reason = reason_field()


class GrantForm(ActForm):
    text = note_field(_("Explanation"))


class ReportEffectForm(ActForm):
    effect = choice_field(_("Has the effect lasted?"), Effect, effect_is_given)
    text = TextField(
        label=_("The effect, and how it shows"),
        help_text=_("What is different today from before, and which figures or documents show it."),
        error_messages={"required": says_what.text},
    )


class AssessEffectForm(ActForm):
    effect = choice_field(_("Has the effect lasted?"), Effect, effect_is_given)
    text = TextField(label=_("What your assessment rests on"), error_messages={"required": gives_grounds.text})
