"""What a person owes and what they wait for, read from the open expectations.

Each is a list of branches, one per way in which it concerns the person: every branch has its own index, and the page
merges their first rows.
"""

from collections.abc import Iterator

from django.db.models import Q, QuerySet

from cases.ground.scope import about_cases_seen_by
from cases.registry.ministries import others_than_mine
from cases.registry.models import User
from workflow.lifecycles.recommendation import INSTITUTION, MINISTRY, State
from workflow.models import Expectation
from workflow.roles import Role

Branches = list[QuerySet[Expectation]]


def owed_by(user: User) -> Branches:
    """What the person has to do: their role's duties in their organisations, and those they help to prepare."""
    return [Expectation.objects.open().filter(mine) for mine in _mine(user)]


def awaited_by(user: User) -> Branches:
    """What others owe on the person's cases."""
    others = Expectation.objects.open().exclude(role__in=list(user.role_map))
    return [others.filter(concern) for concern in _concerns(user)]


def _mine(user: User) -> Iterator[Q]:
    for role, organisations in user.role_map.items():
        own = Q(organisation_id__in=list(organisations))
        if role == Role.COORDINATOR:
            for assignee in _assignees(user):
                yield own & Q(role=role) & assignee
        else:
            yield own & Q(role=role)
            yield own & Q(helper_role=role)


def _concerns(user: User) -> Iterator[Q]:
    for role, organisations in user.role_map.items():
        if role in MINISTRY:
            yield about_cases_seen_by(user) if others_than_mine(user) else Q()
        elif role == Role.DEPARTMENT_HEAD:
            yield Q(lead_id__in=list(organisations))
        elif role == Role.COORDINATOR:
            yield Q(assignee__in=[user.pk, *user.stands_in_for], lead_id__in=list(organisations))
        elif role in INSTITUTION:
            addressed = Q(addressed_id__in=list(organisations)) & ~Q(organisation_id__in=list(organisations))
            yield addressed & ~Q(state=State.DRAFT)  # An institution knows of no draft.


def _assignees(user: User) -> Iterator[Q]:
    yield Q(assignee__in=[user.pk, *user.stands_in_for])
    yield Q(assignee=None)
