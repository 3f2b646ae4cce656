"""Changes of accounts, as the tests try them."""

from typing import Any

from cases.accounts.models import AccountChange
from cases.desk.models import NumberSeries
from cases.registry.models import User
from tests.cast import Cast, person
from tests.kinds import Trial
from workflow import expectations
from workflow.case import Case
from workflow.door import perform
from workflow.lifecycles.account_change import Change
from workflow.roles import Role
from workflow.terms import legal_date
from workflow.trail.recording import Entry, record


def make_account_change(cast: Cast, state: str = "requested", **fields: Any) -> AccountChange:
    """A request for another address of the stranger, or what `fields` say; asked for by a second registrar."""
    change = new_account_change(cast, **fields)
    change.number = NumberSeries.take("A", legal_date().year)[0]
    change.save(force_insert=True)
    entry = Entry("account_change", change.pk, change.number, "create", change.requested_by, None, "requested",
                  "requested", change.version, ministry_id=cast.ministry.pk)  # fmt: skip
    [event] = record([entry])
    expectations.begin([(change, event)], legal_date())
    decider, action, inputs = {
        "requested": (cast.head, "", {}),
        "approved": (cast.head, "approve", {}),
        "refused": (cast.head, "refuse", {"reason": "Nobody knows this address (test)."}),
        "withdrawn": (change.requested_by, "withdraw", {}),
    }[str(state)]
    if action:
        perform(change, action, by=User.objects.get(pk=decider.pk), **inputs)
    return change


def new_account_change(cast: Cast, **fields: Any) -> AccountChange:
    """The same request, not stored yet."""
    asking = fields.get("requested_by") or User.objects.filter(email="rano@test.example").first()
    columns: dict[str, Any] = {
        "number": "A-2026-99999",
        "version": 1,
        "change": Change.ADDRESS,
        "department": cast.department,
        "person": cast.stranger,
        "email_before": cast.stranger.email,
        "email": "new@test.example",
        "requested_by": asking or person("Rano", (cast.department, Role.REGISTRAR)),
    }
    return AccountChange(**(columns | fields))


def _make(cast: Cast, state: str) -> Case:
    return make_account_change(cast, state)


def _new(cast: Cast, by: User) -> Case:
    return new_account_change(cast, requested_by=by)


def _suit(change: AccountChange, user: User, action: str) -> None:
    """A request is withdrawn by who made it, and decided by others."""
    if (action, change.state) == ("withdraw", "requested"):
        AccountChange.objects.filter(pk=change.pk).update(requested_by=user)


ACCOUNT_CHANGE = Trial(
    AccountChange, _make, _new, {"refuse": {"reason": "It has to be so."}}, suit=_suit, apart=frozenset({"withdraw"})
)
