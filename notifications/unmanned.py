"""Tells registrars that an act, or the end of a role, left a duty with nobody who can meet it.

Of acts they hear in the transaction in which it happens; of what ends by its date alone, from the worker.
"""

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime

from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from cases.ground.clock import database_now
from cases.registry.models import Membership, Organisation, User
from cases.registry.stranded import ended_by, left_by, left_since
from cases.registry.unmanned import roles_that_suffice, unmanned
from cases.registry.verbs.recording import Action, Step
from notifications.models import DUTIES_LEFT, NOBODY_CAN, Channel, Message, Status
from workflow.bulk import ColumnValues
from workflow.case import Case
from workflow.models import Event, Expectation
from workflow.roles import Role
from workflow.terms import legal_date

log = logging.getLogger(__name__)

OFFICE = ("role", "organisation_id", "carrier_id")
"""A role in an organisation, and the person who carries its tasks there, if it is one."""
Office = tuple[object, ...]
LEADS = ("ministry_id", "lead_id")
"""Whose registrars hear of a duty, see _registrars()."""


def offices_of(case_type: type[Case], duty: ColumnValues) -> set[Office]:
    """Whose holder can meet a duty, the row of an expectation: who owes it, and a helper who has the right."""
    role, organisation_id = duty["role"], duty["organisation_id"]
    able = roles_that_suffice(case_type, str(duty["action"]), str(role), str(duty["helper_role"]))
    return {(able_role, organisation_id, duty["assignee_id"] if able_role == role else None) for able_role in able}


def warn(alone: Iterable[ColumnValues]) -> None:
    """Once for each act that left duties with nobody, to the registrars of the ministry."""
    duties = {duty["opened_by_id"]: duty for duty in alone}
    _tell([(duty, {"event_id": event_id, "template": NOBODY_CAN}) for event_id, duty in duties.items()])


def warn_of_left(steps: Sequence[Step], events: Sequence[Event]) -> None:
    """The same where a role ends, or a person or an organisation is deactivated."""
    _tell_of_ends((_by_lead(_left(step)), event) for step, event in zip(steps, events, strict=True))


def warn_of_ended(at: datetime | None = None) -> int:
    """The same where a role has ended by its date, without an act; returns how many left something.

    It may run at any time, late, twice, or in several workers at once: of each end the registrars of each ministry hear
    once, unless none of those who heard is there any more. One that its act told of already is not told again.
    """
    day = legal_date(at or database_now())
    ended = ended_by(day)
    events = _last_events(ended)
    leads = _leads(ended, day)
    heard = Heard(events.values())
    untold = [
        (role, events[role.pk])
        for role in ended
        if role.pk in events and any(heard.lacks(events[role.pk], lead) for lead in leads.get(role.organisation_id, ()))
    ]
    left = ((_by_lead(left_since(role, day)), event) for role, event in untold)
    return _tell_of_ends(([duty for duty in duties if heard.lacks(event, duty)], event) for duties, event in left)


class Heard:
    """Who heard of these ends already: one query for all, and one for each lead that is asked about."""

    def __init__(self, events: Iterable[Event]) -> None:
        self.registrars: dict[Office, frozenset[int]] = {}
        self.people: dict[int, set[int]] = {}
        messages = Message.objects.filter(event__in=list(events), template=DUTIES_LEFT).order_by()
        for event_id, recipient_id in messages.values_list("event_id", "recipient_id"):
            self.people.setdefault(event_id, set()).add(recipient_id)

    def lacks(self, event: Event, duty: ColumnValues) -> bool:
        """Whether nobody who is a registrar for the duty has heard."""
        lead = tuple(duty[name] for name in LEADS)
        if lead not in self.registrars:
            self.registrars[lead] = frozenset(_registrars(duty))
        return self.registrars[lead].isdisjoint(self.people.get(event.pk, ()))


def what_ended(event: Event) -> Membership | User | Organisation:
    """What a message that duties are left leads to."""
    models: tuple[type[Membership | User | Organisation], ...] = (Membership, User, Organisation)
    [model] = [model for model in models if event.subject_type == model.TRAIL_TYPE]
    return model._base_manager.get(pk=event.subject_id)


