"""From a finding on several institutions to a draft for each of them, all at once or none."""

import html
import re
from typing import Any

import pytest
from django.test import Client

from cases.analysis.models import Finding
from cases.followup.models import Recommendation
from cases.followup.verbs import Draft, draft_each
from cases.registry.models import Organisation
from tests.analysis.several import both, make_shared, report
from tests.cast import Cast
from tests.conftest import Opened
from tests.followup.draft_forms import fields
from tests.kinds.engagements import make_engagement
from tests.kinds.planning import REASON
from tests.kinds.written import make_finding
from workflow.door import Refused, perform
from workflow.lifecycles.engagement import State as Stage
from workflow.models import Event

pytestmark = pytest.mark.django_db


@pytest.fixture
def shared(cast: Cast) -> Finding:
    return make_shared(cast)


@pytest.fixture
def browser(cast: Cast, at: Opened) -> Client:
    return at(cast.coordinator)


def address(finding: Finding) -> str:
    return f"/recommendations/new/?finding={finding.number}"


def ticked(page: str, name: str) -> list[str]:
    tags = re.findall(rf'<input[^>]*name="{name}"[^>]*>', page)
    return [re.findall(r'value="(\w+)"', tag)[0] for tag in tags if "checked" in tag]


def filled(client: Client, finding: Finding, **more: Any) -> dict[str, Any]:
    """What is sent when the form is left as it is."""
    page = client.get(address(finding)).content.decode()
    lists = {name: ticked(page, name) for name in ("institutions", "findings")}
    return {**fields(page), "classification": "condition", **lists, **more}


def test_an_institution_that_has_a_draft_already_is_named_with_it_and_not_ticked_again(
    cast: Cast, browser: Client, shared: Finding
) -> None:
    one = {"institutions": [cast.college.pk], "text_ky": "Программаларды жаңыртуу (test)", "due": "2099-09-01"}
    browser.post(address(shared), filled(browser, shared, **one))
    page = browser.get(address(shared)).content.decode()
    assert ticked(page, "institutions") == [str(cast.university.pk)]
    assert page.count("(has D-2026-00001 already)") == 1
    assert f"{cast.college}: " in browser.get(shared.get_absolute_url()).content.decode()


def test_all_its_institutions_are_ticked_and_each_gets_a_draft(cast: Cast, browser: Client, shared: Finding) -> None:
    page = browser.get(address(shared)).content.decode()
    assert ticked(page, "institutions") == [str(cast.college.pk), str(cast.university.pk)]
    assert all(f'name="{name}"' not in page for name in ("institution", "controller", "watcher"))
    assert "Save the drafts" in page
    sent = filled(
        browser, shared, text_ky="Программаларды жаңыртуу (test)", contributors="Окуу бөлүмү", due="2099-09-01"
    )
    answer = browser.post(address(shared), sent, follow=True)
    made = list(Recommendation.objects.order_by("pk"))
    assert [(row.institution, row.number) for row in made] == [
        (cast.college, "D-2026-00001"), (cast.university, "D-2026-00002"),
    ]  # fmt: skip
    assert answer.redirect_chain == [(f"{shared.get_absolute_url()}#recommendations", 302)]
    text = answer.content.decode()
    assert "Drafts are stored: D-2026-00001; D-2026-00002." in text
    assert all(f'href="{row.get_absolute_url()}"' in text for row in made)
    for row in made:
        assert (row.engagement, row.coordinator, str(row.current_due)) == (
            shared.engagement,
            cast.coordinator,
            "2099-09-01",
        )
        assert row.current_texts()["ky"].text == "Программаларды жаңыртуу (test)"
        assert [link.finding for link in row.finding_links.all()] == [shared]
        assert [contributor.name for contributor in row.contributors.all()] == ["Окуу бөлүмү"]
        event = Event.objects.of("recommendation", row.pk).select_related("details").get()
        assert f'"findings": "{shared.number}"' in event.details.text
        assert f'"institution_id": {row.institution_id}' in event.details.text


def test_one_that_is_left_ticked_gets_the_only_draft(cast: Cast, browser: Client, shared: Finding) -> None:
    sent = filled(browser, shared, institutions=[str(cast.college.pk)])
    answer = browser.post(address(shared), sent)
    recommendation = Recommendation.objects.get()
    assert recommendation.institution == cast.college
    assert answer.headers["Location"] == recommendation.get_absolute_url()


