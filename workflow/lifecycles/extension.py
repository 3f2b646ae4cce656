"""The lifecycle of an extension request: who may grant more time depends on the slip it would make.

The level is asked for by the cumulative slip from the first due date and the risk; a request made after the due date
passed goes one level up. The requester's organisation never decides. Returned is final: a better request is a new one.
"""

from datetime import date

from dateutil.relativedelta import relativedelta
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField

from workflow.case import Case
from workflow.conditions import ActorCondition, Condition
from workflow.declarations import Expect, Verb, transition
from workflow.lifecycles.follow_up import Risk
from workflow.must import decider_is_not_addressed, has_reason, in_charge_sentence, is_in_charge
from workflow.parties import Column, Parties, Watching
from workflow.roles import DEPARTMENT, INSTITUTION, MINISTRY, Role, by

LADDER = (Role.COORDINATOR, Role.DEPARTMENT_HEAD, Role.MINISTRY_LEADER)
MONTHS = {Risk.HIGH: (0, 3), Risk.MEDIUM: (2, 6), Risk.LOW: (4, 9)}
"""risk -> the months of cumulative slip up to which the coordinator and the head of department may grant."""


def level_of(*, risk: str, first_due: date, until: date, is_late: bool) -> Role:
    """The lowest role that may grant `until`."""
    steps = (first_due + relativedelta(months=months) if months else None for months in MONTHS[Risk(risk)])
    level = next((place for place, limit in enumerate(steps) if limit and until <= limit), 2)
    return LADDER[min(level + is_late, 2)]


class State(TextChoices):
    REQUESTED = "requested", _("Requested")
    GRANTED = "granted", _("Granted")
    REFUSED = "refused", _("Refused")
    RETURNED = "returned", _("Returned")


class Action(TextChoices):
    GRANT = "grant", _("Grant")
    REFUSE = "refuse", _("Refuse")
    RETURN_REQUEST = "return_request", _("Return the request")
    CREATE = "create", _("Submit the request")


level_suffices = ActorCondition(
    lambda case: _("This much more time is decided by: %(role)s.") % {"role": Role(case.level).label},
    lambda case, user: case.standing(user, LADDER[LADDER.index(Role(case.level)) :]) is not None,
)
decider_is_in_charge = ActorCondition(
    in_charge_sentence,
    lambda case, user: is_in_charge(case, user) or case.standing(user, LADDER[1:]) is not None,
)
requester_does_not_decide = ActorCondition(
    _("You asked for this yourself; somebody else has to decide."),
    lambda case, user: case.requested_by_id != user.pk,
)
case_is_open = Condition(
    _("The recommendation is not in progress any more."), lambda case: case.recommendation.is_in_progress()
)
is_later = Condition(
    _("The new date must be later than the present due date."),
    lambda case: bool(case.recommendation.current_due) and case.until > case.recommendation.current_due,
    about="until",
)
lies_ahead = Condition(_("The new date must lie ahead."), lambda case: case.until > case.today, about="until")
says_why = Condition(_("Give the reason."), lambda case: bool(case.reason.strip()), about="reason")

DECIDERS = by(*reversed(LADDER))
"""The highest first: who holds several of these roles acts, and is recorded, in the one that suffices."""
DECIDED_WHEN = [level_suffices, decider_is_in_charge, requester_does_not_decide, decider_is_not_addressed]


class ExtensionLifecycle(Case):
    CASE_TYPE = "extension"
    STATES = State
    INITIAL = State.REQUESTED
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
    EXPECTS = {State.REQUESTED: Expect("grant", "level", days=10)}
    CREATE = Verb(by(*INSTITUTION), [State.REQUESTED], [case_is_open, says_why, is_later, lies_ahead])

    # What the record keeps and does, see cases/followup/models/extensions.py.
    def keep_decision(self, text: str) -> None:
        """Keep who decided, when, and what they said."""
        raise NotImplementedError

    def move_due_date(self) -> None:
        """Give the recommendation its new current due date; the first one stays."""
        raise NotImplementedError

    state = FSMField(_("state"), max_length=30, choices=State.choices, default=State.REQUESTED, protected=True)

    class Meta:
        abstract = True

    @transition(
        State.REQUESTED,
        State.GRANTED,
        permission=DECIDERS,
        conditions=[*DECIDED_WHEN, case_is_open, is_later, lies_ahead],
        meaning=_("The current due date moves to the date asked for. The first due date stays."),
        then="move_due_date",
    )
    def grant(self, text: str = "") -> None:
        """Move the current due date; the first one stays."""
        self.keep_decision(text)

    @transition(
        State.REQUESTED,
        State.REFUSED,
        permission=DECIDERS,
        conditions=[*DECIDED_WHEN, has_reason],
        meaning=_("The current due date stays as it is."),
    )
    def refuse(self, reason: str) -> None:
        """Keep the current due date."""
        self.keep_decision(reason)

    @transition(
        State.REQUESTED,
        State.RETURNED,
        permission=DECIDERS,
        conditions=[*DECIDED_WHEN, has_reason],
        meaning=_(
            "The request goes back without a decision, so that the institution can make a better one. The current due"
            " date stays, and this request is not counted."
        ),
    )
    def return_request(self, reason: str) -> None:
        """Ask for a better request."""
        self.keep_decision(reason)
