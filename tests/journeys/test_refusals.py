"""Refusals as people meet them: a blocked button with its reason, a form that comes back with what is wrong."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import translation

from cases.followup.models import Evidence, Extension, ResponseVersion
from tests.cast import Cast
from tests.factories import make_recommendation
from tests.journeys.steps import address, state_of
from tests.journeys.walking import Town, Walker
from workflow.conditions import Condition
from workflow.lifecycles import follow_up as must
from workflow.lifecycles.extension import is_later
from workflow.lifecycles.recommendation import State

pytestmark = pytest.mark.browser


def in_kyrgyz(condition: Condition) -> str:
    with translation.override("ky"):
        return str(condition.sentence)


def blocked(walker: Walker) -> dict[str, str]:
    """Label -> reason of the buttons that cannot be pressed now."""
    buttons = walker.main.locator("button[disabled]").all()
    reasons = [str(button.get_attribute("aria-describedby")) for button in buttons]
    return {
        button.inner_text(): walker.page.locator(f"#{reason}").inner_text()
        for button, reason in zip(buttons, reasons, strict=True)
    }


def assert_it_came_back(walker: Walker, field: str, **typed: str) -> None:
    """The summary has the focus and leads to the field; what was typed is still there."""
    assert walker.summary().count() == 1
    assert field in walker.complaints()
    walker.main.locator(f'.error-summary a[href="#{field}"]').click()
    assert walker.main.locator(f"#{field}:target").count() == 1
    for name, text in typed.items():
        assert walker.page.input_value(f"[name={name}]") == text


def test_a_blocked_button_says_why(town: Town, cast: Cast) -> None:
    case = make_recommendation(cast, State.ISSUED, measures=0)
    rector = town.of(cast.rector)
    rector.go(address(case))
    assert list(blocked(rector).values()) == [in_kyrgyz(must.has_measures)]
    assert rector.main.locator(f'a[href="{address(case, "act", "respond")}"]').count() == 0
    assert rector.go(address(case, "act", "respond")) == 200
    assert in_kyrgyz(must.has_measures) in rector.main.inner_text()
    assert rector.main.locator("form button").count() == 0


def test_nothing_is_confirmed_before_evidence_is_accepted(town: Town, cast: Cast) -> None:
    case = make_recommendation(cast, State.CLAIMED)
    case.evidence.update(decision="received", decided_by=None)
    coordinator = town.of(cast.coordinator)
    coordinator.go(address(case))
    assert in_kyrgyz(must.has_accepted_evidence) in blocked(coordinator).values()
    file = case.evidence.earliest("id")
    coordinator.follow(address(case, "evidence", str(file.pk), "review"))
    coordinator.fill(decision="rejected")
    assert coordinator.send() == 422
    assert_it_came_back(coordinator, "id_reason")
    coordinator.fill(decision="accepted")
    assert coordinator.send() == 200
    assert in_kyrgyz(must.has_accepted_evidence) not in blocked(coordinator).values()


def test_a_dispute_without_reason_comes_back(town: Town, cast: Cast) -> None:
    case = make_recommendation(cast, State.ISSUED)
    rector = town.of(cast.rector)
    rector.go(address(case))
    rector.follow(address(case, "act", "dispute"))
    rector.fill(reason="   ", asked="Кайтарып алуу")
    assert rector.send() == 422
    assert_it_came_back(rector, "id_reason", asked="Кайтарып алуу")
    assert not ResponseVersion.objects.exists()
    assert state_of(case) == "issued"
    rector.fill(reason="Тизме мурда берилген")
    assert rector.send() == 200
    assert state_of(case) == "disputed"


@pytest.mark.parametrize(
    ("name", "content"), [("tool.exe", b"MZ\x90\x00"), ("liar.pdf", b"MZ\x90\x00"), ("a.pdf", b"")]
)
def test_a_file_that_is_no_document_is_not_kept(
    town: Town, cast: Cast, evidence: Path, tmp_path: Path, name: str, content: bytes
) -> None:
    case = make_recommendation(cast, State.IN_PROGRESS)
    file = tmp_path / name
    file.write_bytes(content)
    before = Evidence.objects.count()
    officer = town.of(cast.officer)
    officer.go(address(case, "evidence"))
    officer.fill(note="Отчет", file=file)
    assert officer.send() == 422
    assert officer.summary().locator("li").count() == 1
    assert officer.page.input_value("[name=note]") == "Отчет"
    assert Evidence.objects.count() == before
    assert [path for path in evidence.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("days", [-1, 0])
def test_more_time_is_not_less_time(town: Town, cast: Cast, days: int) -> None:
    case = make_recommendation(cast, State.IN_PROGRESS)
    assert case.current_due is not None
    officer = town.of(cast.officer)
    officer.go(address(case))
    officer.follow(address(case, "extend"))
    officer.fill(until=case.current_due + timedelta(days=days), reason="Кечигип жатабыз")
    assert officer.send() == 422
    told = officer.summary().inner_text()
    assert (f"{case.first_due:%d.%m.%Y}" if days else in_kyrgyz(is_later)) in told
    assert officer.page.input_value("[name=reason]") == "Кечигип жатабыз"
    assert not Extension.objects.exists()


def test_who_may_not_is_told_and_a_stranger_finds_nothing(town: Town, cast: Cast) -> None:
    case = make_recommendation(cast, State.ISSUED)
    officer, director = town.of(cast.officer), town.of(cast.director)
    assert officer.go(address(case, "act", "respond")) == 403
    assert officer.main.locator("[role=alert]").inner_text()
    assert officer.follow(address(case)) == 200
    assert director.go(address(case)) == 404
    assert director.page.locator("header nav a").count(), "the page has the menu to go on by"
