"""The pages beside the main journey, once by clicks: drafts by hand, talk, returning, rejecting, ending."""

from datetime import timedelta
from pathlib import Path

import pytest

from cases.followup.models import Evidence, Recommendation
from notifications.models import Message
from tests.cast import Cast
from tests.factories import make_extension, make_recommendation
from tests.journeys.steps import address, come, state_of
from tests.journeys.walking import Town
from workflow.lifecycles.recommendation import State
from workflow.terms import legal_date

pytestmark = pytest.mark.browser


def test_a_draft_by_hand_is_put_right_until_it_can_be_issued(town: Town, cast: Cast) -> None:
    coordinator = town.of(cast.coordinator)
    coordinator.go("/recommendations/")
    coordinator.act("/recommendations/new/", institution="UNI", text_ky="Китепкананын кору толукталсын")
    [case] = Recommendation.objects.all()
    assert coordinator.path() == address(case)
    assert coordinator.main.locator("button[disabled]").count() == 1, "a source and a date are missing"
    coordinator.follow(address(case, "edit"))
    coordinator.page.locator("main summary").first.click()
    coordinator.fill(source_kind="audit", source_title="Аудит", cause="5.2-критерий", due="2030-06-01")
    coordinator.send()
    coordinator.act(address(case, "act", "issue"))
    assert state_of(case) == "issued"
    assert Recommendation.objects.get().number.startswith("R-")


def test_both_sides_talk_and_the_department_keeps_some_to_itself(town: Town, cast: Cast) -> None:
    case = make_recommendation(cast, State.ISSUED)
    coordinator, officer = town.of(cast.coordinator), town.of(cast.officer)
    for audience, text in (("institution", "Суроолор болсо жазыңыз"), ("internal", "Өткөн жылы да кечиккен")):
        coordinator.go(address(case))
        box = f"form:has([name=audience][value={audience}])"
        coordinator.main.locator(f"{box} [name=text]").fill(text)
        assert coordinator.send(box) == 200
    assert coordinator.main.locator(".comment-internal p").count()
    officer.go(address(case))
    assert "Суроолор болсо жазыңыз" in officer.main.inner_text()
    assert "Өткөн жылы да кечиккен" not in officer.page.content()
    assert officer.main.locator("[name=audience][value=internal]").count() == 0


def test_somebody_else_is_put_in_charge_and_translates(town: Town, cast: Cast) -> None:
    case = make_recommendation(cast, State.ISSUED, texts={"ky": "Китепкананын кору толукталсын"})
    head, second = town.of(cast.head), town.of(cast.second_coordinator)
    head.go(address(case))
    head.act(address(case, "assign"), coordinator=str(cast.second_coordinator.pk))
    second.go(address(case))
    second.act(address(case, "translate"), text="Пополнить фонд библиотеки", is_checked=True)
    now = Recommendation.objects.get()
    assert now.coordinator == cast.second_coordinator
    assert now.current_texts()["ru"].is_checked


def test_a_plan_is_returned_and_sent_again(town: Town, cast: Cast) -> None:
    case = make_recommendation(cast, State.UNDER_REVIEW)
    coordinator, officer, rector = town.of(cast.coordinator), town.of(cast.officer), town.of(cast.rector)
    come(coordinator, case)
    coordinator.act(address(case, "act", "return_plan"), reason="Жооптуулар так эмес")
    come(officer, case)
    assert "Жооптуулар так эмес" in officer.main.inner_text()
    officer.act(address(case, "plan"), responsible_1="Китепкана башчысы")
    come(rector, case)
    rector.act(address(case, "act", "respond"), response="partial", left_out="Экинчи бөлүгү: каражат жок")
    assert [plan.version for plan in Recommendation.objects.get().plans.all()] == [1, 2]


