"""What a lifecycle file is written with: transitions and verbs, and what a state expects next."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from inspect import Signature, signature
from typing import TYPE_CHECKING, TypeVar

import django_fsm

from workflow.conditions import Condition
from workflow.roles import by
from workflow.texts import Text

if TYPE_CHECKING:
    from workflow.case import Case

Method = TypeVar("Method", bound=Callable[..., str | None])
Targets = str | tuple[str, ...] | Mapping[str, str | tuple[str, ...]]
"""One state; several, of which the effect returns one; or a mapping source -> one or several."""

BY_VERSION = "version"
DECLARED = "declared_verb"


@dataclass(frozen=True)
class Verb:
    """A change that leaves the state alone (comment, attach, edit): who may do it, in which states and conditions.

    A verb with a method takes the method's inputs and is done by `perform()`; one without is done by `amend()`.
    An `internal` one is hidden from those who do not see a case from its beginning.
    """

    permission: by
    states: frozenset[str]
    conditions: tuple[Condition, ...] = ()
    internal: bool = False
    meaning: Text = ""
    takes: Signature | None = None
    danger: bool = False
    rests_on: str = BY_VERSION
    then: str = ""

    def __init__(
        self, permission: by, states: Iterable[str], conditions: Iterable[Condition] = (), **options: object
    ) -> None:
        object.__setattr__(self, "permission", permission)
        object.__setattr__(self, "states", frozenset(str(state) for state in states))
        object.__setattr__(self, "conditions", tuple(conditions))
        for name, value in options.items():
            if name not in Verb.__dataclass_fields__:
                raise TypeError(f"A verb has no {name}.")
            object.__setattr__(self, name, value)

    @property
    def sources(self) -> tuple[str, ...]:
        return tuple(sorted(self.states))


@dataclass(frozen=True)
class Transition:
    """A change of state as declared: its method's name, who may do it, from where to where, and what the method takes.

    `rests_on` is the column that a decision rests on: when it changed after the person saw it, the act is refused.
    `then` is a method that changes other cases; it runs after the act's own event.
    """

    action: str
    targets: Mapping[str, tuple[str, ...]]
    permission: by
    conditions: tuple[Condition, ...]
    takes: Signature
    meaning: Text = ""
    danger: bool = False
    rests_on: str = BY_VERSION
    then: str = ""

    @property
    def sources(self) -> tuple[str, ...]:
        return tuple(self.targets)

    @property
    def all_targets(self) -> tuple[str, ...]:
        """Every state that it may lead to, each once."""
        return tuple(dict.fromkeys(target for targets in self.targets.values() for target in targets))


@dataclass(frozen=True)
class Expect:
    """What a state expects next: the action, who owes it, who may prepare it, and the term.

    `role` is a role, or the name of a property of the case that gives one or several `Owing`. The term is `days`
    working days (`after` names other numbers for when a certain action led here), or the case's date `until`, or
    `days` where it has none.
    """

    action: str
    role: str
    days: int
    helper: str = ""
    until: str = ""
    after: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Owing:
    """One of several who owe the same action at once, such as the seat of an approval; `key` tells them apart.

    `days` is their own term in working days, where it is not the state's.
    """

    role: str
    key: str = ""
    organisation_id: int | None = None
    assignee_id: int | None = None
    days: int | None = None


@dataclass(frozen=True)
class ExtraExpectation:
    """A further expectation that a case names itself, such as the evidence on a measure, due on a date of its own.

    `key` names it for as long as it is open, such as "measure:17"; `topic` says it to people.
    """

    action: str
    role: str
    key: str
    due: date
    topic: str = ""
    helper: str = ""


def transition(  # noqa: PLR0913 - a row of the table that a lifecycle file is
    source: Iterable[str] | str | None,
    target: Targets,
    *,
    permission: by,
    conditions: Iterable[Condition] = (),
    meaning: Text = "",
    danger: bool = False,
    rests_on: str = BY_VERSION,
    then: str = "",
) -> Callable[[Method], Method]:
    """django-fsm's `transition` on the field `state`, with what pages and the engine need to know of it.

    `meaning` is the sentence that a person reads before doing it; `danger` marks an act that ends or annuls something.
    """
    targets = _targets(source, target)
    conditions = tuple(conditions)
    custom = {"targets": targets, "conditions": conditions, "meaning": meaning, "danger": danger}
    custom |= {"rests_on": rests_on, "then": then}
    judged = [_Judged(condition) for condition in conditions]

    def decorate(method: Method) -> Method:
        for place, ends in targets.items():
            end = ends[0] if len(ends) == 1 else django_fsm.RETURN_VALUE(*ends)
            declare = django_fsm.transition(
                field="state", source=place, target=end, permission=permission, conditions=judged, custom=custom
            )
            method = declare(method)
        return method

    return decorate


def verb(  # noqa: PLR0913 - likewise
    permission: by,
    states: Iterable[str],
    *,
    conditions: Iterable[Condition] = (),
    meaning: Text = "",
    danger: bool = False,
    internal: bool = False,
    then: str = "",
) -> Callable[[Method], Method]:
    """Declare a method as a verb: `perform()` gives it its inputs, and the state stays."""

    def decorate(method: Method) -> Method:
        declared = Verb(
            permission, states, conditions,
            meaning=meaning, danger=danger, internal=internal, then=then, takes=signature(method),
        )  # fmt: skip
        setattr(method, DECLARED, declared)
        return method

    return decorate


@dataclass(frozen=True)
class _Judged:
    """A condition as django-fsm asks it: of the act under way."""

    condition: Condition

    def __call__(self, case: "Case") -> bool:
        act = case.acting
        if act.because is not None and self.condition.needs_actor:
            return True  # A consequence has the right of the act that it follows from.
        return self.condition(case, act.by, act.inputs)


def transition_of(name: str, declared: django_fsm.FSMMeta) -> Transition:
    """What a lifecycle declares of one action; `declared` are django-fsm's own records, one for each source."""
    records = list(declared.transitions.values())
    first, custom = records[0], records[0].custom
    targets: dict[str, tuple[str, ...]] = {}
    for record in records:
        targets |= record.custom.get("targets") or {str(record.source): (str(record.target),)}
    return Transition(
        action=name,
        targets=targets,
        permission=first.permission,
        conditions=custom.get("conditions", ()),
        takes=signature(first.method),
        meaning=custom.get("meaning", ""),
        danger=bool(custom.get("danger")),
        rests_on=custom.get("rests_on", BY_VERSION),
        then=custom.get("then", ""),
    )


def _targets(source: Iterable[str] | str | None, target: Targets) -> dict[str, tuple[str, ...]]:
    if isinstance(target, Mapping):
        return {str(place): _states(end) for place, end in target.items()}
    places = [source] if isinstance(source, str) else list(source or ())
    return {str(place): _states(target) for place in places}


def _states(target: str | Iterable[str]) -> tuple[str, ...]:
    return (str(target),) if isinstance(target, str) else tuple(str(state) for state in target)
