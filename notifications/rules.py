"""Whom an event tells, as the rules of its kind say. A person gets no message about their own act."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import cast

from cases.desk.kinds import ASSIGNED, OTHER_SIDE, WATCHING, kind_of
from workflow import grants
from workflow.case import Case
from workflow.declarations import Owing
from workflow.models import Event
from workflow.parties import Watching, key_at


@dataclass(frozen=True)
class Call:
    """One role in one organisation gets a message about one event.

    `carrier_id` is the assigned person among several; with `is_personal` nobody else gets it in their place.
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
    is_own = case.act is None or case.act.because is None
    for rule in kind_of(case).tells:
        if rule.action == event.action and (is_own or not rule.only_own):
            for role in _roles(rule.to, case, event):
                yield from _calls(case, event, rule.template, role)


def _calls(case: Case, event: Event, template: str, role: str | Owing) -> Iterator[Call]:
    if isinstance(role, Owing):
        where, named = role.organisation_id or 0, role.assignee_id
        who = named or case.assignee_of(role.role)
        yield Call(event.pk, event.actor_id, template, role.role, where, who, is_personal=named is not None)
        return
    relation = case.RELATIONS[role]
    is_personal = isinstance(relation, Watching)
    person_id = key_at(case, relation.person) if isinstance(relation, Watching) else case.assignee_of(role)
    people: list[int | None] = [person_id]
    if person_id is None and role in case.GRANTED:
        people, is_personal = [*grants.people_granted(case, case.GRANTED[role])], True
    for organisation_id in relation.organisations(case):
        for person_id in people:
            yield Call(event.pk, event.actor_id, template, role, organisation_id, person_id, is_personal)


def _roles(to: Iterable[str], case: Case, event: Event) -> Iterator[str | Owing]:
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
            named = case.follow(name)
            yield from [named] if isinstance(named, (str, Owing)) else cast("Iterable[str | Owing]", named)


def _carrying(case: Case) -> Iterator[str]:
    """Roles whose tasks on the case are assigned to somebody."""
    return (role for role in case.PARTIES.assignees if case.assignee_of(role))


def _other_side(case: Case, event: Event) -> Iterator[str]:
    """The addressed organisation hears what others say; the person assigned to the case hears what anybody says."""
    addressed = [
        role for role, relation in case.RELATIONS.items() if getattr(relation, "path", "") == case.PARTIES.addressed
    ]
    if event.role not in addressed:
        yield from addressed
    yield from case.PARTIES.assignees
