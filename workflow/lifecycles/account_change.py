"""The lifecycle of a change of an account: one registrar asks for it, another person of the department decides.

Whoever could change an address, give a deciding role or lock a person out alone could become the minister.
"""

from collections.abc import Iterable
from datetime import timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField

from workflow.case import Case
from workflow.conditions import ActorCondition, Condition
from workflow.declarations import Expect, Owing, Verb, transition
from workflow.must import has_reason
from workflow.parties import Column, Parties
from workflow.roles import MINISTRY, Role, by

DECIDING = frozenset({
    Role.MINISTRY_LEADER,
    Role.DEPARTMENT_HEAD,
    Role.COORDINATOR,
    Role.CONTRACTOR_LEAD,
    Role.INSTITUTION_HEAD,
    Role.REGISTRAR,
})  # fmt: skip
"""Roles that decide or sign: two people give and prolong them."""
APPROVING = (Role.REGISTRAR, Role.DEPARTMENT_HEAD)
"""Roles that decide here, those first whom a request waits for: two people end them, too."""
NO_LINK_AFTER_NEW_ADDRESS = timedelta(hours=72)
"""How long nobody gets a link for a password after a change of address: the owner of the address before can object."""


class Change(TextChoices):
    """What takes two people."""

    ADDRESS = "address", _("Change the e-mail address")
    ROLE = "role", _("Give a deciding role")
    SUBSTITUTION = "substitution", _("Arrange who stands in for a deciding role")
    LAST_DAY = "last_day", _("Move the last day of a deciding role")
    DEACTIVATE = "deactivate", _("Deactivate")
    REACTIVATE = "reactivate", _("Reactivate")
    PARENT = "parent", _("Make part of another ministry")


class State(TextChoices):
    REQUESTED = "requested", _("Requested")
    APPROVED = "approved", _("Approved")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Action(TextChoices):
    APPROVE = "approve", _("Approve")
    REFUSE = "refuse", _("Refuse")
    WITHDRAW = "withdraw", _("Withdraw the request")
    CREATE = "create", _("Ask for a change of an account")
    COMMENT = "comment", _("Comment")


asker_does_not_decide = ActorCondition(
    _("You asked for this yourself; a second person has to decide."),
    lambda case, user: case.requested_by_id != user.pk,
)
person_does_not_decide = ActorCondition(
    _("This is about your own account; somebody else has to decide."),
    lambda case, user: case.person_id != user.pk,
)
address_is_the_same = Condition(
    _("The address was changed in the meantime. Refuse this request; a new one can be made."),
    lambda case: case.change != Change.ADDRESS or case.person.email == case.email_before,
)
asker_withdraws = ActorCondition(
    lambda case: _("Only %(name)s, who asked for this, can withdraw it.") % {"name": case.requested_by},
    lambda case, user: case.requested_by_id == user.pk,
)
says_why = Condition(_("Give the reason."), lambda case: case.change != Change.DEACTIVATE or bool(case.reason.strip()))
is_not_asked_yet = Condition(
    _("The same was asked for already and is not decided yet."), lambda case: not case.is_asked_already()
)

DECIDERS = by(*APPROVING)
DECIDED_WHEN = [asker_does_not_decide, person_does_not_decide]


class AccountChangeLifecycle(Case):
    CASE_TYPE = "account_change"
    STATES = State
    INITIAL = State.REQUESTED
    ACTIONS = Action
    PARTIES = Parties(lead="department_id")
    RELATIONS = {
        **dict.fromkeys(MINISTRY, Column("department__parent_id")),
        **dict.fromkeys(APPROVING, Column("department_id")),
    }
    ACCESS = {state: by(*MINISTRY, *APPROVING) for state in State}
    EXPECTS = {State.REQUESTED: Expect("approve", "deciders", days=3)}
    CREATE = Verb(by(Role.REGISTRAR), [State.REQUESTED], [says_why, is_not_asked_yet])
    VERBS = {Action.COMMENT: Verb(by(Role.MINISTRY_LEADER, *APPROVING), State)}

    # What the record keeps and does, see cases/accounts/models.py.
    @property
    def deciders(self) -> Iterable[Owing]:
        """Those who can decide today: the other registrars of the department, else its heads."""
        raise NotImplementedError

    def is_asked_already(self) -> bool:
        """Whether the same is waiting for a decision."""
        raise NotImplementedError

    def keep_decision(self, text: str) -> None:
        """Keep who decided, when, and what they said."""
        raise NotImplementedError

    def take_effect(self) -> None:
        """Change the account, recorded there as well."""
        raise NotImplementedError

    state = FSMField(_("state"), max_length=30, choices=State.choices, default=State.REQUESTED, protected=True)

    class Meta:
        abstract = True

    @transition(
        State.REQUESTED,
        State.APPROVED,
        permission=DECIDERS,
        conditions=[*DECIDED_WHEN, address_is_the_same],
        meaning=_(
            "The account is changed at once. The person concerned and the leaders of the Ministry are informed. Approve"
            " only what you have checked yourself, such as by a call to a number that you knew before."
        ),
        then="take_effect",
    )
    def approve(self) -> None:
        """Change the account."""
        self.keep_decision("")

    @transition(
        State.REQUESTED,
        State.REFUSED,
        permission=DECIDERS,
        conditions=[*DECIDED_WHEN, has_reason],
        meaning=_("The account stays as it is."),
    )
    def refuse(self, reason: str) -> None:
        """Leave the account as it is."""
        self.keep_decision(reason)

    @transition(
        State.REQUESTED,
        State.WITHDRAWN,
        permission=by(Role.REGISTRAR),
        conditions=[asker_withdraws],
        meaning=_("The request is taken back. The account stays as it is."),
    )
    def withdraw(self) -> None:
        """Take the request back."""
