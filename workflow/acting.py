"""The steps that every act consists of: lock, compare, check the right, check the conditions, run the effect, save."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import TypeVar

from django.dispatch import Signal
from django.utils.translation import gettext as _
from django_fsm import TransitionNotAllowed

from workflow import bulk
from workflow.case import Act, Case
from workflow.clock import Moment
from workflow.conditions import Inputs, first_unmet
from workflow.declarations import BY_VERSION, Transition, Verb
from workflow.may import out_of_place, wrong_state
from workflow.roles import Actor
from workflow.terms import legal_date
from workflow.trail.recording import Changes, changes

C = TypeVar("C", bound=Case)
T = TypeVar("T")
Declared = Transition | Verb

happened = Signal()
"""Sent in the transaction with `happenings`, a list of (case, event) of one case type, and `opened`, the rows of the
expectations that they opened; receivers only write rows."""


class Refused(Exception):
    """The act is not possible; `sentence` says why, in the person's language. Nothing was changed.

    `about` is the input that is wrong, where it is a single one.
    """

    def __init__(self, sentence: str, *, about: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.about = about


class Stale(Refused):
    """Somebody changed what the decision rests on after the person had opened it."""


def declared_act(declared: Mapping[str, T], name: str) -> T:
    if name not in declared:
        raise Refused(_("There is no such action."))
    return declared[name]


def locked_case(model: type[C], pk: int) -> C:
    """The row as the database has it now, locked until the transaction ends."""
    rows: list[C] = list(model._base_manager.raw(_lock(model), [pk]))
    if not rows:
        raise model.DoesNotExist(pk)
    rows[0].reads = None
    return rows[0]


@cache
def _lock(model: type[Case]) -> str:
    """Cached: compiling this query costs as much as running it, and every act starts with it."""
    rows = model._base_manager.annotate(locked_at=Moment())
    row = rows.select_for_update(of=("self",)).order_by().filter(pk=0)
    sql: str = row.query.sql_with_params()[0]
    return sql


def check_seen(case: Case, seen: object, rests_on: str = BY_VERSION) -> None:
    """Compare the column that the decision rests on with what the person saw; None: they need not have seen it."""
    if seen is not None and str(case.follow(rests_on)) != str(seen):
        raise Stale(_("This case changed after you opened it. Look at what changed and decide again."))


def act_of(case: Case, action: str, declared: Declared, by: Actor, at: datetime, inputs: Inputs) -> Act:
    """The act under the person's right on the case. Raises Refused when they have none, or in another state."""
    standing = case.standing(by, declared.permission.roles)
    if standing is None or wrong_state(case, declared):
        raise Refused(out_of_place(case, declared, by))
    return Act(action, by, standing, at, legal_date(at), inputs)


def consequence_of(act: Act, action: str, inputs: Inputs) -> Act:
    """An act that follows from another one: by the same person, under the same right, at the same moment."""
    if act.event is None:
        raise RuntimeError("consequences follow from a method named in `then`, after the act's own event")
    return replace(act, action=action, inputs=inputs, because=act.event, event=None, read={}, kept={})


def enter(case: Case, declared: Declared, act: Act) -> None:
    """The act is under way, for conditions and effect to use. Inputs that the effect does not take are a TypeError."""
    if sentence := wrong_state(case, declared):
        raise Refused(sentence)
    if declared.takes is not None:
        declared.takes.bind(case, **act.inputs)
    case.act = act


def check_conditions(case: Case, declared: Declared, act: Act) -> None:
    """The conditions are judged at the moment of the act, also where it is not under way yet."""
    under_way, case.act = case.act, act
    try:
        if failed := first_unmet(declared.conditions, case, act.by, act.inputs):
            raise Refused(failed.says(case), about=failed.about)
    finally:
        case.act = under_way


def run(case: Case, declared: Declared) -> None:
    """Check the conditions and run the effect on the (unsaved) case."""
    act = case.acting
    if isinstance(declared, Verb):
        check_conditions(case, declared, act)
    try:
        getattr(case, act.action)(**act.inputs)
    except TransitionNotAllowed:
        check_conditions(case, declared, act)
        raise


def save(case: Case, before: dict[str, object]) -> Changes:
    """Write the columns that changed, and count the version up."""
    changed = changes(case, before)
    case.version += 1
    bulk.update([case], [*changed, "version"])
    return changed


def finish(case: Case, locked: Case) -> None:
    """Drop stale prefetched rows and end the act."""
    locked.act = None
    case.__dict__.clear()
    case.__dict__.update(locked.__dict__)
