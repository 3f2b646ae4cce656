"""The rounds of a case as its pages show them: who was asked, until when, what they answered, what a reader may do."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.text import capfirst
from django.views.decorators.http import require_safe

from cases.desk.access import get_decided_case
from cases.desk.asked import rule_of_seats, steps_to_come
from cases.desk.kinds import SignedPaper, kind_of, kinds
from cases.registry.models import Organisation, User
from cases.registry.requests import SignedInRequest
from workflow.may import action_label, role_names
from workflow.models import Event, Expectation
from workflow.rounds.decided import DecidedInRounds
from workflow.rounds.models import Round, RoundTask, Seat
from workflow.rounds.seats import ALLOWED, HAND_OVER
from workflow.terms import legal_date
from workflow.trail.readable import Detail, readable


@dataclass(frozen=True)
class SeatAct:
    """What the reader may do with a seat."""

    label: str
    url: str


@dataclass(frozen=True)
class SheetRow:
    """One seat of a route sheet. `reading` has taken it; `is_asked` says that its answer is awaited.

    `asked_on` and `due` are the term of its answer; None until it is asked.
    """

    seat: Seat
    office: str
    named: str
    answered_by: str
    reading: str
    is_asked: bool
    asked_on: date | None
    due: date | None
    acts: Sequence[SeatAct]

    @property
    def who(self) -> str:
        return f"{self.named} ({self.office})" if self.named else self.office

    @property
    def answered_at(self) -> datetime | None:
        return self.seat.answered_at


@dataclass(frozen=True)
class SheetStep:
    """Seats that are asked at once, and when that is settled, in words."""

    number: int
    rule: str
    rows: Sequence[SheetRow]


@dataclass(frozen=True)
class RouteSheet:
    """One round: its steps in their order, and what came back signed."""

    round: Round
    steps: Sequence[SheetStep]
    signed: Sequence[SignedPaper]


@dataclass(frozen=True)
class HandedOver:
    """A seat that a person handed over to another: to whom and why is in the details."""

    event: Event
    details: Sequence[Detail]


def route_sheets(case: DecidedInRounds, reader: User) -> Mapping[str, object]:
    """Of every round of the case, the newest first; of none for those who see no drafts. A constant number of queries.

    What is said in a round is for those who prepare and decide.
    """
    if not case.is_inside(reader):
        return {"sheets": []}
    return {**Sheets(case, reader).context(), "asked": steps_to_come(case)}


@require_safe
def route(request: SignedInRequest, kind: str, number: str) -> HttpResponse:
    """The route sheet of every round, to be printed."""
    case = get_decided_case(request.user, kinds()[kind], number)
    context = {
        "case": case,
        "what": capfirst(str(case._meta.verbose_name)),
        "facts": facts(case) if (facts := kind_of(case).facts) else (),
        **Sheets(case, request.user).context(),
        "handed_over": list(_handed_over(case)),
        "today": legal_date(),
    }
    return render(request, "desk/route.html", context)


class Sheets:
    """What the route sheets of one case are made of, each kind of row read once."""

    def __init__(self, case: DecidedInRounds, reader: User) -> None:
        self.case, self.reader, self.kind = case, reader, kind_of(case)
        self.rounds = list(Round.objects.of(case.CASE_TYPE, case.pk).order_by("-place").prefetch_related("seats"))
        self.waiting = {task.seat_id: task for task in case.tasks_waiting()}
        asked = [seat for voting in self.rounds for seat in voting.seats.all()]
        self.organisations = Organisation.objects.in_bulk({seat.organisation_id for seat in asked})
        people = {pk for seat in asked for pk in (seat.named_id, seat.answered_by_id) if pk}
        self.people = User.objects.get_queryset().in_bulk(people)
        owed = Expectation.objects.of(case.CASE_TYPE, case.pk).filter(key__startswith="seat:").order_by("id")
        self.signed = self.kind.signed(case) if self.kind.signed and self.rounds else {}
        self.terms = {key: (start, due) for key, start, due in owed.values_list("key", "start", "due")}

    def context(self) -> dict[str, object]:
        """What templates/desk/rounds.html and route.html take."""
        return {
            "sheets": [self._sheet(voting) for voting in self.rounds],
            "is_changed": self.case.differs_from(next(iter(self.rounds), None)),
        }

    def _sheet(self, voting: Round) -> RouteSheet:
        steps = [
            SheetStep(number, rule_of_seats(seats), [self._row(seat) for seat in seats])
            for number, seats in voting.steps().items()
        ]
        return RouteSheet(voting, steps, self.signed.get(voting.place, ()))

    def _row(self, seat: Seat) -> SheetRow:
        task = self.waiting.get(seat.pk)
        asked_on, due = self.terms.get(seat.key, (None, None))
        return SheetRow(
            seat,
            self._office(seat),
            self._name(seat.named_id),
            self._name(seat.answered_by_id),
            str(task.owner) if task and task.owner_id != seat.named_id and task.owner else "",
            task is not None,
            asked_on,
            due,
            list(self._acts(task)) if task else (),
        )

    def _office(self, seat: Seat) -> str:
        organisation = self.organisations.get(seat.organisation_id)
        role = role_names([seat.role])
        return f"{role}, {organisation.short_name or organisation}" if organisation else role

    def _name(self, pk: int | None) -> str:
        return str(self.people[pk]) if pk else ""

    def _acts(self, task: RoundTask) -> Iterator[SeatAct]:
        for action, allowed in ALLOWED.items():
            roles = self.case.verbs()[action].permission.roles
            if self.case.standing(self.reader, roles) and allowed(self.case, task, self.reader):
                url = f"{self.kind.act_url(self.case, action)}?seat={task.seat_id}"
                yield SeatAct(action_label(self.case, action), url)


def _handed_over(case: DecidedInRounds) -> Iterator[HandedOver]:
    events = Event.objects.of(case.CASE_TYPE, case.pk).filter(action=HAND_OVER).select_related("actor", "details")
    details = readable(events)
    yield from (HandedOver(event, details[event.pk]) for event in events)
