"""Which acts of the registry tell the person concerned by a letter; the texts are in `templates/notifications/`.

The letters lead to no page, as the person may have no right or no account any more. The leaders of the Ministry are
told of what two people decided by the request's own rules, in `cases/accounts/kind.py`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from cases.registry.models import Membership, User
from cases.registry.verbs.recording import Action, Step
from workflow.lifecycles.account_change import DECIDING

LETTERS: Mapping[str, str] = {
    Action.CHANGE_ADDRESS: "address_changed",
    Action.GIVE_MEMBERSHIP: "role_given",
    Action.ARRANGE_SUBSTITUTION: "role_given",
    Action.END_MEMBERSHIP: "role_moved",
    Action.DEACTIVATE_PERSON: "account_deactivated",
    Action.REACTIVATE_PERSON: "account_reactivated",
}
"""act -> the template of the letter; of roles, only for those that decide."""
SILENT = frozenset({
    Action.ADD_ORGANISATION,
    Action.CHANGE_ORGANISATION,
    Action.DEACTIVATE_ORGANISATION,  # The request that was approved is announced.
    Action.REACTIVATE_ORGANISATION,
    Action.FOUND_MEMBERSHIP,  # Recorded for the trail alone: the role was there.
    Action.ADD_PERSON,
    Action.CHANGE_PERSON,
    Action.INVITE,  # Its letter is the link itself.
    Action.FORGET_PASSWORD,
    Action.CHOOSE_PASSWORD,
    Action.CHANGE_PASSWORD,
    Action.EXPORT,  # Announced by the desk, with a link.
    Action.EXPORT_FAILED,
    Action.ADD_ACT,
    Action.CHANGE_ACT,
    Action.DEACTIVATE_ACT,
    Action.REACTIVATE_ACT,
})  # fmt: skip


@dataclass(frozen=True)
class Letter:
    """Who is informed of an act; `address` is set when the letter cannot go to the account's own address."""

    recipient: User
    template: str
    address: str = ""


def letters_of(step: Step) -> Iterator[Letter]:
    """An address that is given up gets a letter as well, and so does the person who is locked out."""
    template = LETTERS.get(step.action)
    if template is None or (isinstance(step.row, Membership) and step.row.role not in DECIDING):
        return
    person: User = step.row.person if isinstance(step.row, Membership) else step.row
    if step.action == Action.CHANGE_ADDRESS:
        yield Letter(person, template, address=step.changes["email"][0])
    yield Letter(person, template, address=person.email if step.action == Action.DEACTIVATE_PERSON else "")
