"""What an act would leave with nobody is said on its page, whoever is to owe it by the lifecycle; no act is missed."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from notifications.models import Message
from tests.cast import Cast
from tests.factories import make_recommendation
from tests.followup.pages import browser, text_of
from tests.kinds.engagements import make_engagement
from tests.kinds.planning import make_plan
from tests.notifications.test_unmanned import leave, warned
from workflow.door import perform
from workflow.lifecycles.engagement import State as Stage

AT_MINISTRY = "Nobody at MIN (test) can do what comes next"
AT_DEPARTMENT = "Nobody at DEP (test) can do what comes next"
LEFT = "What comes next would be for Aigul (test), who does not hold the role for it at DEP (test) any more."


def page(cast: Cast, who: str, path: str) -> str:
    response = browser(cast, who).get(path)
    assert response.status_code == 200
    return text_of(response)


def of_plan(cast: Cast, state: str) -> str:
    return make_plan(cast, state).get_absolute_url()


def of_recommendation(cast: Cast, state: str) -> str:
    return make_recommendation(cast, state).get_absolute_url()


def of_engagement(cast: Cast, state: str) -> str:
    return make_engagement(cast, state).get_absolute_url()


def heads_leave(cast: Cast) -> None:
    leave(cast.head)
    leave(cast.second_head)


PLACES: list[tuple[Callable[[Cast, str], str], str, str, str, Callable[[Cast], None], str]] = [
    (of_plan, "draft", "submit", "coordinator", heads_leave, AT_DEPARTMENT),
    (of_plan, "submitted", "agree", "head", lambda cast: leave(cast.leader), AT_MINISTRY),
    (of_plan, "submitted", "send_back", "head", lambda cast: leave(cast.coordinator), LEFT),
    (of_recommendation, "issued", "respond", "rector", lambda cast: leave(cast.coordinator), LEFT),
    (of_recommendation, "issued", "dispute", "rector", lambda cast: leave(cast.leader), AT_MINISTRY),
    (of_engagement, Stage.CONCLUSIONS, "send_back", "head", lambda cast: leave(cast.coordinator), LEFT),
]


@pytest.mark.parametrize(("make", "state", "action", "who", "goes", "sentence"), PLACES)
def test_the_page_says_who_is_missing_whoever_owes_what_comes_next(
    cast: Cast,
    make: Callable[[Cast, str], str],
    state: str,
    action: str,
    who: str,
    goes: Callable[[Cast], None],
    sentence: str,
) -> None:
    path = f"{make(cast, state)}act/{action}/"
    before = page(cast, who, path)
    assert "The registrar gets a message" not in before
    goes(cast)
    assert sentence in page(cast, who, path)


def test_a_monitoring_that_goes_on_says_whose_task_it_would_be(cast: Cast) -> None:
    case = make_engagement(cast, Stage.COLLECTION)
    perform(case, "suspend", by=cast.head, reason="No money (test).", until=case.today + timedelta(days=9))
    path = f"{case.get_absolute_url()}act/resume/"
    assert "The registrar gets a message" not in page(cast, "head", path)
    leave(cast.coordinator)
    assert LEFT in page(cast, "head", path)
    perform(case, "resume", by=cast.head)
    assert cast.registrar in warned()


def test_the_second_step_of_a_round_that_nobody_can_take_is_told(cast: Cast) -> None:
    plan = make_plan(cast, "submitted")
    perform(plan, "agree", by=cast.leader)
    leave(cast.leader)
    Message.objects.all().delete()
    perform(plan, "agree", by=cast.head)
    assert plan.state == "agreed"
    assert warned() == [cast.registrar]


def test_who_asks_for_more_time_reads_that_nobody_can_decide(cast: Cast) -> None:
    case = make_recommendation(cast, "in_progress")
    path = f"{case.get_absolute_url()}extend/"
    assert "can do what comes next" not in page(cast, "rector", path)
    leave(cast.leader)
    assert AT_MINISTRY in page(cast, "rector", path)


def test_where_there_is_no_registrar_either_it_is_an_error(cast: Cast, caplog: pytest.LogCaptureFixture) -> None:
    leave(cast.registrar)
    leave(cast.leader)
    case = make_recommendation(cast, "issued")
    perform(case, "dispute", by=cast.rector, reason="No.", asked="Take it back.")
    [record] = [record for record in caplog.records if record.levelname == "ERROR"]
    assert record.getMessage() == f"{case.number}: nobody can do uphold, and there is no registrar to be told."
