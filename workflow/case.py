"""The base of every lifecycle: state, version, rights through relations, and reading what a lifecycle file declares."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from inspect import Signature, signature
from operator import attrgetter
from typing import Any, ClassVar, TypeVar, cast

import django_fsm
from django.apps import apps
from django.db import models
from django.db.models import Q

from workflow.conditions import Condition
from workflow.roles import Actor, Role, Standing, by

T = TypeVar("T")
Method = TypeVar("Method", bound=Callable[..., None])


def transition(
    source: Iterable[str] | str,
    target: str,
    *,
    permission: by,
    conditions: Iterable[Condition] = (),
    danger: bool = False,
) -> Callable[[Method], Method]:
    """django-fsm's `transition` on the field `state`; `danger` marks an act that ends or annuls something."""
    sources = [source] if isinstance(source, str) else list(source)
    decorate = django_fsm.transition(
        field="state",
        source=[str(one) for one in sources],
        target=str(target),
        permission=permission,
        conditions=list(conditions),
        custom={"danger": danger},
    )
    return cast(Callable[[Method], Method], decorate)


@dataclass(frozen=True)
class Verb:
    """A change that leaves the state alone (comment, attach, edit): who may do it, in which states and conditions."""

    roles: by
    states: frozenset[str]
    conditions: tuple[Condition, ...] = ()

    def __init__(self, roles: by, states: Iterable[str], conditions: Iterable[Condition] = ()) -> None:
        object.__setattr__(self, "roles", roles)
        object.__setattr__(self, "states", frozenset(str(state) for state in states))
        object.__setattr__(self, "conditions", tuple(conditions))


@dataclass(frozen=True)
class Expect:
    """What a state expects next: the action, who owes it, who may prepare it, and the term.

    `role` is a role, or the name of a property of the case that gives one. The term is `days` working days (`after`
    names other numbers for when a certain action led here), or the case's date `until`, or `days` where it has none.
    """

    action: str
    role: str
    days: int
    helper: str = ""
    until: str = ""
    after: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Also:
    """A further expectation that a case names itself, such as a measure of its plan with its own date."""

    action: str
    role: str
    due: date
    topic: str
    helper: str = ""


@dataclass(frozen=True)
class Act:
    """The act under way: what conditions and effects may know of it."""

    action: str
    by: Actor
    standing: Standing
    at: datetime
    on: date
    inputs: Mapping[str, Any]
    read: dict[str, Any] = field(default_factory=dict, compare=False)
    """What conditions and effects have read of the locked case so far."""


@dataclass(frozen=True)
class Step:
    """One transition as declared: its method's name, sources, target, roles, conditions and what the method takes."""

    action: str
    sources: tuple[str, ...]
    target: str
    permission: by
    conditions: tuple[Condition, ...]
    takes: Signature
    danger: bool


