"""Two people press in the same moment: one succeeds, the other learns what changed, on the fresh page."""

import time

import pytest
from django.db import connection, transaction
from django.utils import translation

from cases.followup.models import Recommendation
from tests.cast import Cast
from tests.factories import make_recommendation
from tests.journeys.steps import address, state_of
from tests.journeys.walking import SUBMIT, Town, Walker
from workflow.lifecycles.recommendation import State
from workflow.models import Event

pytestmark = pytest.mark.browser
WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


def press_at_once(case: Recommendation, first: Walker, second: Walker) -> dict[int, Walker]:
    """Hold the case until both have pressed and wait for it: status -> the window in which it came."""
    with first.page.expect_navigation() as one, second.page.expect_navigation() as other, transaction.atomic():
        Recommendation.objects.select_for_update().get(pk=case.pk)
        for walker in (first, second):
            walker.main.locator("form").locator(SUBMIT).click(no_wait_after=True)
        _wait_until_both_wait()
    assert one.value is not None
    assert other.value is not None
    return {one.value.status: first, other.value.status: second}


def _wait_until_both_wait() -> None:
    until = time.monotonic() + 20
    with connection.cursor() as cursor:
        while time.monotonic() < until:
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(WAITING)
            if cursor.fetchone()[0] == 2:
                return
            time.sleep(0.02)
    raise TimeoutError("the two did not come to wait for each other")


def what_is_told(walker: Walker) -> str:
    return walker.main.locator(".error-summary li").first.inner_text()


def test_of_two_heads_who_close_one_case_one_is_told(town: Town, cast: Cast) -> None:
    case = make_recommendation(cast, State.VERIFIED)
    windows = town.of(cast.head), town.of(cast.second_head)
    for walker in windows:
        walker.go(address(case))
        walker.follow(address(case, "act", "close"))
        walker.fill(closing_reason="implemented", text="Баары аткарылды")
    came = press_at_once(case, *windows)
    assert came.keys() == {200, 409}
    assert came[200].path() == address(case)
    assert what_is_told(came[409])
    assert "Баары аткарылды" in came[409].main.locator(".typed").all_inner_texts()
    assert came[409].main.locator("[name=version]").count() == 0, "what is impossible is not offered again"
    with translation.override("ky"):
        assert str(State.CLOSED.label) in came[409].main.locator(".card .st").all_inner_texts()
    assert came[409].main.locator('[aria-labelledby="changes"] li').count() == 1
    assert Event.objects.of("recommendation", case.pk).filter(action="close").count() == 1


def test_of_an_answer_and_a_withdrawal_the_first_counts(town: Town, cast: Cast) -> None:
    case = make_recommendation(cast, State.ISSUED)
    rector, leader = town.of(cast.rector), town.of(cast.leader)
    rector.go(address(case, "act", "respond"))
    rector.fill(response="accepted")
    leader.go(address(case, "act", "withdraw"))
    leader.fill(closing_reason="superseded", reason="Жаңы токтом чыкты")
    came = press_at_once(case, rector, leader)
    assert came.keys() == {200, 409}
    assert what_is_told(came[409])
    assert state_of(case) == ("under_review" if came[200] is rector else "closed")