def duty_of(message: Message) -> tuple[Expectation, Organisation]:
    """What the act left with nobody, and where; the first thing that it opened, if somebody can do all by now."""
    event = message.event
    opened = Expectation.objects.of(event.subject_type, event.subject_id).filter(opened_by=event).order_by("id")
    row = unmanned(opened).first() or opened[0]
    return row, Organisation.objects.get(pk=row.organisation_id)


def _last_events(roles: Iterable[Membership]) -> dict[int, Event]:
    """The last event of each role, by its id. One query."""
    trails = Event.objects.filter(subject_type=Membership.TRAIL_TYPE, subject_id__in=[role.pk for role in roles])
    last = trails.order_by("subject_id", "-position").distinct("subject_id")
    return {event.subject_id: event for event in last}


def _leads(roles: Iterable[Membership], day: date) -> dict[int, list[ColumnValues]]:
    """Who leads what is with nobody in the organisations of these roles, by organisation. One query."""
    owed = Expectation.objects.open().filter(organisation_id__in={role.organisation_id for role in roles})
    leads: dict[int, list[ColumnValues]] = {}
    for row in unmanned(owed, Membership.objects.in_force(day)).order_by().values("organisation_id", *LEADS).distinct():
        leads.setdefault(row["organisation_id"], []).append(row)
    return leads


def _left(step: Step) -> "QuerySet[Expectation]":
    """The duties that the step leaves with nobody: it deactivates, or has ended a role that had begun."""
    row = step.row
    if isinstance(row, Membership):
        is_ended, last_day = _ended(row, step)
        return left_by(row, last_day) if is_ended else Expectation.objects.none()
    if step.action in (Action.DEACTIVATE_PERSON, Action.DEACTIVATE_ORGANISATION):
        assert isinstance(row, (User, Organisation))
        return left_by(row)
    return Expectation.objects.none()


def _ended(row: Membership, step: Step) -> tuple[bool, date | None]:
    """Whether the role has ended earlier than it would have, and on which day; None: it does not count any more.

    Of one that has days left the worker tells once they are over, with what will have been opened until then.
    """
    if row.starts > legal_date() or step.action != Action.END_MEMBERSHIP:
        return False, None
    before, after = step.changes.get("ends", (None, None))
    is_earlier = isinstance(after, date) and (not isinstance(before, date) or after < before)
    has_ended = isinstance(after, date) and after < legal_date()
    return row.is_withdrawn or is_earlier and has_ended, None if row.is_withdrawn else row.ends


def _by_lead(left: "QuerySet[Expectation]") -> list[ColumnValues]:
    """One duty of each who leads some."""
    return list(left.order_by(*LEADS).distinct(*LEADS).values())


def _tell_of_ends(ends: Iterable[tuple[Sequence[ColumnValues], Event]]) -> int:
    """Of each end, which left these duties, to the registrars of who leads them. Returns how many left some."""
    by_lead = list(ends)
    _tell([(duty, {"event": event, "template": DUTIES_LEFT}) for duties, event in by_lead for duty in duties])
    return sum(bool(duties) for duties, _event in by_lead)


def _tell(left: Iterable[tuple[ColumnValues, Mapping[str, object]]]) -> None:
    messages = [message for duty, shared in left for message in _messages(duty, shared)]
    if messages:
        Message.objects.bulk_create(messages, ignore_conflicts=True)


def _messages(duty: ColumnValues, shared: Mapping[str, object]) -> Iterator[Message]:
    registrars = list(_registrars(duty))
    if not registrars:
        log.error("%s: nobody can do %s, and there is no registrar to be told.", duty["number"], duty["action"])
    for person_id in registrars:
        yield Message(**shared, recipient_id=person_id, channel=Channel.IN_APP, status=Status.SENT, sent_at=Now())
        yield Message(**shared, recipient_id=person_id, channel=Channel.EMAIL, status=Status.DUE, due_at=Now())


def _registrars(duty: ColumnValues) -> Iterable[int]:
    """Those of the departments of the ministry, and of the department that leads the case."""
    ministry_id = duty["ministry_id"]
    department = Q(organisation__parent=ministry_id) if ministry_id else Q(organisation=duty["lead_id"])
    held = Membership.objects.in_force().filter(department, role=Role.REGISTRAR)
    return held.order_by("person_id").values_list("person_id", flat=True).distinct()
