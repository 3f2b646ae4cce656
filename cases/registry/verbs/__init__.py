"""Everything that changes the registry: right, check, change and trail in one step; for registrars alone."""

from cases.registry.verbs.acts import add_act, change_act, deactivate_act, reactivate_act
from cases.registry.verbs.areas import add_area, change_area, deactivate_area, reactivate_area
from cases.registry.verbs.links import answer_link_requests, ask_for_link
from cases.registry.verbs.memberships import arrange_substitution, end_membership, give_membership
from cases.registry.verbs.organisations import (
    add_organisation,
    change_organisation,
    deactivate_organisation,
    move_organisation,
    reactivate_organisation,
)
from cases.registry.verbs.people import (
    add_person,
    change_address,
    change_person,
    choose_password,
    deactivate_person,
    forget_password,
    invite,
    link_wanted,
    password_path,
    reactivate_person,
)
from cases.registry.verbs.recording import Action, fingerprint

ACTIONS = Action

__all__ = [
    "ACTIONS",
    "Action",
    "add_act",
    "add_area",
    "add_organisation",
    "add_person",
    "answer_link_requests",
    "arrange_substitution",
    "ask_for_link",
    "change_act",
    "change_address",
    "change_area",
    "change_organisation",
    "change_person",
    "choose_password",
    "deactivate_act",
    "deactivate_area",
    "deactivate_organisation",
    "deactivate_person",
    "end_membership",
    "fingerprint",
    "forget_password",
    "give_membership",
    "invite",
    "link_wanted",
    "password_path",
    "reactivate_act",
    "reactivate_area",
    "move_organisation",
    "reactivate_organisation",
    "reactivate_person",
]