class Case(models.Model):
    """A record with a lifecycle; subclasses declare STATES, ACCESS, EXPECTS, VERBS, RELATIONS, a method per action."""

    CASE_TYPE: ClassVar[str]
    STATES: ClassVar[type[models.TextChoices]]
    INITIAL: ClassVar[str]
    ACTIONS: ClassVar[type[models.TextChoices]]
    CREATE: ClassVar[Verb]
    ACCESS: ClassVar[Mapping[str, by]]
    EXPECTS: ClassVar[Mapping[str, Expect]]
    VERBS: ClassVar[Mapping[str, Verb]]
    RELATIONS: ClassVar[Mapping[str, str]]
    """role -> the path (with __) to the id of the organisation in which the role counts on this case."""
    LEAD: ClassVar[str]
    ADDRESSED: ClassVar[str]
    ASSIGNEE: ClassVar[str]
    SILENT: ClassVar[tuple[str, ...]] = ()
    """Columns whose changes the trail does not tell, as they only repeat others."""
    TOGETHER: ClassVar[tuple[Any, ...]] = ()
    """What `perform_many()` prefetches, so that its conditions ask no query per case."""

    number = models.CharField(max_length=40, unique=True)
    version = models.PositiveIntegerField(default=0)

    act: Act | None = None
    onlooker: Actor | None = None

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.number

    def refresh_from_db(self, using: Any = None, fields: Any = None, from_queryset: Any = None) -> None:
        """Read the row again; the protected state is forgotten first, as it may be set but once."""
        if fields is None or "state" in fields:
            self.__dict__.pop("state", None)
        super().refresh_from_db(using=using, fields=fields, from_queryset=from_queryset)

    @property
    def acting(self) -> Act:
        """The act under way, for the effects of a transition."""
        if self.act is None:
            raise RuntimeError("transitions run inside perform() only")
        return self.act

    def once(self, name: str, read: Callable[[], T]) -> T:
        """What `read` gives. While an act is under way it is read but once: nobody else can change a locked case.

        An effect that changes what was read clears `acting.read`.
        """
        if self.act is None:
            return read()
        if name not in self.act.read:
            self.act.read[name] = read()
        return cast(T, self.act.read[name])

    def standing(self, user: Actor, roles: Iterable[str]) -> Standing | None:
        """The membership through which one of `roles` counts for `user` on this case, or None."""
        for role in roles:
            organisation_id = self.related(role)
            membership_id = user.role_map.get(role, {}).get(organisation_id) if organisation_id else None
            if organisation_id and membership_id:
                return Standing(role, organisation_id, membership_id)
        return None

    def related(self, role: str) -> int | None:
        """The id of the organisation in which `role` counts on this case."""
        path = self.RELATIONS.get(role)
        return self.follow(path) if path else None

    def follow(self, path: str) -> Any:
        return _getter(path)(self)

    def also_expected(self) -> Iterable[Also]:
        """Further expectations of the present state; a subclass names them."""
        return ()

    @classmethod
    def prepare_many(cls, action: str, cases: list[Any], on: date) -> None:
        """What many cases need at once before `action`, such as a block of numbers; a subclass says."""

    @classmethod
    @cache
    def steps(cls) -> dict[str, Step]:
        """The declared transitions by action, in the order of ACTIONS."""
        found = {name: _step(name, declarations(cls, name)) for name in dir(cls) if _is_transition(cls, name)}
        order = {str(action): place for place, action in enumerate(cls.ACTIONS.values)}
        return dict(sorted(found.items(), key=lambda item: order.get(item[0], len(order))))

    @classmethod
    def final_states(cls) -> frozenset[str]:
        return frozenset(cls.STATES.values) - {source for step in cls.steps().values() for source in step.sources}

    @classmethod
    def visible_q(cls, user: Actor) -> Q:
        """The rows that `user` may see by role and relation: one OR-ed WHERE over organisation keys and states."""
        seen = Q(pk__in=())
        for role, organisations in user.role_map.items():
            states = [state for state, viewers in cls.ACCESS.items() if role in viewers.roles]
            if states and role in cls.RELATIONS:
                mine = Q(**{f"{cls.RELATIONS[role]}__in": list(organisations)})
                seen |= mine if len(states) == len(cls.ACCESS) else mine & Q(state__in=states)
        return seen


@cache
def _getter(path: str) -> Callable[[Any], Any]:
    return attrgetter(path.replace("__", "."))


def case_types() -> dict[str, type[Case]]:
    """Every lifecycle in use, by its CASE_TYPE."""
    return {model.CASE_TYPE: model for model in apps.get_models() if issubclass(model, Case)}


def roles_of(case_type: type[Case]) -> Iterator[str]:
    """The roles that count on a case type, in the order of Role."""
    return (role for role in Role.values if role in case_type.RELATIONS)


def _is_transition(cls: type[Case], name: str) -> bool:
    return not name.startswith("_") and hasattr(getattr(cls, name, None), "_django_fsm")


def declarations(case_type: type[Case], action: str) -> list[Any]:
    """What django-fsm knows of a transition: one declaration for each state that it starts from."""
    return list(getattr(case_type, action)._django_fsm.transitions.values())


def _step(name: str, declared: list[Any]) -> Step:
    first = declared[0]
    sources = tuple(str(one.source) for one in declared)
    return Step(
        action=name,
        sources=sources,
        target=str(first.target),
        permission=first.permission,
        conditions=tuple(first.conditions),
        takes=signature(first.method),
        danger=bool(first.custom.get("danger")),
    )
