"""Who is asked about a version, step by step: by its route before it is submitted, by the seats of the round then."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cases.registry.models import Organisation, User
from workflow.case import Case
from workflow.may import role_names
from workflow.rounds.decided import DecidedInRounds
from workflow.rounds.models import Round, Seat
from workflow.rounds.routes import PlannedSeat, rule_of

SUBMIT = "submit"
"""The act with which a version is submitted."""


@dataclass(frozen=True)
class AskedSeat:
    """Who is asked, and for how many working days."""

    who: str
    days: int


@dataclass(frozen=True)
class AskedStep:
    """Those who are asked at once, and when that is settled, in words."""

    number: int
    rule: str
    seats: Sequence[AskedSeat]


def asked_by(case: Case, action: str) -> Sequence[AskedStep]:
    """Who is asked if this act is done now; nobody by acts that submit nothing."""
    return steps_to_come(case) if action == SUBMIT and isinstance(case, DecidedInRounds) else ()


def steps_to_come(case: DecidedInRounds) -> Sequence[AskedStep]:
    """Who is asked when the present draft is submitted; nobody of a version that is being decided on, or was."""
    if str(case.follow("state")) != str(case.INITIAL):
        return ()
    route = case.route()
    names = Names(seat for step in route for seat in step.seats)
    return [
        AskedStep(number, step.rule, [AskedSeat(names.of(seat), seat.days) for seat in step.seats])
        for number, step in enumerate(route, 1)
    ]


def steps_of(voting: Round) -> Sequence[AskedStep]:
    """Who is asked in a round."""
    steps = voting.steps()
    planned = {seat.pk: _planned(seat) for seats in steps.values() for seat in seats}
    names = Names(planned.values())
    return [
        AskedStep(number, rule_of_seats(seats), [AskedSeat(names.of(planned[seat.pk]), seat.days) for seat in seats])
        for number, seats in steps.items()
    ]


def rule_of_seats(seats: Sequence[Seat]) -> str:
    """What the seats of one step do, and when that is settled, in words."""
    first = seats[0]
    return rule_of(first.mode, first.quorum, len(seats), approves=first.approves)


class Names:
    """What seats are called: the office, and the person who is asked by name. Two queries for all."""

    def __init__(self, seats: Iterable[PlannedSeat]) -> None:
        asked = list(seats)
        self.organisations = Organisation.objects.in_bulk({seat.organisation_id for seat in asked})
        people = {seat.person_id for seat in asked if seat.person_id}
        self.people = User.objects.get_queryset().in_bulk(people) if people else {}

    def of(self, seat: PlannedSeat) -> str:
        office = self.office(seat.role, seat.organisation_id)
        return f"{self.people[seat.person_id]} ({office})" if seat.person_id else office

    def office(self, role: str, organisation_id: int) -> str:
        """The role and its organisation; the role alone while there is none, such as before the contract."""
        organisation, name = self.organisations.get(organisation_id), role_names([role])
        return f"{name}, {organisation.short_name or organisation}" if organisation else name


def _planned(seat: Seat) -> PlannedSeat:
    return PlannedSeat(seat.role, seat.organisation_id, seat.days, seat.named_id)
