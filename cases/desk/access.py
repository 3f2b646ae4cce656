"""The only doors to a case of any kind: the case, or 404 for those who may not see it."""

from typing import TypeVar

from django.http import Http404

from cases.desk.kinds import Kind, kind_of, kinds
from cases.desk.models import Document, DocumentQuerySet
from cases.registry.models import User
from workflow.case import Case, CaseQuerySet
from workflow.rounds.decided import DecidedInRounds

C = TypeVar("C", bound=Case)


def get_case(user: User, kind: Kind, number: str) -> Case:
    """By its number, with what the kind reads along."""
    if kind.door:
        return kind.door(user, number)
    return _first(_rows(user, kind).filter(number=number))


def get_decided_case(user: User, kind: Kind, number: str) -> DecidedInRounds:
    """One that is decided in rounds, for those who see how: who sees no drafts of it gets 404."""
    case = get_case(user, kind, number)
    if not isinstance(case, DecidedInRounds) or not case.is_inside(user):
        raise Http404
    return case


def get_case_by_key(user: User, case_type: str, pk: int) -> Case:
    """By its type and id, as events and expectations name it."""
    kind = kinds().get(case_type)
    if kind is None:
        raise Http404
    return _first(_rows(user, kind).filter(pk=pk))


def documents_of(case: Case, reader: User) -> DocumentQuerySet:
    """The documents of a case that the person sees, as far as they are shown to them."""
    rows = Document.objects.of(case)
    return rows if kind_of(case).shows_documents(case, reader) else rows.none()


def all_of(model: type[C]) -> CaseQuerySet[C]:
    """All rows of a kind; pages narrow them by `visible_to()`."""
    rows = model._default_manager.all()
    if not isinstance(rows, CaseQuerySet):
        raise TypeError(f"The manager of {model.__name__} knows nothing of rights.")
    return rows


def _rows(user: User, kind: Kind) -> CaseQuerySet[Case]:
    return kind.along(all_of(kind.model).visible_to(user, by_key=True))


def _first(rows: CaseQuerySet[Case]) -> Case:
    case = rows.first()
    if case is None:
        raise Http404
    return case
