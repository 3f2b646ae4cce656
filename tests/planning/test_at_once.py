"""Two who answer in the same moment, fifty times on a real database: round, tasks and case never disagree."""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection

from cases.planning import verbs
from cases.planning.models import Deliverable
from cases.registry.models import User
from tests.cast import Cast, make_cast
from tests.kinds.engagements import make_engagement
from tests.kinds.planning import make_plan
from workflow.case import Case
from workflow.door import Refused, perform
from workflow.lifecycles.plan_schedule import State
from workflow.models import Expectation
from workflow.rounds.approving import WAITING
from workflow.rounds.flows import nodes
from workflow.rounds.models import Round, RoundTask

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
TIMES = 50
Act = Callable[[], object]


@dataclass
class Asked:
    """A case whose version the head of the department and the leader are asked about at once."""

    case: Any
    submitter: User
    before: tuple[User, ...] = ()
    """Those who agree in an earlier step."""

    def submit(self) -> None:
        act(self.case, "submit", self.submitter)()
        for user in self.before:
            act(self.case, "agree", user)()

    def answers(self, place: int) -> list[str]:
        """Of the head, the leader, and the one who approves, in the round of this number."""
        return list(self.round(place).seats.values_list("answer", flat=True))[len(self.before) :]

    def round(self, place: int) -> Round:
        return Round.objects.of(self.case.CASE_TYPE, self.case.pk).get(place=place)


def a_plan(cast: Cast) -> Asked:
    return Asked(make_plan(cast), cast.coordinator)


def a_deliverable(cast: Cast) -> Asked:
    """By a route whose second step asks both."""
    case = Deliverable.objects.get(engagement=make_engagement(cast, "preparation"), row__kind="calendar_plan")
    verbs.write_texts(case, {"text_ky": "Календардык план (test)"}, by=cast.lead, version=case.version)
    return Asked(case, cast.lead, (cast.coordinator,))


def act(case: Case, action: str, by: User, **inputs: Any) -> Act:
    return lambda: perform(type(case)._base_manager.get(pk=case.pk), action, by=by, **inputs)


def at_once(*acts: Act) -> list[str]:
    """Do them in threads that begin together; returns the sentences of those that were refused."""
    together, refusals = Barrier(len(acts)), list[str]()

    def run(one: Act) -> None:
        together.wait()
        try:
            one()
        except Refused as refused:
            refusals.append(refused.sentence)
        finally:
            connection.close()

    threads = [Thread(target=run, args=(one,)) for one in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return refusals


def nothing_disagrees(case: Any) -> None:
    """Every task's node is there, an ended round waits for nobody, and what is owed are the seats that are asked."""
    for task in RoundTask.objects.select_related("process"):
        assert task.flow_task is nodes()[task.flow_task.name]
    waiting = RoundTask.objects.filter(status__in=WAITING)
    assert not waiting.exclude(process__outcome="").exists()
    assert Round.objects.filter(outcome="").count() == (case.state in (State.SUBMITTED, State.AGREED))
    asked = {f"seat:{pk}" for pk in waiting.exclude(seat=None).values_list("seat", flat=True)}
    owed = Expectation.objects.open().filter(key__startswith="seat:").values_list("key", flat=True)
    assert set(owed) == asked


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return make_cast()


@pytest.fixture(params=[a_plan, a_deliverable])
def asked(cast: Cast, request: pytest.FixtureRequest) -> Asked:
    found: Asked = request.param(cast)
    return found


def test_two_seats_that_agree_at_once_are_both_counted(cast: Cast, asked: Asked) -> None:
    case = asked.case
    for place in range(1, TIMES + 1):
        asked.submit()
        assert at_once(act(case, "agree", cast.head), act(case, "agree", cast.leader)) == []
        case.refresh_from_db()
        assert case.state == State.AGREED
        assert asked.answers(place) == ["agreed", "agreed", ""]
        nothing_disagrees(case)
        act(case, "recall", asked.submitter)()


def test_a_return_and_an_agreement_at_once_end_the_round_once(cast: Cast, asked: Asked) -> None:
    case = asked.case
    draft = case.STATES("draft").label
    for place in range(1, TIMES + 1):
        asked.submit()
        returned = act(case, "send_back", cast.leader, reason="Again (test).")
        refusals = at_once(act(case, "agree", cast.head), returned)
        case.refresh_from_db()
        assert case.state == State.DRAFT
        ended = asked.round(place)
        first = "not_needed" if refusals else "agreed"
        assert (ended.outcome, ended.status) == ("returned", "DONE")
        assert asked.answers(place) == [first, "returned", ""]
        assert refusals in ([], [f"This is not possible now: the case is in the state “{draft}”."])
        nothing_disagrees(case)
