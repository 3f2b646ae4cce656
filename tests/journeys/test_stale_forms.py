"""A form that was filled on an older version comes back with what was typed and with what changed meanwhile."""

from datetime import timedelta

import pytest

from cases.followup.models import Recommendation
from tests.cast import Cast
from tests.factories import make_recommendation
from tests.journeys.steps import address, state_of
from tests.journeys.walking import Town, Walker
from workflow.lifecycles.recommendation import State
from workflow.terms import legal_date

pytestmark = pytest.mark.browser


def changes(walker: Walker) -> int:
    return walker.main.locator('[aria-labelledby="changes"] li').count()


def test_a_draft_that_somebody_else_changed(town: Town, cast: Cast) -> None:
    case = make_recommendation(cast, State.DRAFT)
    slow, fast = town.of(cast.coordinator), town.stranger(cast.coordinator)
    slow.go(address(case, "edit"))
    fast.go(address(case, "edit"))
    slow.fill(cause="Жай жазылган себеп", controller="Проректор")
    fast.fill(cause="Тез жазылган себеп")
    assert fast.send() == 200
    assert slow.send() == 409
    assert slow.page.input_value("[name=cause]") == "Жай жазылган себеп"
    assert slow.page.input_value("[name=controller]") == "Проректор"
    assert changes(slow) == 1
    assert "Тез жазылган себеп" in slow.main.locator('[aria-labelledby="changes"]').inner_text()
    assert Recommendation.objects.get().cause == "Тез жазылган себеп"
    assert slow.send() == 200, "sent again, it goes by the case shown beside it"
    assert Recommendation.objects.get().cause == "Жай жазылган себеп"


def test_a_plan_that_the_head_wrote_while_the_officer_did(town: Town, cast: Cast) -> None:
    case = make_recommendation(cast, State.ISSUED, measures=0)
    officer, rector = town.of(cast.officer), town.of(cast.rector)
    for walker, text in ((officer, "Кызматкердин чарасы"), (rector, "Ректордун чарасы")):
        walker.go(address(case, "plan"))
        walker.fill(text_1=text, responsible_1="Окуу бөлүмү", due_1=case.current_due)
    assert rector.send() == 200
    assert officer.send() == 409
    assert officer.page.input_value("[name=text_1]") == "Кызматкердин чарасы"
    assert changes(officer) == 1
    assert [one.text for one in Recommendation.objects.get().measures_now()] == ["Ректордун чарасы"]


def test_a_decision_on_an_answer_that_came_meanwhile(town: Town, cast: Cast) -> None:
    case = make_recommendation(cast, State.ISSUED)
    leader, rector = town.of(cast.leader), town.of(cast.rector)
    leader.go(address(case, "act", "withdraw"))
    leader.fill(closing_reason="superseded", reason="Жаңы токтом чыкты")
    rector.go(address(case, "act", "respond"))
    rector.fill(response="accepted", text="Кабыл алабыз")
    assert rector.send() == 200
    assert leader.send() == 409
    assert leader.page.input_value("[name=reason]") == "Жаңы токтом чыкты"
    assert leader.main.locator('[name=closing_reason][value="superseded"]').is_checked()
    assert changes(leader) == 1
    assert state_of(case) == "under_review"
    assert leader.send() == 200
    assert state_of(case) == "closed"


def test_a_review_of_evidence_after_the_case_moved_on(town: Town, cast: Cast) -> None:
    case = make_recommendation(cast, State.CLAIMED)
    file = case.evidence.earliest("id")
    slow, fast = town.of(cast.coordinator), town.stranger(cast.coordinator)
    slow.go(address(case, "evidence", str(file.pk), "review"))
    slow.fill(decision="rejected", reason="Кол тамга жок")
    fast.go(address(case, "act", "confirm"))
    fast.fill(degree="full")
    assert fast.send() == 200
    assert slow.send() == 409
    assert "Кол тамга жок" in slow.main.locator(".typed").all_inner_texts()
    assert str(cast.coordinator) in slow.main.locator("[aria-labelledby=happened] li").inner_text()
    assert slow.main.locator("form").count() == 0, "what is impossible is not offered again"
    file.refresh_from_db()
    assert file.decision == "accepted"


def test_the_first_due_date_of_a_successor_does_not_move(town: Town, cast: Cast) -> None:
    first = legal_date() - timedelta(days=30)
    case = make_recommendation(cast, State.CLOSED, first_due=first)
    coordinator = town.of(cast.coordinator)
    coordinator.go(address(case))
    coordinator.act(address(case, "succeed"))
    successor = case.successors.get()
    assert coordinator.path() == address(successor, "edit")
    coordinator.fill(due=first - timedelta(days=1))
    assert coordinator.send() == 422
    assert coordinator.summary().count() == 1
    coordinator.fill(due=first + timedelta(days=90))
    assert coordinator.send() == 200
    successor.refresh_from_db()
    assert (successor.first_due, successor.current_due) == (first, first + timedelta(days=90))
