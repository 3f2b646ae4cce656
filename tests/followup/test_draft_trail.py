"""What a draft begins with stands in its trail, as later changes tell only what differs."""

import json
from datetime import date, timedelta

from cases.followup.models import Recommendation
from cases.followup.verbs import Draft, draft_recommendation, draft_successor
from tests.cast import Cast
from tests.factories import make_recommendation, make_source
from workflow.lifecycles.recommendation import State
from workflow.models import Event
from workflow.terms import legal_date
from workflow.trail.history import history

DUE = legal_date() + timedelta(days=200)


def first_step(case: Recommendation) -> dict[str, object]:
    event = Event.objects.of("recommendation", case.pk).get(action="create")
    return dict(json.loads(event.details.text))


def test_all_that_a_new_draft_holds_is_told(cast: Cast) -> None:
    source = make_source(cast.department)
    case = draft_recommendation(
        Draft(
            cast.university, cast.department, source, "2.1", {"ky": "Text"}, cause="Criterion 5", is_priority=True,
            contributors=["Library", "Dean"], interim=[(date(2026, 3, 1), "Report")], due=DUE,
            coordinator=cast.coordinator,
        ),
        by=cast.coordinator,
    )  # fmt: skip
    assert first_step(case) == {
        "text": {"ky": "Text"}, "institution_id": cast.university.pk, "source_id": source.pk, "item": "2.1",
        "cause": "Criterion 5", "classification": "condition", "risk": "medium", "is_priority": True,
        "authoritative_language": "ky", "coordinator_id": cast.coordinator.pk, "first_due": str(DUE),
        "current_due": str(DUE), "contributors": "Library\nDean", "interim_deadlines": "01.03.2026 Report",
    }  # fmt: skip
    [line] = history(case, reader=cast.coordinator)
    shown = {detail.label: detail.new for detail in line.details}
    assert shown["Accountable institution"] == str(cast.university)
    assert shown["First due date"] == f"{DUE:%d.%m.%Y}"


def test_a_successor_tells_what_it_follows_and_the_date_it_inherits(cast: Cast) -> None:
    old = make_recommendation(cast, State.CLOSED)
    told = first_step(draft_successor(old, by=cast.coordinator))
    assert (told["predecessor_id"], told["first_due"]) == (old.pk, str(old.first_due))
