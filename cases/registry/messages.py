"""Which acts of the registry tell the person concerned by a letter; the texts are in `templates/notifications/`.

The letters lead to no page, as the person may have no right or no account any more. The leaders of the Ministry are
informed of what two people decided by the request's own rules, in `cases/accounts/kind.py`.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from cases.registry.models import Membership, User
from cases.registry.verbs.recording import Action, Step
from workflow.lifecycles.account_change import DECIDING
from workflow.roles import Role

LETTERS: Mapping[str, str] = {
    Action.CHANGE_ADDRESS: "address_changed",
    Action.GIVE_MEMBERSHIP: "role_given",
    Action.ARRANGE_SUBSTITUTION: "role_given",
    Action.END_MEMBERSHIP: "role_moved",
    Action.DEACTIVATE_PERSON: "account_deactivated",
    Action.REACTIVATE_PERSON: "account_reactivated",
    Action.MOVE_ORGANISATION: "organisation_moved",
}
"""act -> the template of the letter; of roles, only for those that decide."""
SILENT = frozenset({
    Action.ADD_ORGANISATION,
    Action.CHANGE_ORGANISATION,
    Action.DEACTIVATE_ORGANISATION,  # The request that was approved is announced.
    Action.REACTIVATE_ORGANISATION,
    Action.FOUND_MEMBERSHIP,  # Recorded for the trail alone: the role was there.
    Action.FOUND_ORGANISATION,
    Action.FOUND_PERSON,
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
    Action.ADD_AREA,
    Action.CHANGE_AREA,
    Action.DEACTIVATE_AREA,
    Action.LOAD_CATALOGUE,
    Action.REACTIVATE_AREA,
})  # fmt: skip


@dataclass(frozen=True)
class Letter:
    """Who is informed of an act; `address` is set when the letter cannot go to the account's own address."""

    recipient: User
    template: str
    address: str = ""


def letters_of(step: Step) -> Iterator[Letter]:
    """An address that is given up gets a letter as well, and so do people who are locked out, and leaders of before."""
    template, row = LETTERS.get(step.action), step.row
    if template is None or (isinstance(row, Membership) and row.role not in DECIDING):
        return
    if step.action == Action.MOVE_ORGANISATION:
        yield from (Letter(leader, template) for leader in _leaders(step.changes["parent_id"]))
        return
    person = row.person if isinstance(row, Membership) else row
    if not isinstance(person, User):
        raise TypeError(f"{step.action} is about nobody's account.")
    if step.action == Action.CHANGE_ADDRESS:
        yield Letter(person, template, address=str(step.changes["email"][0]))
    yield Letter(person, template, address=person.email if step.action == Action.DEACTIVATE_PERSON else "")


def _leaders(ministries: Iterable[object]) -> Iterable[User]:
    """Those who lead one of the ministries today, each once: of the one before and of the one now."""
    held = Membership.objects.in_force().filter(role=Role.MINISTRY_LEADER, organisation__in=filter(None, ministries))
    return User.objects.filter(pk__in=held.values("person")).order_by("pk")
