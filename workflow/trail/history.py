"""The history of a case, as its page shows it: every step with who, when, and what was put in or changed."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from workflow.case import Case, case_types
from workflow.may import action_label
from workflow.models import Event
from workflow.roles import Actor, Role
from workflow.trail.readable import Detail, is_erased, readable


@dataclass(frozen=True)
class HistoryLine:
    """One event, readable. `source` and `target` are state labels; both empty when the state stayed."""

    event_id: int
    number: str
    at: datetime
    actor: str
    role: str
    organisation_id: int | None
    action: str
    label: str
    source: str
    target: str
    is_internal: bool
    is_erased: bool
    details: Sequence[Detail]


def history(case: Case, also: Sequence[Case] = (), *, reader: Actor) -> list[HistoryLine]:
    """What happened to the case and to `also` (such as its extension requests), oldest first, as `reader` may know it.

    A reader who does not see a case from its first state (an institution) does not see what was done in states they may
    not view, nor internal remarks. Runs a constant number of queries: one, and one per model that changes refer to.
    """
    types = {subject.CASE_TYPE: type(subject) for subject in [case, *also]}
    is_inside = case.is_inside(reader)
    roles = frozenset() if is_inside else _roles_of(case, reader)
    events = [
        event
        for event in _events([case, *also])
        if is_inside or _is_open(types[event.subject_type], event, case, roles)
    ]
    details = readable(events)
    return [_line(types[event.subject_type], event, details[event.pk]) for event in events]


def _events(cases: Iterable[Case]) -> Iterable[Event]:
    subjects: dict[str, list[int]] = {}
    for case in cases:
        subjects.setdefault(case.CASE_TYPE, []).append(case.pk)
    chosen = Q()
    for subject_type, ids in subjects.items():
        chosen |= Q(subject_type=subject_type, subject_id__in=ids)
    return Event.objects.filter(chosen).select_related("actor", "details").order_by("id")


def _roles_of(case: Case, reader: Actor) -> frozenset[str]:
    """The roles in which the reader may see the case; none for one who was given access by name alone."""
    return frozenset(role for role in case.RELATIONS if case.standing(reader, [role]) is not None)


def _is_open(model: type[Case], event: Event, case: Case, roles: Collection[str]) -> bool:
    """Whether readers of these roles, who cannot see drafts, may see this event."""
    viewers = set(model.ACCESS[event.target].roles) if event.target in model.ACCESS else set()
    seen = viewers & set(roles) if roles else viewers - set(case.ACCESS[case.INITIAL].roles)
    return bool(seen) and not is_internal(model, event.action)


def is_internal(model: type[Case], action: str) -> bool:
    """Whether the act is hidden from readers who do not see a case from its beginning, such as an institution."""
    verb = model.verbs().get(action)
    return verb is not None and verb.internal


def actor_name(event: Event) -> str:
    if event.actor:
        return str(event.actor)
    return _("Baikoo (a date has come)") if event.subject_type in case_types() else _("without signing in")


def _line(model: type[Case], event: Event, details: list[Detail]) -> HistoryLine:
    moved = event.source != event.target
    silent = (*model.SILENT, "state")
    return HistoryLine(
        event_id=event.pk,
        number=event.number,
        at=event.at,
        actor=actor_name(event),
        role=role_label(event.role),
        organisation_id=event.organisation_id,
        action=event.action,
        label=action_label(model, event.action),
        source=state_name(model, event.source) if moved else "",
        target=state_name(model, event.target) if moved else "",
        is_internal=is_internal(model, event.action),
        is_erased=is_erased(event),
        details=[detail for detail in details if detail.name not in silent],
    )


def role_label(role: str) -> str:
    return str(dict(Role.choices).get(role, role))


def state_name(model: type[Case], state: str) -> str:
    return str(dict(model.STATES.choices).get(state, state))