@pytest.mark.parametrize("wrong", [[], ["abc"], ["0"], ["9" * 30], ["unnamed"], ["UNI", "unnamed"]])
def test_none_or_others_than_it_names_are_refused(
    cast: Cast, browser: Client, shared: Finding, wrong: list[str]
) -> None:
    keys = {"unnamed": Organisation.objects.get(code="SCH").pk, "UNI": cast.university.pk}
    sent = filled(browser, shared, institutions=[str(keys.get(value, value)) for value in wrong])
    answer = browser.post(address(shared), sent)
    assert answer.status_code == 422
    assert ("Tick at least one institution." in answer.content.decode()) == (not wrong)
    assert "institutions" in answer.context["form"].errors
    assert not Recommendation.objects.exists()


def test_a_form_that_is_wrong_elsewhere_keeps_what_is_ticked(cast: Cast, browser: Client, shared: Finding) -> None:
    sent = filled(browser, shared, institutions=[str(cast.college.pk)], text_ky="")
    answer = browser.post(address(shared), sent)
    assert answer.status_code == 422
    assert ticked(answer.content.decode(), "institutions") == [str(cast.college.pk)]
    assert not Recommendation.objects.exists()


def test_rows_are_added_without_losing_what_is_ticked(cast: Cast, browser: Client) -> None:
    engagement = make_engagement(cast, Stage.ANALYSIS, **both(cast))
    shared, second = (make_finding(cast, engagement, "proposed", **both(cast)) for _ in range(2))
    report(cast, engagement)
    sent = filled(browser, shared, institutions=[str(cast.college.pk)], findings=[str(shared.pk), str(second.pk)])
    page = browser.post(address(shared), {**sent, "more_rows": "1"}).content.decode()
    assert ticked(page, "institutions") == [str(cast.college.pk)]
    assert ticked(page, "findings") == [str(shared.pk), str(second.pk)]
    forged = {**sent, "institutions": ["abc"], "findings": ["abc", "9" * 30], "more_rows": "1"}
    assert browser.post(address(shared), forged).status_code == 200
    none = {name: value for name, value in sent.items() if name not in ("institutions", "findings")}
    page = browser.post(address(shared), {**none, "more_rows": "1"}).content.decode()
    assert ticked(page, "institutions") == ticked(page, "findings") == []


def test_all_are_stored_or_none(cast: Cast, shared: Finding) -> None:
    Organisation.objects.filter(pk=cast.university.pk).update(is_active=False)
    drafts = [
        Draft(
            institution,
            cast.department,
            texts={"ky": "Жаңыртуу (test)"},
            engagement=shared.engagement,
            findings=[shared],
        )
        for institution in Organisation.objects.filter(code__in=["COL", "UNI"]).order_by("code")
    ]
    events = Event.objects.count()
    with pytest.raises(Refused, match="UNI .* is not an active institution"):
        draft_each(drafts, by=cast.coordinator)
    assert (Recommendation.objects.count(), Event.objects.count()) == (0, events)


def test_of_those_that_are_active_no_more_the_form_offers_none(cast: Cast, browser: Client, shared: Finding) -> None:
    Organisation.objects.filter(pk=cast.university.pk).update(is_active=False)
    page = browser.get(address(shared)).content.decode()
    assert 'name="institutions"' not in page
    assert fields(page)["institution"].startswith("COL")
    forged = {**filled(browser, shared), "institutions": [str(cast.university.pk)]}
    browser.post(address(shared), forged)
    assert Recommendation.objects.get().institution == cast.college


def test_a_finding_that_was_withdrawn_meanwhile_leads_to_no_draft_and_what_was_typed_stays(
    cast: Cast, browser: Client, shared: Finding
) -> None:
    sent = filled(browser, shared, text_ky="Программаларды жаңыртуу (test)")
    perform(shared, "withdraw", by=cast.head, **REASON)
    answer = browser.post(address(shared), sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f"These are no confirmed findings of the monitoring: {shared}." in html.unescape(page)
    assert "Программаларды жаңыртуу (test)" in page
    assert ticked(page, "findings") == [str(shared.pk)]
    assert not Recommendation.objects.exists()
    assert browser.get(address(shared)).status_code == 404, "nobody begins with it"


def test_a_finding_that_says_nothing_yet_leads_to_no_draft(cast: Cast, browser: Client) -> None:
    finding = make_finding(cast, make_engagement(cast, Stage.ANALYSIS), "draft")
    Finding.objects.filter(pk=finding.pk).update(statement_ky="", statement_ru="", statement_en="")
    assert browser.post(address(finding), {}).status_code in (404, 422)
    assert not Recommendation.objects.exists()
