"""What recommendations and requests for more time bring to the desk."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.desk.forms import ReasonForm
from cases.desk.kinds import ClockAct, Kind
from cases.followup import messages
from cases.followup.access import get_effect_review, get_extension, get_recommendation
from cases.followup.decided import OF_EFFECT_REVIEWS, OF_EXTENSIONS, OF_RECOMMENDATIONS, decided_on
from cases.followup.export import table
from cases.followup.forms import acts as forms
from cases.followup.models import EffectReview, Extension, Recommendation
from cases.followup.verbs import clock
from cases.ground.templatetags.baikoo import day
from workflow.lifecycles.effect_review import Action as EffectAction
from workflow.lifecycles.effect_review import State as EffectState
from workflow.lifecycles.extension import Action as ExtensionAction
from workflow.lifecycles.extension import State as ExtensionState
from workflow.lifecycles.recommendation import Action, State
from workflow.roles import Role
from workflow.terms import has_passed


def _is_late_at_once(case: Recommendation) -> str:
    if not has_passed(case.current_due):
        return ""
    due = {"due": day(case.current_due)}
    return _("The due date %(due)s has passed already: once issued, it is late at once.") % due


RECOMMENDATIONS = Kind(
    Recommendation,
    path="recommendations",
    prefixes=("R", "D"),
    name_of_many=gettext_lazy("Recommendations"),
    concerned=gettext_lazy("Institution"),
    door=get_recommendation,
    has_own_pages=True,
    menu_roles=frozenset(set(Role) - {Role.REGISTRAR}),
    way=tuple(State),
    badges={
        State.DRAFT: "",
        State.ISSUED: "st-ok",
        State.DISPUTED: "st-soon",
        State.UNDER_REVIEW: "st-ok",
        State.IN_PROGRESS: "st-ok",
        State.CLAIMED: "st-ok",
        State.VERIFIED: "st-done",
        State.CLOSED: "st-done",
    },
    forms={
        Action.RESPOND: forms.RespondForm,
        Action.DISPUTE: forms.DisputeForm,
        Action.UPHOLD: ReasonForm,
        Action.RETURN_PLAN: ReasonForm,
        Action.CLAIM: forms.ClaimForm,
        Action.CONFIRM: forms.ConfirmForm,
        Action.NOT_CONFIRMED: forms.NotConfirmedForm,
        Action.CLOSE: forms.CloseForm,
        Action.CLOSE_UNIMPLEMENTED: forms.CloseUnimplementedForm,
        Action.WITHDRAW: forms.WithdrawForm,
    },
    decided_on=decided_on(OF_RECOMMENDATIONS),
    task_names={
        Action.UPHOLD: gettext_lazy("Decide on the dispute"),
        Action.AGREE_PLAN: gettext_lazy("Review the answer and the plan"),
        Action.CONFIRM: gettext_lazy("Verify"),
        Action.CLOSE: gettext_lazy("Decide on closing"),
    },
    table=table,
    warnings={Action.ISSUE: _is_late_at_once},
    tells=messages.RECOMMENDATION,
    silent=messages.RECOMMENDATION_SILENT,
    clock=(
        ClockAct(Action.EXPIRE, due=clock.with_expired_risk, do=clock.expire_risk),
        ClockAct(Action.FALL_LATE, due=clock.with_late_duty, do=clock.note_late),
        ClockAct(Action.REVIEW_EFFECT, due=clock.with_effect_due, do=clock.ask_for_effect),
    ),
)
EXTENSIONS = Kind(
    Extension,
    path="extensions",
    prefixes=("R",),
    concerned=gettext_lazy("Institution"),
    door=get_extension,
    badges={
        ExtensionState.REQUESTED: "st-ok",
        ExtensionState.GRANTED: "st-done",
        ExtensionState.REFUSED: "st-overdue",
        ExtensionState.RETURNED: "st-soon",
    },
    forms={
        ExtensionAction.GRANT: forms.GrantForm,
        ExtensionAction.REFUSE: ReasonForm,
        ExtensionAction.RETURN_REQUEST: ReasonForm,
    },
    decided_on=decided_on(OF_EXTENSIONS),
    task_names={ExtensionAction.GRANT: gettext_lazy("Decide on the request for more time")},
    tells=messages.EXTENSION,
)
EFFECT_REVIEWS = Kind(
    EffectReview,
    path="effect-reviews",
    prefixes=("R",),
    concerned=gettext_lazy("Institution"),
    door=get_effect_review,
    badges={EffectState.ASKED: "st-ok", EffectState.REPORTED: "st-ok", EffectState.ASSESSED: "st-done"},
    forms={EffectAction.REPORT: forms.ReportEffectForm, EffectAction.ASSESS: forms.AssessEffectForm},
    decided_on=decided_on(OF_EFFECT_REVIEWS),
    tells=messages.EFFECT_REVIEW,
)
