"""Whom an event tells, as the rules of its kind say. A person is never told of their own act."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from cases.desk.kinds import ASSIGNED, OTHER_SIDE, WATCHING, kind_of
from workflow.case import Case
from workflow.models import Event
from workflow.parties import Watching


@dataclass(frozen=True)
class Call:
    """One role in one organisation is told of one event.

    `carrier_id` is the assigned person among several; with `is_personal` nobody else is told in their place.
    """

    event_id: int
    actor_id: int | None
    template: str
    role: str
    organisation_id: int
    carrier_id: int | None = None
    is_personal: bool = False


def calls(case: Case, event: Event) -> Iterator[Call]:
    """Everybody whom the rules tell of an event, as roles in organisations."""
    for rule in kind_of(case).tells:
        if rule.action == event.action:
            for role in _roles(rule.to, case, event):
                yield from _calls(case, event, rule.template, role)


def _calls(case: Case, event: Event, template: str, role: str) -> Iterator[Call]:
    relation = case.RELATIONS[role]
    is_personal = isinstance(relation, Watching)
    person_id = case.follow(relation.person) if isinstance(relation, Watching) else case.assignee_of(role)
    for organisation_id in relation.organisations(case):
        yield Call(event.pk, event.actor_id, template, role, organisation_id, person_id, is_personal)


def _roles(to: Iterable[str], case: Case, event: Event) -> Iterator[str]:
    for name in to:
        if name == ASSIGNED:
            yield from _carrying(case)
        elif name == OTHER_SIDE:
            yield from _other_side(case, event)
        elif name == WATCHING:
            yield from (role for role, relation in case.RELATIONS.items() if isinstance(relation, Watching))
        elif name in case.RELATIONS:
            yield name
        else:
            yield str(case.follow(name))


def _carrying(case: Case) -> Iterator[str]:
    """Roles whose tasks on the case are assigned to somebody."""
    return (role for role in case.PARTIES.assignees if case.assignee_of(role))


def _other_side(case: Case, event: Event) -> Iterator[str]:
    """The addressed organisation hears what others say; whoever carries the case hears what anybody says."""
    addressed = [
        role for role, relation in case.RELATIONS.items() if getattr(relation, "path", "") == case.PARTIES.addressed
    ]
    if event.role not in addressed:
        yield from addressed
    yield from case.PARTIES.assignees
