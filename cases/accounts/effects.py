"""What an approved request does to the account: the registry's own verbs, under the right of the decision."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from cases.registry import verbs
from cases.registry.verbs.recording import Right
from workflow.lifecycles.account_change import Change
from workflow.terms import legal_date


def take(change: Any, right: Right) -> None:
    """Raises Refused; then nothing is changed."""
    EFFECTS[change.change](change, right)


def _address(change: Any, right: Right) -> None:
    verbs.change_address(change.person, change.email, by=right)


def _role(change: Any, right: Right) -> None:
    days = {"starts": change.starts, "ends": change.ends}
    verbs.give_membership(change.person, change.organisation, change.role, **days, by=right)


def _substitution(change: Any, right: Right) -> None:
    verbs.arrange_substitution(change.membership, change.person, starts=change.starts, ends=change.ends, by=right)


def _last_day(change: Any, right: Right) -> None:
    """A day that has passed while the request waited stands for yesterday: the role ends at once."""
    yesterday = legal_date() - timedelta(days=1)
    waited = change.ends and change.requested_at and change.ends < yesterday
    verbs.end_membership(change.membership, yesterday if waited else change.ends, by=right)


def _deactivate(change: Any, right: Right) -> None:
    if change.person:
        verbs.deactivate_person(change.person, by=right, reason=change.reason)
    else:
        verbs.deactivate_organisation(change.organisation, by=right, reason=change.reason)


def _reactivate(change: Any, right: Right) -> None:
    if change.person:
        verbs.reactivate_person(change.person, by=right)
    else:
        verbs.reactivate_organisation(change.organisation, by=right)


EFFECTS: Mapping[str, Callable[[Any, Right], None]] = {
    Change.ADDRESS: _address,
    Change.ROLE: _role,
    Change.SUBSTITUTION: _substitution,
    Change.LAST_DAY: _last_day,
    Change.DEACTIVATE: _deactivate,
    Change.REACTIVATE: _reactivate,
}
