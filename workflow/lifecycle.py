"""The only code that changes a state: one transaction of right, change, trail, expectations and announcement."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from inspect import signature
from typing import Any, TypeVar

from django.db import models, transaction
from django.dispatch import Signal
from django.utils import timezone
from django.utils.translation import gettext as _
from django_fsm import TransitionNotAllowed

from workflow import expectations
from workflow.calendar import legal_date
from workflow.case import Act, Case, Step, Verb
from workflow.models import Event
from workflow.roles import Actor, Role, Standing
from workflow.trail import Entry, record

C = TypeVar("C", bound=Case)
Changes = dict[str, tuple[Any, Any]]

happened = Signal()
"""Sent inside the transaction with `happenings`, a list of (case, event) of one case type; receivers only write rows."""


class Refused(Exception):  # noqa: N818 - it is an answer, not a fault
    """The act is not possible; `sentence` says why, in the person's language. Nothing was changed."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Stale(Refused):
    """Somebody changed the case after the person had opened it."""


@dataclass(frozen=True)
class Option:
    """An action of the reader's roles in the present state; `blocked` is the reason why it cannot be done yet."""

    action: str
    label: str
    danger: bool
    blocked: str = ""


@dataclass
class Outcome:
    """What `perform_many()` did: the events, and the cases it could not act on with the reason."""

    events: list[Event] = field(default_factory=list)
    refused: list[tuple[Case, str]] = field(default_factory=list)


def perform(case: Case, action: str, *, by: Actor, version: int | None = None, **inputs: Any) -> Event:
    """Do `action` on the case as it stands in the database; `version` is the one the person saw (default: this object's).

    Raises Refused (Stale when somebody was faster); then nothing has changed. `case` is brought up to date.
    """
    seen = case.version if version is None else version
    with transaction.atomic():
        locked = _locked(type(case), case.pk, seen)
        before = _values(locked)
        step = _step(locked, action)
        _act(locked, step, by, inputs)
        changes = _save(locked, before)
        [event] = record([_entry(locked, step, changes)])
        expectations.renew([(locked, event)])
        happened.send(type(locked), happenings=[(locked, event)])
    case.__dict__.update(locked.__dict__)
    return event


def perform_many(cases: "models.QuerySet[Any]", action: str, *, by: Actor, batch: int = 500, **inputs: Any) -> Outcome:
    """Do `action` on many cases of one type, in batches of one transaction each, with the checks of `perform()`.

    A case that refuses is left as it is and named in the outcome with the reason; the others are done.
    """
    outcome = Outcome()
    ids = list(cases.order_by("pk").values_list("pk", flat=True))
    for first in range(0, len(ids), batch):
        with transaction.atomic():
            _perform_batch(cases.model, ids[first : first + batch], action, by, inputs, outcome)
    return outcome


def begin(case: C, *, by: Actor, details: dict[str, Any] | None = None) -> C:
    """Store a new case in its initial state, with its first event and expectation. Raises Refused."""
    standing = _may(case, case.CREATE, by)
    with transaction.atomic():
        case.version = 1
        case.save(force_insert=True)
        [event] = record([_verb_entry(case, "create", by, standing, details or {})])
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
        with _amended(locked, verb, by, _may(locked, _verb(locked, verb), by)) as amendment:
            yield amendment
    case.__dict__.update(locked.__dict__)


@contextmanager
def consequence(case: Case, verb: str, *, of: Act) -> Iterator[Amendment]:
    """Change a case as the consequence of an act on another one, such as a granted extension; terms begin anew."""
    locked = type(case)._base_manager.select_for_update(of=("self",)).get(pk=case.pk)
    with _amended(locked, verb, of.by, of.standing) as amendment:
        yield amendment
    if amendment.event is not None:
        expectations.renew([(locked, amendment.event)])


@contextmanager
def _amended(locked: Case, verb: str, by: Actor, standing: Standing) -> Iterator[Amendment]:
    amendment = Amendment(locked, standing)
    before = _values(locked)
    yield amendment
    amendment.details["changes"] = _save(locked, before)
    [amendment.event] = record([_verb_entry(locked, verb, by, standing, amendment.details)])
    happened.send(type(locked), happenings=[(locked, amendment.event)])


@contextmanager
def remark(case: Case, verb: str, *, by: Actor) -> Iterator[Amendment]:
    """Add to a case what no decision rests on, such as a comment: recorded, but the version stays. Raises Refused."""
    with transaction.atomic():
        amendment = Amendment(case, _may(case, _verb(case, verb), by))
        yield amendment
        [amendment.event] = record([_verb_entry(case, verb, by, amendment.standing, amendment.details)])
        happened.send(type(case), happenings=[(case, amendment.event)])


def options(case: Case, user: Actor) -> list[Option]:
    """The actions of the reader's roles in the present state, blocked ones with the reason."""
    case.onlooker = user
    mine = [step for step in case.steps().values() if _state(case) in step.sources and step.permission(case, user)]
    return [Option(step.action, action_label(case, step.action), step.danger, _objection(case, step)) for step in mine]


def can(case: Case, user: Actor) -> dict[str, bool]:
    """verb -> whether `user` may do it now; templates ask this, never a role."""
    case.onlooker = user
    return {name: not _verb_objection(case, verb, user) for name, verb in case.VERBS.items()}


