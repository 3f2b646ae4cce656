"""The only code that changes a state: one transaction of right, change, trail, expectations and announcement."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Generic

from django.db import transaction

from workflow import clock, expectations
from workflow.acting import (
    C,
    Declared,
    Refused,
    Stale,
    act_of,
    check_conditions,
    check_seen,
    consequence_of,
    declared_act,
    enter,
    finish,
    happened,
    locked_case,
    run,
    save,
)
from workflow.case import Act, Case
from workflow.conditions import Inputs
from workflow.declarations import BY_VERSION
from workflow.models import Event
from workflow.roles import Actor
from workflow.terms import legal_date
from workflow.trail.recording import record, recorded_changes, transition_entry, values, verb_entry

__all__ = [
    "Amendment",
    "Refused",
    "Stale",
    "amend",
    "begin",
    "begin_all",
    "begin_many",
    "by_clock",
    "consequence",
    "follow",
    "happened",
    "perform",
    "remark",
]


def perform(case: Case, action: str, *, by: Actor, version: object = None, **inputs: object) -> Event:
    """Do a transition, or a verb that has a method, on the case as it is in the database.

    `version` is what the person was looking at: the version of the case, or the value of the column that the act rests
    on; it defaults to that of `case`. Raises Refused (Stale when somebody was faster); then nothing has changed.
    `case` is brought up to date.
    """
    declared = declared_act(case.acts(), action)
    seen = case.follow(declared.rests_on) if version is None else version
    with transaction.atomic():
        locked = locked_case(type(case), case.pk)
        check_seen(locked, seen, declared.rests_on)
        enter(locked, declared, act_of(locked, action, declared, by, clock.moment_of(locked), inputs))
        event = do(locked, declared)
    finish(case, locked)
    return event


def begin(case: C, *, by: Actor, details: Mapping[str, object] | None = None, at: datetime | None = None) -> C:
    """Store a new case in its initial state, with its first event and expectation. Raises Refused."""
    act = act_of(case, "create", case.CREATE, by, at or clock.database_now(), details or {})
    check_conditions(case, case.CREATE, act)
    with transaction.atomic():
        case.version = 1
        case.save(force_insert=True)
        [event] = record([verb_entry(case, act, act.inputs)])
        announce([(case, event)], act)
    return case


def begin_all(
    cases: Sequence[C], *, by: Actor, details: Sequence[Mapping[str, object]], at: datetime | None = None
) -> Sequence[C]:
    """Store new cases of one type that one person begins, as `begin()` does each. Raises Refused; nothing is stored."""
    if not cases:
        return cases
    at = at or clock.database_now()
    acts = [act_of(case, "create", case.CREATE, by, at, inputs) for case, inputs in zip(cases, details, strict=True)]
    for case, act in zip(cases, acts, strict=True):
        check_conditions(case, case.CREATE, act)
        case.version = 1
    with transaction.atomic():
        type(cases[0])._base_manager.bulk_create(cases)
        events = record(verb_entry(case, act, act.inputs) for case, act in zip(cases, acts, strict=True))
        announce(list(zip(cases, events, strict=True)), acts[0])
    return cases


def begin_many(cases: Sequence[C], *, of: Act, details: Sequence[Mapping[str, object]] = ()) -> Sequence[C]:
    """Store new cases of one type as a consequence of an act, such as the deliverables that a stage asks for.

    The right is the act's own. Call it from a method named in `then`: the act's event comes first. `details` are what
    the trail keeps of each case.
    """
    if not cases:
        return cases
    act = consequence_of(of, "create", {})
    for case in cases:
        case.version = 1
    with transaction.atomic():
        type(cases[0])._base_manager.bulk_create(cases)
        kept = details or [{}] * len(cases)
        events = record(verb_entry(case, act, inputs) for case, inputs in zip(cases, kept, strict=True))
        announce(list(zip(cases, events, strict=True)), act)
    return cases


@dataclass
class Amendment(Generic[C]):
    """A verb under way: the locked case, the act, and the details that its event will keep.

    What is added to `then` runs after the event, with the act that consequences on other cases follow from. `rested`
    are the working days for which the case rested, where it goes on: terms that did not run then are longer by them.
    """

    case: C
    act: Act
    details: dict[str, object] = field(default_factory=dict)
    then: list[Callable[[Act], object]] = field(default_factory=list)
    rested: int | None = None


@contextmanager
def amend(
    case: C, verb: str, *, by: Actor, version: int | None = None, inputs: Inputs | None = None
) -> Iterator[Amendment[C]]:
    """Change a case without moving its state: lock, check the verb's rule, let the caller write, then save and record.

    The version counts up, so that a decision on the older contents is refused. `version` is the one the person
    saw, or None for a verb that only adds; `inputs` are what the verb's conditions judge. Raises Refused.
    """
    with transaction.atomic():
        amendment = _opened(case, verb, by, version, inputs)
        with _amended(amendment):
            yield amendment
    finish(case, amendment.case)


@contextmanager
def remark(case: C, verb: str, *, by: Actor, inputs: Inputs | None = None) -> Iterator[Amendment[C]]:
    """Add to a case what no decision rests on, such as a comment: recorded, but the version stays. Raises Refused."""
    with transaction.atomic():
        # The event records the state it was written in, so the state is read under the lock, not from the page.
        amendment = _opened(case, verb, by, None, inputs)
        yield amendment
        [event] = record([verb_entry(amendment.case, amendment.act, amendment.details)])
        happened.send(type(amendment.case), happenings=[(amendment.case, event)], opened=[])


@contextmanager
def consequence(case: C, verb: str, *, of: Act) -> Iterator[Amendment[C]]:
    """Change a case as the consequence of an act on another one, such as a granted extension.

    The right is the act's own. Raises Stale when the case is no longer the one that the act's conditions judged.
    """
    with transaction.atomic():
        locked = locked_case(type(case), case.pk)
        check_seen(locked, case.version)
        amendment = Amendment(locked, consequence_of(of, verb, {}))
        with _amended(amendment):
            yield amendment
    finish(case, locked)


@contextmanager
def by_clock(case: C, verb: str, *, at: datetime) -> Iterator[Amendment[C]]:
    """Change a case because a date has come: done by nobody, recorded so. For verbs that are open to no role.

    Raises Refused when the case is no longer in a state for it.
    """
    declared = declared_act(case.verbs(), verb)
    if declared.permission.roles:
        raise RuntimeError(f"'{verb}' is for people, not for the clock")
    with transaction.atomic():
        locked = locked_case(type(case), case.pk)
        act = Act(verb, None, None, at, legal_date(at), {})
        enter(locked, declared, act)
        check_conditions(locked, declared, act)
        amendment = Amendment(locked, act)
        with _amended(amendment):
            yield amendment
    finish(case, locked)


def follow(case: Case, action: str, *, of: Act, **inputs: object) -> Event:
    """Do a transition on another case as the consequence of an act, such as a new plan that supersedes the old one.

    The right is the act's own; state and conditions of the case are checked, except for those on the person.
    Raises Refused.
    """
    declared = declared_act(case.acts(), action)
    with transaction.atomic():
        locked = locked_case(type(case), case.pk)
        check_seen(locked, case.version)
        enter(locked, declared, consequence_of(of, action, inputs))
        event = do(locked, declared)
    finish(case, locked)
    return event


def do(locked: Case, declared: Declared) -> Event:
    """Check the conditions, run the effect, save, record, and let the consequences follow."""
    before, source = values(locked), str(locked.follow("state"))
    run(locked, declared)
    [event] = record([transition_entry(locked, save(locked, before))])
    act = locked.acting
    if str(locked.follow("state")) == source:
        _go_on(locked, event, act)
    else:
        announce([(locked, event)], act)
    if declared.then:
        locked.act = replace(act, event=event, read={})
        getattr(locked, declared.then)()
    return event


def announce(happenings: list[tuple[Case, Event]], act: Act) -> None:
    """Open what the new states expect, and say what happened; all cases are of one type."""
    opened = expectations.begin(happenings, act.on)
    happened.send(type(happenings[0][0]), happenings=happenings, opened=opened)


def _go_on(locked: Case, event: Event, act: Act, rested: int | None = None) -> None:
    """The same after an act that left the state as it was."""
    act.read.clear()  # What was read before may have been written since.
    opened = expectations.go_on(locked, event, act.on, rested=rested)
    happened.send(type(locked), happenings=[(locked, event)], opened=opened)


def _opened(case: C, verb: str, by: Actor, version: int | None, inputs: Inputs | None) -> Amendment[C]:
    declared = declared_act(case.verbs(), verb)
    locked = locked_case(type(case), case.pk)
    check_seen(locked, version, BY_VERSION)
    act = act_of(locked, verb, declared, by, clock.moment_of(locked), inputs or {})
    check_conditions(locked, declared, act)
    return Amendment(locked, act)


@contextmanager
def _amended(amendment: Amendment[C]) -> Iterator[None]:
    locked, act = amendment.case, amendment.act
    before = values(locked)
    yield  # What the caller reads is not cached, as the caller also writes.
    locked.act = act
    amendment.details["changes"] = recorded_changes(locked, save(locked, before))
    [event] = record([verb_entry(locked, act, amendment.details)])
    _go_on(locked, event, act, amendment.rested)
    for follow_up in amendment.then:
        follow_up(replace(act, event=event, read={}))
