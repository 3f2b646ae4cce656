"""What each action means and what comes after it, as its page says before anybody presses."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from workflow.case import Case, Step
from workflow.expectations import term
from workflow.lifecycles.extension import Action as ExtensionAction
from workflow.lifecycles.extension import ExtensionLifecycle
from workflow.lifecycles.recommendation import Action, RecommendationLifecycle
from workflow.may import action_label
from workflow.roles import Role
from workflow.terms import legal_date

MEANINGS: Mapping[str, Mapping[str, Any]] = {
    RecommendationLifecycle.CASE_TYPE: {
        Action.ISSUE: _(
            "The recommendation gets its number and is delivered to the institution. From then on its text, its first"
            " due date and its addressee stay as they are."
        ),
        Action.RESPOND: _(
            "You accept the recommendation, in full or in part, on behalf of the institution. The plan of measures goes"
            " to the department together with your answer."
        ),
        Action.DISPUTE: _("You do not accept the recommendation. The Ministry reads your reasons and decides."),
        Action.UPHOLD: _("The recommendation stands as it was issued, and the institution has to answer again."),
        Action.AGREE_PLAN: _(
            "You agree to the answer and to the plan. The plan is frozen as it is, and the terms of its measures begin."
        ),
        Action.RETURN_PLAN: _(
            "The answer and the plan go back to the institution to be mended. What was sent stays readable."
        ),
        Action.CLAIM: _(
            "You say on behalf of the institution that all is done. The department looks at the evidence and verifies."
        ),
        Action.CONFIRM: _("You looked at the evidence and confirm that it is done, and to which degree."),
        Action.NOT_CONFIRMED: _(
            "You looked at the evidence and it is not done. The institution goes on working; the first due date stays."
        ),
        Action.ACCEPT_CLAIM: _(
            "You close this piece of advice on the institution's word, without verifying it. It is counted so."
        ),
        Action.CLOSE: _("What is verified is closed. Its effect is reviewed after twelve months."),
        Action.CLOSE_UNIMPLEMENTED: _(
            "The recommendation is closed although it is not done. The risk is accepted until the date that you give,"
            " and somebody answers for it. It is counted as not implemented."
        ),
        Action.WITHDRAW: _("The recommendation is taken back. The institution owes nothing more on it."),
    },
    ExtensionLifecycle.CASE_TYPE: {
        ExtensionAction.GRANT: _("The current due date moves to the date asked for. The first due date stays."),
        ExtensionAction.REFUSE: _("The current due date stays as it is."),
        ExtensionAction.RETURN_REQUEST: _(
            "The request goes back without a decision, so that the institution can make a better one. The current due"
            " date stays, and this request is not counted."
        ),
    },
}
"""case type -> action -> its meaning."""


@dataclass(frozen=True)
class Sequel:
    """The state that an action leads to and what is expected then; `action` is empty where nothing is."""

    state: str
    is_final: bool
    action: str = ""
    role: str = ""
    due: date | None = None


def meaning_of(case: Case, action: str) -> str:
    return str(MEANINGS[case.CASE_TYPE][action])


def sequel_of(case: Case, step: Step) -> Sequel:
    """As the lifecycle declares it; the due date is counted as if the person pressed today."""
    state, is_final = str(case.STATES(step.target).label), step.target in case.final_states()
    expect = case.EXPECTS.get(step.target)
    if expect is None:
        return Sequel(state, is_final)
    due, _days = term(case, expect, step.action, legal_date())
    return Sequel(state, is_final, action_label(case, expect.action), str(Role(expect.role).label), due)
