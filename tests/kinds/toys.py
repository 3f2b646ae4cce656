"""The kinds that live only in the tests, as the tests try them."""

from itertools import count

from cases.registry.models import User
from tests.cast import Cast
from tests.kinds import Trial
from tests.toys.models import Note, Visit
from tests.toys.visit import State
from workflow.case import Case
from workflow.door import begin, perform

NUMBERS = count(1)


def make_visit(cast: Cast, state: str = State.PLANNED, **fields: object) -> Visit:
    """A visit to the university, in a state to which real acts led."""
    visit = begin(new_visit(cast, **fields), by=cast.coordinator)
    visit.sampled.add(cast.university)
    if state != State.PLANNED:
        perform(visit, "start", by=cast.coordinator)
    if state == State.CLOSED:
        perform(visit, "close", by=cast.expert, summary="All is well.")
    return visit


def new_visit(cast: Cast, **fields: object) -> Visit:
    columns = {
        "number": f"V-{next(NUMBERS):05d}",
        "title": "Visit (test)",
        "department": cast.department,
        "contractor": cast.contractor,
        "coordinator": cast.coordinator,
        "expert": cast.expert,
    }
    return Visit(**{**columns, **fields})


def make_note(cast: Cast, state: str = "open", visit: Visit | None = None) -> Note:
    visit = visit or make_visit(cast, State.RUNNING)
    note = begin(Note(number=f"{visit.number}-{next(NUMBERS)}", visit=visit, text="A door is shut."), by=cast.expert)
    if state != "open":
        perform(note, "settle", by=cast.coordinator)
    return note


def _visit(cast: Cast, state: str) -> Case:
    return make_visit(cast, state)


def _new_visit(cast: Cast, by: User) -> Case:
    return new_visit(cast)


def _new_note(cast: Cast, by: User) -> Case:
    visit = Visit.objects.first() or make_visit(cast, State.RUNNING)
    return Note(number=f"N-{next(NUMBERS)}", visit=visit, text="A door is shut.")


VISIT = Trial(Visit, _visit, _new_visit, {"close": {"summary": "Seen."}, "name_team": {"leader": "Kunduz", "size": 3}})
NOTE = Trial(Note, make_note, _new_note, {})
