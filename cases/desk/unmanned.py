"""Duties that nobody can meet today: nobody holds the role in the organisation, or only others than those assigned."""

from collections.abc import Iterator
from functools import cache
from typing import TypeVar

from django.db.models import Exists, OuterRef, Q, QuerySet

from cases.registry.models import Membership
from workflow.case import Case, case_types
from workflow.models import Expectation

Rows = TypeVar("Rows", bound="QuerySet[Case]")


def unmanned(owed: "QuerySet[Expectation]") -> "QuerySet[Expectation]":
    """Of these expectations, those that nobody can meet: neither who owes it nor a helper who has the right."""
    held = Membership.objects.in_force().filter(organisation=OuterRef("organisation_id"))
    by_role = held.filter(role=OuterRef("role"))
    by_assignee = by_role.filter(Q(person=OuterRef("assignee")) | Q(substitutes_for=OuterRef("assignee")))
    by_helper = held.filter(role=OuterRef("helper_role"))
    return owed.filter(
        Q(assignee=None) & ~Exists(by_role) | Q(assignee__isnull=False) & ~Exists(by_assignee),
        ~(_helper_suffices() & Exists(by_helper)),
    )


def with_unmanned_task(rows: Rows) -> Rows:
    """Of cases of one kind, those on whose page a task is shown that nobody can do."""
    owed = Expectation.objects.open().filter(about_type=rows.model.CASE_TYPE)
    return rows.filter(pk__in=unmanned(owed).values("about_id"))


def roles_that_suffice(model: type[Case], action: str, role: str, helper: str) -> set[str]:
    """Who can do what is expected: who owes it, and the helper where the act is open to them."""
    declared = {**model.verbs(), **model.acts()}.get(action)
    return {role, helper} if declared is not None and helper in declared.permission.roles else {role}


@cache
def _helper_suffices() -> Q:
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
