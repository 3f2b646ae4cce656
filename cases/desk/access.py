"""The only doors to a case of any kind: the case, or 404 for those who may not see it."""

from typing import Any

from django.http import Http404

from cases.desk.kinds import Kind, kinds
from cases.registry.models import User
from workflow.case import Case


def get_case(user: User, kind: Kind, number: str) -> Case:
    """By its number, with what the kind reads along."""
    if kind.door:
        return kind.door(user, number)
    return _first(_rows(user, kind).filter(number=number))


def get_case_by_key(user: User, case_type: str, pk: int) -> Case:
    """By its type and id, as events and expectations name it."""
    kind = kinds().get(case_type)
    if kind is None:
        raise Http404
    return _first(_rows(user, kind).filter(pk=pk))


def _rows(user: User, kind: Kind) -> Any:
    manager: Any = kind.model._default_manager
    return manager.visible_to(user, by_key=True).select_related(*kind.reads)


def _first(rows: Any) -> Case:
    case: Case | None = rows.first()
    if case is None:
        raise Http404
    return case