def test_a_rejected_file_is_replaced_and_a_measure_explained(town: Town, cast: Cast, report: Path) -> None:
    case = make_recommendation(cast, State.CLAIMED)
    first, second = case.evidence.order_by("id")
    coordinator, officer, rector = town.of(cast.coordinator), town.of(cast.officer), town.of(cast.rector)
    come(coordinator, case)
    coordinator.act(address(case, "evidence", str(first.pk), "review"), decision="rejected", reason="Кол тамга жок")
    coordinator.act(address(case, "act", "not_confirmed"), reason="Далил жетишсиз")
    come(officer, case)
    officer.act(f"{address(case, 'evidence')}?replaces={first.pk}", file=report)
    newer = Evidence.objects.get(replaces=first)
    with officer.page.expect_download() as download:
        officer.page.locator(f'a[href="{address(case, "evidence", str(newer.pk), "file")}"]').first.click()
    assert download.value.path().read_bytes() == report.read_bytes()
    come(rector, case)
    rector.act(address(case, "act", "claim"))
    assert (newer.version, state_of(case)) == (2, "claimed")
    assert second.decision == "accepted"


def test_a_measure_without_evidence_is_explained(town: Town, cast: Cast) -> None:
    case = make_recommendation(cast, State.IN_PROGRESS)
    Evidence.objects.filter(measure__position=2).delete()
    measure = case.measures_now()[1]
    officer = town.of(cast.officer)
    come(officer, case)
    officer.act(address(case, "measures", str(measure.pk), "explain"), reason="Башка чара менен бириктирилди")
    measure.refresh_from_db()
    assert measure.unproved_reason


def test_the_ministry_ends_a_case_and_the_department_follows_it_up(town: Town, cast: Cast) -> None:
    case = make_recommendation(cast, State.IN_PROGRESS)
    leader, coordinator = town.of(cast.leader), town.of(cast.coordinator)
    leader.go(address(case))
    leader.act(
        address(case, "act", "close_unimplemented"), reason="Каражат жок", risk_owner="Ректор",
        risk_expires_on=legal_date() + timedelta(days=365),
    )  # fmt: skip
    coordinator.go(address(case))
    coordinator.act(address(case, "succeed"))
    assert coordinator.path() == address(case.successors.get(), "edit")


@pytest.mark.parametrize(("action", "state"), [("refuse", "refused"), ("return_request", "returned")])
def test_more_time_is_refused_or_asked_for_better(town: Town, cast: Cast, action: str, state: str) -> None:
    extension = make_extension(cast)
    coordinator = town.of(cast.coordinator)
    come(coordinator, extension.recommendation)
    coordinator.act(f"/extensions/{extension.number}/act/{action}/", reason="Мөөнөт жетиштүү")
    extension.refresh_from_db()
    assert extension.state == state


def test_messages_lead_to_their_case_and_are_read(town: Town, cast: Cast) -> None:
    case = make_recommendation(cast, State.ISSUED, measures=0)
    coordinator, officer = town.of(cast.coordinator), town.of(cast.officer)
    for text in ("Биринчи", "Экинчи", "Үчүнчү"):
        coordinator.go(address(case, "comment"))
        box = "form:has([name=audience][value=institution])"
        coordinator.main.locator(f"{box} [name=text]").fill(text)
        coordinator.send(box)
    officer.go("/")
    assert officer.page.locator("nav .count").inner_text().startswith("3")
    officer.follow("/messages/")
    newest = Message.objects.filter(recipient=cast.officer, channel="in_app").latest("id")
    officer.follow(f"/messages/{newest.pk}/")
    assert officer.path() == address(case)
    assert officer.page.locator("nav .count").inner_text().startswith("2")
    officer.go("/messages/")
    officer.main.locator('form[action$="/read/"] button').nth(1).click()
    officer.go("/messages/")
    officer.send('form[action="/messages/read/"]')
    assert officer.page.locator("nav .count").count() == 0


def test_the_list_is_searched_filtered_and_taken_away(town: Town, cast: Cast, tmp_path: Path) -> None:
    make_recommendation(cast, State.ISSUED, texts={"ky": "Үй-бүлө көмөгү"}, risk="high")
    make_recommendation(cast, State.CLOSED, texts={"ky": "Окуу китептери"})
    rector = town.of(cast.rector)
    rector.go("/")
    rector.follow("/recommendations/")
    rector.fill(q="уй-було", risk="high", state="open")
    rector.send("form.filters")
    assert rector.main.locator("tbody tr").count() == 1
    with rector.page.expect_download() as download:
        rector.main.locator('a[href*="export.csv?"]').click()
    table = download.value.path().read_text(encoding="utf-8-sig")
    assert "Үй-бүлө көмөгү" in table
    assert "Окуу китептери" not in table
