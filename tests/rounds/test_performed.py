"""The same by the acts of a deliverable: seats, tasks, expectations and state agree after every answer."""

from datetime import date
from itertools import count

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.planning import verbs
from cases.planning.models import Deliverable, Engagement, RouteSeat, StageTemplate, TemplateRow
from cases.registry.models import User
from tests.cast import Cast
from tests.kinds.engagements import make_engagement
from tests.rounds.test_rounds import plain, routes
from workflow.door import begin, perform
from workflow.lifecycles.engagement import State as Stage
from workflow.models import Expectation
from workflow.roles import Role
from workflow.rounds import approving

pytestmark = pytest.mark.django_db
PLACES = count(1)
DAY = date(2099, 1, 20)
MOST = 40
"""Statements of an answer, besides savepoints, also where it ends a step, so that three others are asked."""
MOST_OF_FIFTY = 60
"""The same of the last answer of a step with fifty seats."""


def asked_by(cast: Cast, engagement: Engagement, route: list[tuple[int, str, int]]) -> Deliverable:
    """A draft of the lead, whose route asks so many heads in each step; the last step approves."""
    place = next(PLACES)
    row = TemplateRow.objects.create(
        template=StageTemplate.objects.get(), place=1000 + place, stage=Stage.PREPARATION, kind=f"drawn_{place}",
        title="Drawn (test)", drafter_role=Role.CONTRACTOR_LEAD, regulation="REG-11.1",
    )  # fmt: skip
    for number, (seats, mode, quorum) in enumerate(route, 1):
        of_step = {"mode": mode, "quorum": quorum if mode == "quorum" else 0, "approves": number == len(route)}
        RouteSeat.objects.bulk_create(
            RouteSeat(row=row, step=number, place=at, role=Role.DEPARTMENT_HEAD, days=5, **of_step)
            for at in range(1, seats + 1)
        )
    deliverable = Deliverable(
        number=f"{engagement.number}-9{place:03d}", engagement=engagement, stage=Stage.PREPARATION, row=row,
        drafter_role=Role.CONTRACTOR_LEAD, asked_on=DAY, due=DAY,
    )  # fmt: skip
    begin(deliverable, by=cast.coordinator)
    verbs.write_texts(deliverable, {"text_ky": "Баары (test)"}, by=cast.lead, version=deliverable.version)
    return deliverable


def agree(deliverable: Deliverable, by: User, *, agrees: bool = True) -> None:
    approves = deliverable.state == "agreed"
    if agrees:
        perform(deliverable, "approve" if approves else "agree", by=by)
    else:
        perform(deliverable, "decline" if approves else "send_back", by=by, reason="Why (test).")


@pytest.fixture
def engagement(cast: Cast) -> Engagement:
    return make_engagement(cast, Stage.PREPARATION)


def nothing_disagrees(deliverable: Deliverable, outcome: str, at: int, left: int, steps: int) -> None:
    """What is owed are the seats that are asked, and the state says where the round is."""
    state = {"": "agreed" if at == steps - 1 else "submitted", "returned": "draft", "approved": "approved"}[outcome]
    assert Deliverable.objects.get(pk=deliverable.pk).state == state
    asked = {f"seat:{task.seat_id}" for task in approving.waiting(deliverable)}
    owed = Expectation.objects.open().of("deliverable", deliverable.pk)
    assert len(asked) == left
    assert {row.key for row in owed} == ({""} if outcome == "returned" else asked)
    assert {row.action for row in owed} <= {{"submitted": "agree", "agreed": "approve", "draft": "submit"}.get(state)}


@settings(max_examples=15)
@given(routes(), st.lists(st.integers(0, 5).map(bool), max_size=12))
def test_what_is_owed_follows_from_route_and_answers_alone(
    cast: Cast, engagement: Engagement, route: list[tuple[int, str, int]], answers: list[bool]
) -> None:
    deliverable = asked_by(cast, engagement, route)
    perform(deliverable, "submit", by=cast.lead)
    so_far: list[tuple[int, bool]] = []
    nothing_disagrees(deliverable, *plain(route, so_far), len(route))
    for agrees in answers:
        if plain(route, so_far)[0]:
            break
        agree(deliverable, cast.head, agrees=agrees)
        so_far.append((0, agrees))
        nothing_disagrees(deliverable, *plain(route, so_far), len(route))


def statements(deliverable: Deliverable, by: User, *, agrees: bool = True) -> int:
    with CaptureQueriesContext(connection) as asked:
        agree(deliverable, by, agrees=agrees)
    return sum(not query["sql"].startswith(("SAVEPOINT", "RELEASE")) for query in asked)


def test_an_answer_takes_few_statements_whatever_it_ends(cast: Cast, engagement: Engagement) -> None:
    deliverable = asked_by(cast, engagement, [(2, "all", 0), (3, "quorum", 2), (1, "all", 0)])
    perform(deliverable, "submit", by=cast.lead)
    taken = [statements(deliverable, User.objects.get(pk=cast.head.pk)) for _answer in range(5)]
    assert deliverable.state == "approved"
    returned = asked_by(cast, engagement, [(3, "all", 0), (1, "all", 0)])
    perform(returned, "submit", by=cast.lead)
    taken.append(statements(returned, cast.head, agrees=False))
    assert max(taken) <= MOST, taken


def test_the_last_answer_of_fifty_takes_few_statements(cast: Cast, engagement: Engagement) -> None:
    deliverable = asked_by(cast, engagement, [(50, "all", 0), (1, "all", 0)])
    perform(deliverable, "submit", by=cast.lead)
    for _answer in range(48):
        agree(deliverable, cast.head)
    one, last = (statements(deliverable, cast.head) for _answer in range(2))
    assert deliverable.state == "agreed"
    assert (one <= MOST, last <= MOST_OF_FIFTY) == (True, True), (one, last)
