"""The only code that changes a state: one transaction of right, change, trail, expectations and announcement."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any, TypeVar

from django.db import models, transaction
from django.dispatch import Signal
from django.utils import timezone
from django.utils.translation import gettext as _
from django_fsm import TransitionNotAllowed

from workflow import bulk, expectations
from workflow.case import Act, Case, Step, Verb
from workflow.may import out_of_place, unmet, verb_objection
from workflow.models import Event
from workflow.roles import Actor, Standing
from workflow.terms import legal_date
from workflow.trail.recording import Changes, Entry, changes, record, step_entry, told, values, verb_entry

C = TypeVar("C", bound=Case)
T = TypeVar("T")

happened = Signal()
"""Sent in the transaction with `happenings`, a list of (case, event) of one case type; receivers only write rows."""


class Refused(Exception):
    """The act is not possible; `sentence` says why, in the person's language. Nothing was changed.

    `about` is the input that is wrong, where it is a single one.
    """

    def __init__(self, sentence: str, *, about: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.about = about


class Stale(Refused):
    """Somebody changed the case after the person had opened it."""


@dataclass
class Outcome:
    """What `perform_many()` did: the events, and the cases it could not act on with the reason."""

    events: list[Event] = field(default_factory=list)
    refused: list[tuple[Case, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Many:
    """One act on many cases: what is done to each of them."""

    action: str
    by: Actor
    versions: Mapping[int, int]
    inputs: dict[str, Any]


def perform(case: Case, action: str, *, by: Actor, version: int | None = None, **inputs: Any) -> Event:
    """Do `action` on the case as it stands in the database; `version` is what the person saw (default: this object's).

    Raises Refused (Stale when somebody was faster); then nothing has changed. `case` is brought up to date.
    """
    seen = case.version if version is None else version
    with transaction.atomic():
        locked = _locked(type(case), case.pk, seen)
        before = values(locked)
        step = _approach(locked, action, by, inputs)
        _run(locked, step)
        [event] = record([step_entry(locked, step, _save(locked, before))])
        expectations.renew([(locked, event)])
        happened.send(type(locked), happenings=[(locked, event)])
    _bring_up_to_date(case, locked)
    return event


def perform_many(
    cases: "models.QuerySet[Any]",
    action: str,
    *,
    by: Actor,
    versions: Mapping[int, int] | None = None,
    batch: int = 500,
    **inputs: Any,
) -> Outcome:
    """Do `action` on many cases of one type, in batches of one transaction each, with the checks of `perform()`.

    A case that refuses is left as it is and named in the outcome with the reason; the others are done. `versions`, by
    the cases' ids, are those that the person saw.
    """
    outcome = Outcome()
    many = Many(action, by, versions or {}, inputs)
    ids = list(cases.order_by("pk").values_list("pk", flat=True))
    for first in range(0, len(ids), batch):
        with transaction.atomic():
            _perform_batch(cases.model, ids[first : first + batch], many, outcome)
    return outcome


def begin(case: C, *, by: Actor, details: dict[str, Any] | None = None) -> C:
    """Store a new case in its initial state, with its first event and expectation. Raises Refused."""
    standing = _may(case, case.CREATE, by)
    with transaction.atomic():
        case.version = 1
        case.save(force_insert=True)
        [event] = record([verb_entry(case, "create", by, standing, details or {})])
        expectations.renew([(case, event)])
        happened.send(type(case), happenings=[(case, event)])
    return case


@dataclass
class Amendment:
    """A verb under way: the locked case, the right it is done under, and the details that its event will keep."""

    case: Any
    standing: Standing
    details: dict[str, Any] = field(default_factory=dict)
    event: Event | None = None


@contextmanager
def amend(case: Case, verb: str, *, by: Actor, version: int | None = None) -> Iterator[Amendment]:
    """Change a case without moving its state: lock, check the verb's rule, let the caller write, then save and record.

    The version counts up, so that whoever decides on the older contents is told. `version` is the one the person saw,
    or None for a verb that only adds. Raises Refused.
    """
    with transaction.atomic():
        locked = _locked(type(case), case.pk, version)
        with _amended(locked, verb, by, _may(locked, _declared(locked.VERBS, verb), by)) as amendment:
            yield amendment
        happened.send(type(locked), happenings=[(locked, amendment.event)])
    _bring_up_to_date(case, locked)


@contextmanager
def consequence(case: Case, verb: str, *, of: Act) -> Iterator[Amendment]:
    """Change a case as the consequence of an act on another one, such as a granted extension; terms begin anew.

    Raises Stale when the case is no longer the one that the act's conditions looked at.
    """
    with transaction.atomic():
        locked = _locked(type(case), case.pk, case.version)
        with _amended(locked, verb, of.by, of.standing) as amendment:
            yield amendment
        if amendment.event is not None:
            expectations.renew([(locked, amendment.event)])
            happened.send(type(locked), happenings=[(locked, amendment.event)])


@contextmanager
def _amended(locked: Case, verb: str, by: Actor, standing: Standing) -> Iterator[Amendment]:
    amendment = Amendment(locked, standing)
    before = values(locked)
    yield amendment
    amendment.details["changes"] = told(locked, _save(locked, before))
    [amendment.event] = record([verb_entry(locked, verb, by, standing, amendment.details)])


@contextmanager
def remark(case: Case, verb: str, *, by: Actor) -> Iterator[Amendment]:
    """Add to a case what no decision rests on, such as a comment: recorded, but the version stays. Raises Refused."""
    with transaction.atomic():
        # The event tells the state it was written in, so the state is read under the lock, not from the page.
        locked = _locked(type(case), case.pk)
        amendment = Amendment(locked, _may(locked, _declared(locked.VERBS, verb), by))
        yield amendment
        [amendment.event] = record([verb_entry(locked, verb, by, amendment.standing, amendment.details)])
        happened.send(type(locked), happenings=[(locked, amendment.event)])


def _perform_batch(model: Any, ids: list[int], many: Many, outcome: Outcome) -> None:
    rows = model._base_manager.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk")
    locked: list[Any] = list(rows.prefetch_related(*model.TOGETHER))
    ready = _ready(locked, many, outcome)
    model.prepare_many(many.action, [case for case, _step in ready], legal_date())
    done: list[Case] = []
    entries: list[Entry] = []
    columns = {"version"}
    for case, step in ready:
        before = values(case)
        try:
            _run(case, step)
        except Refused as refused:
            _leave(case, refused, outcome)
            continue
        case.version += 1
        changed = changes(case, before)
        columns |= changed.keys()
        done.append(case)
        entries.append(step_entry(case, step, changed))
    if done:
        bulk.update(done, columns)
        happenings = list(zip(done, record(entries), strict=True))
        expectations.renew(happenings)
        happened.send(model, happenings=happenings)
        outcome.events += [event for _case, event in happenings]


def _ready(cases: Sequence[Case], many: Many, outcome: Outcome) -> list[tuple[Case, Step]]:
    """The cases that may be acted on; for those that refuse nothing is taken, such as a number."""
    ready = []
    for case in cases:
        try:
            step = _approach(case, many.action, many.by, many.inputs)
            _check_version(case, many.versions.get(case.pk))
            if objection := unmet(case, step.conditions):
                raise Refused(objection)
        except Refused as refused:
            _leave(case, refused, outcome)
        else:
            ready.append((case, step))
    return ready


def _leave(case: Case, refused: Refused, outcome: Outcome) -> None:
    case.act = None
    outcome.refused.append((case, refused.sentence))


def _locked(model: type[C], pk: int, seen: int | None = None) -> C:
    found: list[C] = list(model._base_manager.raw(_lock(model), [pk]))
    if not found:
        raise model.DoesNotExist(pk)
    _check_version(found[0], seen)
    return found[0]


@cache
def _lock(model: type[Case]) -> str:
    """Kept, as every act begins with it and to make it takes as long as to run it."""
    row: Any = model._base_manager.select_for_update(of=("self",)).order_by().filter(pk=0)
    sql: str = row.query.sql_with_params()[0]
    return sql


def _check_version(case: Case, seen: int | None) -> None:
    if seen is not None and case.version != seen:
        raise Stale(_("This case changed after you opened it. Look at what changed and decide again."))


def _bring_up_to_date(case: Case, locked: Case) -> None:
    """What was read before, such as prefetched rows, may be outdated, and the act is over."""
    locked.act = None
    case.__dict__.clear()
    case.__dict__.update(locked.__dict__)


def _approach(case: Case, action: str, by: Actor, inputs: dict[str, Any]) -> Step:
    """Check right and state; then the act is under way, for the conditions and the effect to look at."""
    step = _declared(case.steps(), action)
    objection = out_of_place(case, by, step.permission.roles, step.sources)
    standing = case.standing(by, step.permission.roles)
    if objection or standing is None:
        raise Refused(objection)
    step.takes.bind(case, **inputs)
    now = timezone.now()
    case.onlooker = by
    case.act = Act(action, by, standing, now, legal_date(now), inputs)
    return step


def _run(case: Case, step: Step) -> None:
    """Check the conditions and run the transition's effect on the (unsaved) case."""
    try:
        getattr(case, step.action)(**case.acting.inputs)
    except TransitionNotAllowed as refusal:
        raise Refused(unmet(case, step.conditions)) from refusal


def _may(case: Case, verb: Verb, by: Actor) -> Standing:
    objection = verb_objection(case, verb, by)
    standing = case.standing(by, verb.roles.roles)
    if objection or standing is None:
        raise Refused(objection)
    return standing


def _declared(found: Mapping[str, T], name: str) -> T:
    if name not in found:
        raise Refused(_("There is no such action."))
    return found[name]


def _save(case: Case, before: dict[str, Any]) -> Changes:
    changed = changes(case, before)
    case.version += 1
    bulk.update([case], [*changed, "version"])
    return changed
