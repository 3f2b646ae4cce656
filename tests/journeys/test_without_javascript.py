"""The main journey without JavaScript: every form of it works as well."""

from datetime import timedelta
from pathlib import Path

import pytest

from cases.followup.demo.people import People
from cases.followup.models import Recommendation
from tests.journeys.steps import carry_to_the_end, issue_all, signed_in_by_password
from tests.journeys.walking import Town
from workflow.terms import legal_date

pytestmark = pytest.mark.browser


def test_an_item_goes_from_a_pasted_line_to_its_end(plain_town: Town, made: People, report: Path) -> None:
    coordinator = signed_in_by_password(plain_town, made["coordinator"])
    due = legal_date() + timedelta(days=60)
    coordinator.act("/recommendations/import/", text=f"2.1 Мониторинг жүргүзүлсүн - кафедра башчылары - {due}")
    coordinator.fill(kind="audit", title="Аудит", institution="KSTU", cause="Лицензиялык талаптар")
    assert coordinator.send() == 200
    issue_all(coordinator, 1)
    carry_to_the_end(plain_town, made, Recommendation.objects.get(), report)


def test_a_form_grows_finds_and_comes_back_without_javascript(plain_town: Town, made: People) -> None:
    coordinator = plain_town.of(made["coordinator"])
    coordinator.go("/recommendations/new/")
    coordinator.fill(institution="лицейи", text_ky="Китепкананын кору толукталсын")
    assert coordinator.press("find") == 200
    coordinator.fill(institution="L-001", interim_due_1="2030-01-01", interim_topic_1="Тизме")
    coordinator.press("more_rows")
    coordinator.fill(interim_due_4="2030-02-01", interim_topic_4="Сатып алуу")
    assert coordinator.page.input_value("[name=interim_topic_1]") == "Тизме"
    coordinator.fill(due="2030-03-01")
    assert coordinator.send() == 200
    [case] = Recommendation.objects.all()
    assert [interim.topic for interim in case.interim_deadlines.all()] == ["Тизме", "Сатып алуу"]


def test_language_colours_and_signing_out_need_no_javascript(plain_town: Town, made: People) -> None:
    walker = plain_town.of(made["institution_head"])
    walker.go("/recommendations/?risk=high")
    for language in ("ru", "en", "ky"):
        walker.choose("language", language)
        assert walker.page.locator("html").get_attribute("lang") == language
        assert walker.path() == "/recommendations/?risk=high"
    walker.choose("theme", "dark")
    assert walker.page.locator('link[href*="dark"]').get_attribute("media") == "screen"
    walker.leave()
    assert walker.go("/") == 200
    assert walker.path() == "/login/?next=/"