def action_label(case: Case | type[Case], action: str) -> str:
    """The name of an action or verb, in the person's language."""
    return str(dict(case.ACTIONS.choices).get(action, action))


def _perform_batch(
    model: Any, ids: list[int], action: str, by: Actor, inputs: dict[str, Any], outcome: Outcome
) -> None:
    rows = model._base_manager.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk")
    locked: list[Any] = list(rows.prefetch_related(*model.TOGETHER))
    model.prepare_many(action, locked, legal_date())
    done: list[Case] = []
    entries: list[Entry] = []
    changed: set[str] = set()
    for case in locked:
        before = _values(case)
        try:
            step = _step(case, action)
            _act(case, step, by, inputs)
        except Refused as refused:
            outcome.refused.append((case, refused.sentence))
            continue
        case.version += 1
        changes = _changes(case, before)
        changed |= changes.keys()
        done.append(case)
        entries.append(_entry(case, step, changes))
    if done:
        model._base_manager.bulk_update(done, sorted(changed | {"version"}))
        _announce_many(done, record(entries), outcome)


def _announce_many(done: Sequence[Case], events: list[Event], outcome: Outcome) -> None:
    happenings = list(zip(done, events, strict=True))
    expectations.renew(happenings)
    happened.send(type(done[0]), happenings=happenings)
    outcome.events += events


def _locked(model: type[C], pk: int, seen: int | None) -> C:
    rows: Any = model._base_manager.select_for_update(of=("self",))
    case: C = rows.get(pk=pk)
    if seen is not None and case.version != seen:
        raise Stale(_("Somebody changed this case after you opened it. Look at what changed and decide again."))
    return case


def _act(case: Case, step: Step, by: Actor, inputs: dict[str, Any]) -> None:
    """Check right, state and conditions, then run the transition's effect on the (unsaved) case."""
    standing = case.standing(by, step.permission.roles)
    if standing is None:
        raise Refused(_("You may not do this: it is for %(roles)s.") % {"roles": role_names(step.permission.roles)})
    if _state(case) not in step.sources:
        raise Refused(
            _("This is not possible now: the case is in the state “%(state)s”.") % {"state": state_label(case)}
        )
    now = timezone.now()
    case.onlooker = by
    case.act = Act(step.action, by, standing, now, legal_date(now), inputs)
    method = getattr(case, step.action)
    signature(method).bind(**inputs)
    try:
        method(**inputs)
    except TransitionNotAllowed as refusal:
        raise Refused(_objection(case, step)) from refusal


def _objection(case: Case, step: Step) -> str:
    return next((condition.says(case) for condition in step.conditions if not condition(case)), "")


def _may(case: Case, verb: Verb, by: Actor) -> Standing:
    objection = _verb_objection(case, verb, by)
    standing = case.standing(by, verb.roles.roles)
    if objection or standing is None:
        raise Refused(objection)
    return standing


def _verb_objection(case: Case, verb: Verb, user: Actor) -> str:
    case.onlooker = user
    if case.standing(user, verb.roles.roles) is None:
        return _("You may not do this: it is for %(roles)s.") % {"roles": role_names(verb.roles.roles)}
    if _state(case) not in verb.states:
        return _("This is not possible now: the case is in the state “%(state)s”.") % {"state": state_label(case)}
    return next((condition.says(case) for condition in verb.conditions if not condition(case)), "")


def _step(case: Case, action: str) -> Step:
    steps = case.steps()
    if action not in steps:
        raise Refused(_("There is no such action."))
    return steps[action]


def _verb(case: Case, verb: str) -> Verb:
    if verb not in case.VERBS:
        raise Refused(_("There is no such action."))
    return case.VERBS[verb]


def _state(case: Case) -> str:
    return str(case.follow("state"))


def state_label(case: Case) -> str:
    return str(case.STATES(_state(case)).label)


def role_names(roles: Sequence[str]) -> str:
    return ", ".join(str(Role(role).label) for role in roles)


def _values(case: Case) -> dict[str, Any]:
    return {name: case.__dict__[name] for name in _columns(type(case)) if name in case.__dict__}


def _columns(model: type[Case]) -> list[str]:
    return [one.attname for one in model._meta.concrete_fields if not one.generated]


def _changes(case: Case, before: dict[str, Any]) -> Changes:
    now = _values(case)
    return {name: (before[name], now[name]) for name in before if name != "version" and before[name] != now[name]}


def _save(case: Case, before: dict[str, Any]) -> Changes:
    changes = _changes(case, before)
    case.version += 1
    case.save(update_fields=[*changes, "version"])
    return changes


def _entry(case: Case, step: Step, changes: Changes) -> Entry:
    act = case.act
    if act is None:
        raise RuntimeError("an entry is made of the act under way")
    source = str(changes["state"][0]) if "state" in changes else _state(case)
    told = {name: pair for name, pair in changes.items() if name != "state" and name not in case.SILENT}
    details = {"inputs": act.inputs, "changes": told}
    return Entry(
        case.CASE_TYPE, case.pk, case.number, step.action, act.by, act.standing, source, _state(case), case.version,
        details,
    )  # fmt: skip


def _verb_entry(case: Case, verb: str, by: Actor, standing: Standing, details: dict[str, Any]) -> Entry:
    state = _state(case)
    return Entry(case.CASE_TYPE, case.pk, case.number, verb, by, standing, state, state, case.version, details)
