"""What each action asks of the person: forms clean what is typed, the conditions of the lifecycle decide."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.ground.fields import DayField, LineField, TextField
from workflow.case import Case
from workflow.lifecycles import follow_up as must
from workflow.lifecycles.extension import Action as ExtensionAction
from workflow.lifecycles.extension import ExtensionLifecycle
from workflow.lifecycles.follow_up import ClosingReason, Degree, Response
from workflow.lifecycles.recommendation import Action, RecommendationLifecycle


def _reason(**options: Any) -> TextField:
    return TextField(label=_("Reason"), error_messages={"required": must.has_reason.sentence}, **options)


def _note(label: Any, **options: Any) -> TextField:
    return TextField(label=label, required=False, **options)


def _choice(label: Any, choices: Iterable[Any], condition: Any) -> forms.ChoiceField:
    """One of the values that the condition allows, in its own words when none is chosen."""
    return forms.ChoiceField(
        label=label,
        choices=[(one.value, one.label) for one in choices],
        widget=forms.RadioSelect,
        error_messages={"required": condition.sentence, "invalid_choice": condition.sentence},
    )


class ActForm(forms.Form):
    """An action that asks for nothing but to be confirmed; `version` is that of the case as the person saw it."""

    version = forms.IntegerField(
        min_value=0,
        max_value=2**31 - 1,
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"),
            _("The form did not say which version of the case you saw. Look at the case and press again."),
        ),
    )

    def inputs(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class RespondForm(ActForm):
    response = _choice(_("Your answer"), (Response.ACCEPTED, Response.PARTIAL), must.response_is_given)
    left_out = _note(_("What you leave out and why"), help_text=_("Needed when you accept it in part."))
    text = _note(_("Explanation"))


class DisputeForm(ActForm):
    reason = _reason(help_text=_("Why the recommendation is wrong or cannot stand."))
    asked = TextField(
        label=_("What you ask for"),
        help_text=_("What the Ministry should decide: take it back, or change it, and how."),
        error_messages={"required": _("Say what you ask for.")},
    )


class ReasonForm(ActForm):
    reason = _reason()


class NotConfirmedForm(ActForm):
    reason = _reason(help_text=_("What is missing, so that the institution knows what to do."))


class ClaimForm(ActForm):
    text = _note(_("What was done"))


class ConfirmForm(ActForm):
    degree = _choice(_("To which degree it is done"), (Degree.FULL, Degree.MOST, Degree.SOME), must.degree_is_given)
    text = _note(_("Explanation"))


class CloseForm(ActForm):
    closing_reason = _choice(
        _("Closing reason"), (ClosingReason.IMPLEMENTED, ClosingReason.ALTERNATIVE), must.closing_reason_is_given
    )
    text = _note(_("Explanation"))


class CloseUnimplementedForm(ActForm):
    reason = _reason(help_text=_("Why the risk that it is not done can be borne."))
    risk_owner = LineField(
        label=_("Who answers for the accepted risk"),
        max_length=200,
        help_text=_("Name and post."),
        error_messages={"required": _("Name who answers for the accepted risk.")},
    )
    risk_expires_on = DayField(
        label=_("The risk is accepted until"), error_messages={"required": must.expiry_is_ahead.sentence}
    )


class WithdrawForm(ActForm):
    closing_reason = _choice(
        _("Why it is taken back"),
        (ClosingReason.SUPERSEDED, ClosingReason.ISSUED_IN_ERROR),
        must.withdrawal_reason_is_given,
    )
    reason = _reason()


class GrantForm(ActForm):
    text = _note(_("Explanation"))


ACTION_FORMS: Mapping[str, Mapping[str, type[ActForm]]] = {
    RecommendationLifecycle.CASE_TYPE: {
        Action.RESPOND: RespondForm,
        Action.DISPUTE: DisputeForm,
        Action.UPHOLD: ReasonForm,
        Action.RETURN_PLAN: ReasonForm,
        Action.CLAIM: ClaimForm,
        Action.CONFIRM: ConfirmForm,
        Action.NOT_CONFIRMED: NotConfirmedForm,
        Action.CLOSE: CloseForm,
        Action.CLOSE_UNIMPLEMENTED: CloseUnimplementedForm,
        Action.WITHDRAW: WithdrawForm,
    },
    ExtensionLifecycle.CASE_TYPE: {
        ExtensionAction.GRANT: GrantForm,
        ExtensionAction.REFUSE: ReasonForm,
        ExtensionAction.RETURN_REQUEST: ReasonForm,
    },
}
"""case type -> action -> its form; an action that is not named asks for nothing."""


def form_of(case: Case, action: str) -> type[ActForm]:
    return ACTION_FORMS[case.CASE_TYPE].get(action, ActForm)
