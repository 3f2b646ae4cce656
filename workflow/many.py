"""One act on many cases: the checks and results of `perform()`, in batches of a few statements."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import models, transaction

from workflow import bulk, clock, door
from workflow.acting import (
    Declared,
    Refused,
    act_of,
    check_conditions,
    check_seen,
    consequence_of,
    declared_act,
    enter,
    run,
)
from workflow.case import Act, Case
from workflow.declarations import Verb
from workflow.models import Event
from workflow.roles import Actor
from workflow.terms import legal_date
from workflow.trail.recording import Changes, changes, record, transition_entry, values


@dataclass
class Outcome:
    """What `perform_many()` did: the events, and the cases it could not act on with the reason."""

    events: list[Event] = field(default_factory=list)
    refused: list[tuple[Case, str]] = field(default_factory=list)


@dataclass(frozen=True)
class BulkAct:
    """What is done to each of many cases, at one moment."""

    action: str
    by: Actor
    at: datetime
    versions: Mapping[int, object]
    inputs: dict[str, object]


def perform_many(
    cases: "models.QuerySet[Case]",
    action: str,
    *,
    by: Actor,
    versions: Mapping[int, object] | None = None,
    batch: int = 500,
    **inputs: object,
) -> Outcome:
    """Do `action` on many cases of one type, in batches of one transaction each, with the checks of `perform()`.

    A case that refuses is left as it is and named in the outcome with the reason; the others are done. `versions`, by
    the cases' ids, are what the person saw of each: the version, or the column that the act rests on. Raises Refused
    when there is no such action.
    """
    declared_act(cases.model.acts(), action)
    outcome = Outcome()
    act = BulkAct(action, by, clock.database_now(), versions or {}, inputs)
    ids = list(cases.order_by("pk").values_list("pk", flat=True))
    for first in range(0, len(ids), batch):
        with transaction.atomic():
            _perform_batch(cases.model, ids[first : first + batch], act, outcome)
    return outcome


def follow_many(cases: "models.QuerySet[Case]", action: str, *, of: Act, **inputs: object) -> list[Event]:
    """Do a transition on many cases of one type as the consequence of an act, as `follow()` does it on one.

    All of them or none, in a few statements. Raises Refused.
    """
    declared, outcome = declared_act(cases.model.acts(), action), Outcome()
    with transaction.atomic():
        locked = list(cases.order_by("pk").select_for_update(of=("self",)))
        for case in locked:
            enter(case, declared, consequence_of(of, action, inputs))
        _do_together(cases.model, locked, declared, outcome)
        for case, sentence in outcome.refused:
            raise Refused(f"{case}: {sentence}")
    return outcome.events


def _perform_batch(model: type[Case], ids: list[int], act: BulkAct, outcome: Outcome) -> None:
    declared: Declared = declared_act(model.acts(), act.action)
    rows = model._base_manager.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk")
    locked: list[Case] = list(rows.prefetch_related(*model.TOGETHER))
    ready = _ready(locked, declared, act, outcome)
    model.prepare_many(act.action, ready, legal_date(act.at))
    if declared.then or isinstance(declared, Verb):
        _do_each(ready, declared, outcome)
    else:
        _do_together(model, ready, declared, outcome)


def _do_each(ready: Sequence[Case], declared: Declared, outcome: Outcome) -> None:
    """One by one, as each changes other cases as well; what is refused is undone alone."""
    for case in ready:
        try:
            with transaction.atomic():
                outcome.events.append(door.do(case, declared))
        except Refused as refused:
            _leave(case, refused, outcome)


def _do_together(model: type[Case], ready: Sequence[Case], declared: Declared, outcome: Outcome) -> None:
    done: list[Case] = []
    changed: list[Changes] = []
    for case in ready:
        before = values(case)
        try:
            run(case, declared)
        except Refused as refused:
            _leave(case, refused, outcome)
            continue
        case.version += 1
        done.append(case)
        changed.append(changes(case, before))
    if done:
        bulk.update(done, {"version"}.union(*changed))
        events = record(transition_entry(case, columns) for case, columns in zip(done, changed, strict=True))
        door.announce(list(zip(done, events, strict=True)), done[0].acting)
        outcome.events += events


def _ready(cases: Sequence[Case], declared: Declared, act: BulkAct, outcome: Outcome) -> list[Case]:
    """Cases that may be acted on. Nothing (such as a number) is reserved for the ones that refuse."""
    ready = []
    for case in cases:
        try:
            own = act_of(case, act.action, declared, act.by, act.at, act.inputs)
            enter(case, declared, own)
            check_seen(case, act.versions.get(case.pk), declared.rests_on)
            check_conditions(case, declared, own)
        except Refused as refused:
            _leave(case, refused, outcome)
        else:
            ready.append(case)
    return ready


def _leave(case: Case, refused: Refused, outcome: Outcome) -> None:
    case.act = None
    outcome.refused.append((case, refused.sentence))
