"""The rounds of a case as its page shows them: who was asked, until when, and what they answered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from cases.registry.models import Organisation, User
from workflow.case import Case
from workflow.may import role_names
from workflow.models import Expectation
from workflow.rounds.models import Round, Seat


@dataclass(frozen=True)
class SheetRow:
    """One seat of a route sheet; `due` while it is asked."""

    seat: Seat
    who: str
    answered_by: str
    due: date | None

    @property
    def answered_at(self) -> datetime | None:
        return self.seat.answered_at


@dataclass(frozen=True)
class RouteSheet:
    """One round: its seats in their order."""

    round: Round
    rows: Sequence[SheetRow]


def route_sheets(case: Case, reader: User) -> Mapping[str, Any]:
    """Of every round of the case, the newest first. A constant number of queries."""
    rounds = list(Round.objects.of(case.CASE_TYPE, case.pk).order_by("-place").prefetch_related("seats"))
    seats = [seat for one in rounds for seat in one.seats.all()]
    organisations = Organisation.objects.in_bulk({seat.organisation_id for seat in seats})
    people = User.objects.get_queryset().in_bulk(
        {pk for seat in seats for pk in (seat.named_id, seat.answered_by_id) if pk}
    )
    owed = Expectation.objects.open().of(case.CASE_TYPE, case.pk).values_list("key", "due")
    due = dict(owed)
    return {
        "sheets": [
            RouteSheet(one, [_row(seat, organisations, people, due) for seat in one.seats.all()]) for one in rounds
        ]
    }


def _row(
    seat: Seat, organisations: Mapping[int, Organisation], people: Mapping[int, User], due: Mapping[str, date]
) -> SheetRow:
    organisation = organisations.get(seat.organisation_id)
    office = f"{role_names([seat.role])}, {organisation.short_name or organisation}" if organisation else seat.role
    named = f"{people[seat.named_id]} ({office})" if seat.named_id else office
    answered_by = str(people[seat.answered_by_id]) if seat.answered_by_id else ""
    return SheetRow(seat, named, answered_by, due.get(seat.key))
