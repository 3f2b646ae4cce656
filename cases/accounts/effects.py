"""What an approved request does to the account: the registry's own verbs, under the right of the decision."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, TypeVar

from cases.registry import verbs
from cases.registry.verbs.recording import Right
from workflow.lifecycles.account_change import Change

if TYPE_CHECKING:
    from cases.accounts.models import AccountChange


T = TypeVar("T")


def needed(value: T | None) -> T:
    """What a change of this kind always has."""
    if value is None:
        raise RuntimeError("the request names too little for its kind of change")
    return value


def take(change: "AccountChange", right: Right) -> None:
    """Raises Refused; then nothing is changed."""
    EFFECTS[change.change](change, right)


def _address(change: "AccountChange", right: Right) -> None:
    verbs.change_address(needed(change.person), change.email, by=right)


def _role(change: "AccountChange", right: Right) -> None:
    person, organisation, starts = needed(change.person), needed(change.organisation), needed(change.starts)
    verbs.give_membership(person, organisation, change.role, starts=starts, ends=change.ends, by=right)


def _substitution(change: "AccountChange", right: Right) -> None:
    absent, substitute = needed(change.membership), needed(change.person)
    starts, ends = needed(change.starts), needed(change.ends)
    verbs.arrange_substitution(absent, substitute, starts=starts, ends=ends, by=right)


def _last_day(change: "AccountChange", right: Right) -> None:
    """A day that passed while the request waited means yesterday, so that the role ends at once."""
    yesterday = right.on - timedelta(days=1)
    waited = change.ends and change.requested_at and change.ends < yesterday
    verbs.end_membership(needed(change.membership), yesterday if waited else change.ends, by=right)


def _deactivate(change: "AccountChange", right: Right) -> None:
    if change.person:
        verbs.deactivate_person(change.person, by=right, reason=change.reason)
    else:
        verbs.deactivate_organisation(needed(change.organisation), by=right, reason=change.reason)


def _reactivate(change: "AccountChange", right: Right) -> None:
    if change.person:
        verbs.reactivate_person(change.person, by=right)
    else:
        verbs.reactivate_organisation(needed(change.organisation), by=right)


def _parent(change: "AccountChange", right: Right) -> None:
    verbs.move_organisation(needed(change.organisation), change.parent, by=right)


EFFECTS: Mapping[str, Callable[["AccountChange", Right], None]] = {
    Change.ADDRESS: _address,
    Change.ROLE: _role,
    Change.SUBSTITUTION: _substitution,
    Change.LAST_DAY: _last_day,
    Change.DEACTIVATE: _deactivate,
    Change.REACTIVATE: _reactivate,
    Change.PARENT: _parent,
}
