"""The lifecycle of an effect review: a year after a recommendation was closed as done, what has come of it (REG-11.6b).

The clock begins it. The institution reports the effect, and the coordinator, who did not report it, assesses it.
"""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField

from workflow.case import Case
from workflow.conditions import ActorCondition, InputCondition, required
from workflow.declarations import Expect, Verb, transition
from workflow.must import assigned, decider_is_not_addressed
from workflow.parties import Column, Parties, Watching
from workflow.roles import DEPARTMENT, INSTITUTION, MINISTRY, Role, by


class Effect(TextChoices):
    KEPT = "kept", _("The effect has lasted")
    PARTLY = "partly", _("The effect has lasted in part")
    NOT = "not", _("The effect has not lasted")


class State(TextChoices):
    ASKED = "asked", _("Effect asked for")
    REPORTED = "reported", _("Effect reported")
    ASSESSED = "assessed", _("Effect assessed")


class Action(TextChoices):
    REPORT = "report", _("Report the effect")
    ASSESS = "assess", _("Assess the effect")
    CREATE = "create", _("Effect asked for")


says_what = required("text", _("Say what the effect is and how it shows."))
gives_grounds = required("text", _("Say what your assessment rests on."))
effect_is_given = InputCondition(
    _("Choose whether the effect has lasted."), lambda inputs: inputs.get("effect") in Effect.values, about="effect"
)
assessor_did_not_report = ActorCondition(
    _("You reported the effect yourself; somebody else has to assess it."),
    lambda case, user: case.reported_by_id != user.pk,
)


class EffectReviewLifecycle(Case):
    CASE_TYPE = "effect_review"
    STATES = State
    INITIAL = State.ASKED
    ACTIONS = Action
    ABOUT = "recommendation"
    PARTIES = Parties(
        lead="recommendation__department_id",
        addressed="recommendation__institution_id",
        assignees={Role.COORDINATOR: "recommendation__coordinator_id"},
    )
    RELATIONS = {
        **dict.fromkeys(MINISTRY, Column("recommendation__ministry_id")),
        **dict.fromkeys(DEPARTMENT, Column("recommendation__department_id")),
        **dict.fromkeys(INSTITUTION, Column("recommendation__institution_id")),
        Role.INSTITUTION_CONTROLLER: Watching("recommendation__institution_id", "recommendation__watcher_id"),
    }
    ACCESS = {state: by(*MINISTRY, *DEPARTMENT, *INSTITUTION, Role.INSTITUTION_CONTROLLER) for state in State}
    EXPECTS = {
        State.ASKED: Expect("report", Role.INSTITUTION_HEAD, days=20, helper=Role.INSTITUTION_OFFICER),
        State.REPORTED: Expect("assess", Role.COORDINATOR, days=20),
    }
    CREATE = Verb(by(), [State.ASKED])

    # What the record keeps, see cases/followup/models/effect_reviews.py.
    def keep_report(self, effect: Effect, text: str) -> None:
        """Keep who reported which effect, and when."""
        raise NotImplementedError

    def keep_assessment(self, effect: Effect, text: str) -> None:
        """Keep who assessed it, when, and how."""
        raise NotImplementedError

    state = FSMField(_("state"), max_length=30, choices=State.choices, default=State.ASKED, protected=True)

    class Meta:
        abstract = True

    @transition(
        State.ASKED,
        State.REPORTED,
        permission=by(*INSTITUTION),
        conditions=[effect_is_given, says_what],
        meaning=_(
            "You say on behalf of the institution what has come of the recommendation. The department assesses it."
        ),
    )
    def report(self, effect: str, text: str) -> None:
        """Say whether the effect has lasted, and how it shows."""
        self.keep_report(Effect(effect), text)

    @transition(
        State.REPORTED,
        State.ASSESSED,
        permission=by(Role.COORDINATOR),
        conditions=[
            assigned,
            assessor_did_not_report,
            decider_is_not_addressed,
            effect_is_given,
            gives_grounds,
        ],
        meaning=_("You say whether the effect has lasted, and what your assessment rests on. The review is over then."),
    )
    def assess(self, effect: str, text: str) -> None:
        """Say whether the effect has lasted, and what that rests on."""
        self.keep_assessment(Effect(effect), text)
