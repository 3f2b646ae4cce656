"""Duties that nobody can meet today: nobody holds the role in the organisation, or only others than those assigned."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache
from typing import TypeVar

from django.db.models import Exists, OuterRef, Q, QuerySet

from cases.registry.models import Membership
from cases.registry.models.people import MembershipQuerySet
from workflow.case import Case, case_types
from workflow.models import Expectation

Rows = TypeVar("Rows", bound="QuerySet[Case]")


@dataclass(frozen=True)
class OpenDuty:
    """What somebody would have to do: any of these roles suffices; of `role` only `assignee_id`, where it is one."""

    role: str
    roles: frozenset[str]
    organisation_id: int
    assignee_id: int | None = None


def nobodys(duties: Collection[OpenDuty]) -> list[OpenDuty]:
    """Of duties that are not owed yet, those that nobody could meet today; each place once."""
    places = {duty.organisation_id for duty in duties}
    held = Membership.objects.in_force().filter(organisation__in=places, role__in={r for d in duties for r in d.roles})
    rows = list(held.values_list("role", "organisation_id", "person_id", "substitutes_for_id")) if duties else []
    return list(dict.fromkeys(duty for duty in duties if not any(_suffices(duty, *row) for row in rows)))


def _suffices(duty: OpenDuty, role: str, organisation_id: int, person_id: int, absent_id: int | None) -> bool:
    """Whether who holds the role there can meet the duty."""
    if organisation_id != duty.organisation_id or role not in duty.roles:
        return False
    return duty.assignee_id is None or role != duty.role or duty.assignee_id in (person_id, absent_id)


def unmanned(owed: "QuerySet[Expectation]", holding: MembershipQuerySet | None = None) -> "QuerySet[Expectation]":
    """Of these expectations, those that nobody can meet: neither who owes it nor a helper who has the right.

    `holding` are the memberships that count, by default those in force today.
    """
    counting = Membership.objects.in_force() if holding is None else holding
    held = counting.filter(organisation=OuterRef("organisation_id"))
    by_role = held.filter(role=OuterRef("role"))
    by_assignee = by_role.filter(Q(person=OuterRef("assignee")) | Q(substitutes_for=OuterRef("assignee")))
    by_helper = held.filter(role=OuterRef("helper_role"))
    return owed.filter(
        Q(assignee=None) & ~Exists(by_role) | Q(assignee__isnull=False) & ~Exists(by_assignee),
        ~(helper_suffices() & Exists(by_helper)),
    )


def with_unmanned_task(rows: Rows) -> Rows:
    """Of cases of one kind, those on whose page a task is shown that nobody can do."""
    owed = Expectation.objects.open().filter(about_type=rows.model.CASE_TYPE)
    return rows.filter(pk__in=unmanned(owed).values("about_id"))


@cache
def roles_that_suffice(model: type[Case], action: str, role: str, helper: str) -> frozenset[str]:
    """Who can do what is expected: who owes it, and the helper where the act is open to them."""
    declared = {**model.verbs(), **model.acts()}.get(action)
    return frozenset({role, helper} if declared is not None and helper in declared.permission.roles else {role})


@cache
def helper_suffices() -> Q:
    """The expectations that their helper can meet as well: the act is open to them."""
    suffices = Q(pk__in=())
    for clause in _helped():
        suffices |= clause
    return suffices


def _helped() -> Iterator[Q]:
    """The acts of every kind that are open to more than one role."""
    for name, model in case_types().items():
        for action, declared in {**model.verbs(), **model.acts()}.items():
            if len(declared.permission.roles) > 1:
                yield Q(subject_type=name, action=action, helper_role__in=declared.permission.roles)
