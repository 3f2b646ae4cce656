"""Between whom a case is, and where each role counts on it: for one person, for rows, and for a whole role."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Protocol

from django.db import models
from django.db.models import Q

from workflow.roles import Actor

if TYPE_CHECKING:
    from workflow.case import Case


@dataclass(frozen=True)
class Parties:
    """Paths (with __) from a case to the keys of its organisations and people.

    `lead` leads the case; `addressed` is the organisation on the other side, empty where a kind has none and None while
    a case has none yet; `all_addressed` finds them where they may be several. `assignees` say who carries the tasks of
    a role; the first of them is in charge of the case.
    """

    lead: str
    addressed: str = ""
    assignees: Mapping[str, str] = field(default_factory=dict)
    all_addressed: "Relation | None" = None

    @property
    def in_charge(self) -> str:
        """The role of the person who is in charge of the case, such as the coordinator; empty where nobody can be."""
        return next(iter(self.assignees), "")

    def organisations_addressed(self, case: "Case") -> Collection[int]:
        """Ids of the organisations on the other side."""
        return (self.all_addressed or Column(self.addressed)).organisations(case)


class Relation(Protocol):
    """Where a role counts on a case; one definition answers for one person, for rows, and for all who hold the role."""

    def organisations(self, case: "Case", user: Actor | None = None) -> Collection[int]:
        """Ids of the organisations in which the role counts on the case, for anybody or for `user` alone."""
        ...

    def rows(self, model: type[models.Model], organisation_ids: Collection[int], user: Actor) -> Q:
        """The rows of the model on which the role counts for a user who holds it in these organisations."""
        ...


@dataclass(frozen=True)
class Column:
    """The role counts in the organisation whose key is at the end of `path`."""

    path: str

    def organisations(self, case: "Case", user: Actor | None = None) -> Collection[int]:
        organisation_id = key_at(case, self.path)
        return () if organisation_id is None else (organisation_id,)

    def rows(self, model: type[models.Model], organisation_ids: Collection[int], user: Actor) -> Q:
        return Q(**{f"{self.path}__in": list(organisation_ids)})


@dataclass(frozen=True)
class Through:
    """The role counts in several organisations, named by rows that `path` leads to, such as those of a sample."""

    path: str

    def organisations(self, case: "Case", user: Actor | None = None) -> Collection[int]:
        rows = type(case)._base_manager.filter(pk=case.pk, **{f"{self.path}__isnull": False})
        return case.related_rows(self, lambda: set(rows.values_list(self.path, flat=True)))

    def rows(self, model: type[models.Model], organisation_ids: Collection[int], user: Actor) -> Q:
        # A subquery: a join would give a row once for each of its organisations.
        return Q(pk__in=model._base_manager.filter(**{f"{self.path}__in": list(organisation_ids)}).values("pk"))


@dataclass(frozen=True)
class Watching:
    """The role counts in the organisation at the end of `path`, for the one person whom `person` names there.

    Of those who hold the role, nobody else sees the case, or gets its messages.
    """

    path: str
    person: str

    def organisations(self, case: "Case", user: Actor | None = None) -> Collection[int]:
        person_id, organisation_id = key_at(case, self.person), key_at(case, self.path)
        if person_id is None or organisation_id is None or user is not None and user.pk != person_id:
            return ()
        return (organisation_id,)

    def rows(self, model: type[models.Model], organisation_ids: Collection[int], user: Actor) -> Q:
        return Q(**{f"{self.path}__in": list(organisation_ids), self.person: user.pk})


@dataclass(frozen=True)
class While:
    """The role counts where `relation` says, as long as what `state` leads to is one of `states`."""

    relation: Relation
    state: str
    states: tuple[str, ...]

    def organisations(self, case: "Case", user: Actor | None = None) -> Collection[int]:
        return self.relation.organisations(case, user) if follow(case, self.state) in self.states else ()

    def rows(self, model: type[models.Model], organisation_ids: Collection[int], user: Actor) -> Q:
        return self.relation.rows(model, organisation_ids, user) & Q(**{f"{self.state}__in": self.states})


@dataclass(frozen=True)
class Provided:
    """The role counts where `relation` says; on a case in one of `states` only if a related row fits `having`.

    `having` are lookups from the case with their values, such as that the collection of a cancelled monitoring began.
    """

    relation: Relation
    states: tuple[str, ...]
    having: tuple[tuple[str, object], ...]

    def organisations(self, case: "Case", user: Actor | None = None) -> Collection[int]:
        if follow(case, "state") in self.states and not self._fits(case):
            return ()
        return self.relation.organisations(case, user)

    def rows(self, model: type[models.Model], organisation_ids: Collection[int], user: Actor) -> Q:
        fitting = model._base_manager.filter(**dict(self.having)).values("pk")
        counts = ~Q(state__in=self.states) | Q(pk__in=fitting)
        return self.relation.rows(model, organisation_ids, user) & counts

    def _fits(self, case: "Case") -> bool:
        return case.related_rows(self, type(case)._base_manager.filter(pk=case.pk, **dict(self.having)).exists)


def layers(relation: Relation) -> Iterator[Relation]:
    """The relation, and those that it rests on."""
    yield relation
    if isinstance(relation, While | Provided):
        yield from layers(relation.relation)


def paths_of(relation: Relation) -> Iterator[tuple[str, str]]:
    """What it names of a case: as what, and the path."""
    for layer in layers(relation):
        for name in ("path", "person", "state"):
            if path := getattr(layer, name, ""):
                yield name, path
        for lookup, _value in getattr(layer, "having", ()):
            yield "having", lookup.removesuffix("__isnull")


def follow(case: "Case", path: str) -> object:
    """What the path (with __) leads to; None where it ends before."""
    return _steps(path)(case)


def key_at(case: "Case", path: str) -> int | None:
    """The key of a row that the path leads to; None where it ends before."""
    key = follow(case, path)
    if key is None or isinstance(key, int):
        return key
    raise TypeError(f"{path} leads to no key.")


@cache
def _steps(path: str) -> Callable[["Case"], object]:
    names = path.split("__")

    def walk(value: object) -> object:
        for name in names:
            if value is None:
                return None
            value = getattr(value, name)
        return value

    return walk
