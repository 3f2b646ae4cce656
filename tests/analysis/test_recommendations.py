"""From a confirmed finding to a recommendation, and what each page says of the other."""

import pytest

from cases.analysis.models import Finding
from cases.followup.models import Recommendation
from cases.followup.verbs import Draft, draft_recommendation, draft_successor, edit_draft
from cases.planning.models import Engagement
from tests.cast import Cast
from tests.conftest import Opened
from tests.factories import make_recommendation
from tests.followup.draft_forms import fields
from tests.kinds.engagements import deliver, make_engagement
from tests.kinds.findings import make_confirmed, make_reported
from tests.kinds.planning import REASON
from tests.kinds.written import make_finding
from workflow.door import Refused, perform
from workflow.lifecycles.engagement import State as Stage
from workflow.models import Event

pytestmark = pytest.mark.django_db


def draft_from(cast: Cast, finding: Finding, **more: object) -> Recommendation:
    known = {"institution": cast.university, "department": cast.department, "coordinator": cast.coordinator}
    known |= {"texts": {"ky": "Программаларды жаңыртуу (test)"}, "engagement": finding.engagement}
    draft = Draft(**{**known, "findings": [finding], **more})  # type: ignore[arg-type]
    return draft_recommendation(draft, by=cast.coordinator)


def test_a_finding_is_taken_into_a_draft_that_keeps_the_link(cast: Cast, at: Opened) -> None:
    finding, browser = make_confirmed(cast), at(cast.coordinator)
    address = f"/recommendations/new/?finding={finding.number}"
    assert f'href="{address}"' in browser.get(finding.get_absolute_url()).content.decode()
    page = browser.get(address).content.decode()
    assert not Recommendation.objects.exists()
    filled = fields(page)
    assert filled["institution"].startswith("UNI")
    assert filled["text_ky"] == finding.statement_ky
    assert filled["cause"] == f"{finding.number}; REG-8.1 (test)"
    assert filled["findings"] == str(finding.pk)
    assert (filled["risk"], filled["authoritative_language"]) == ("high", "ky")
    filled |= {"text_ky": "Программаларды жаңыртуу (test)", "due": "2099-09-01", "classification": "condition"}
    drafted = browser.post(address, filled, follow=True)
    recommendation = Recommendation.objects.get()
    assert (recommendation.engagement, recommendation.institution) == (finding.engagement, cast.university)
    assert [link.finding for link in recommendation.finding_links.all()] == [finding]
    event = Event.objects.of("recommendation", recommendation.pk).select_related("details").get()
    assert f'"findings": "{finding.number}"' in event.details.text
    assert f'"engagement_id": {finding.engagement_id}' in event.details.text
    text = drafted.content.decode()
    assert f'href="/findings/{finding.number}/"' in text
    assert f'href="/engagements/{finding.engagement.number}/"' in text
    assert recommendation.number in browser.get(finding.get_absolute_url()).content.decode()


def test_findings_are_ticked_and_unticked_while_it_is_a_draft(cast: Cast, at: Opened) -> None:
    first = make_confirmed(cast)
    recommendation, browser = draft_from(cast, first), at(cast.coordinator)
    edit = f"/recommendations/{recommendation.number}/edit/"
    filled = fields(browser.get(edit).content.decode())
    assert filled["findings"] == str(first.pk)
    del filled["findings"]
    assert browser.post(edit, filled).status_code == 302
    assert not recommendation.finding_links.exists()
    event = Event.objects.of("recommendation", recommendation.pk).select_related("details").latest("position")
    assert f'"findings": {{"": ["{first.number}", ""]}}' in event.details.text


def test_only_confirmed_findings_of_the_monitoring_are_linked(cast: Cast, at: Opened) -> None:
    engagement = make_engagement(cast, Stage.ANALYSIS)
    proposed = make_finding(cast, engagement, "proposed")
    with pytest.raises(Refused, match=f"no confirmed findings of the monitoring: {proposed.number}"):
        draft_from(cast, proposed)
    assert at(cast.coordinator).get(f"/recommendations/new/?finding={proposed.number}").status_code == 404
    confirmed = make_confirmed(cast)
    with pytest.raises(Refused, match=f"no confirmed findings of the monitoring: {confirmed.number}"):
        draft_from(cast, confirmed, engagement=engagement)
    with pytest.raises(Refused, match="no confirmed findings"):
        draft_from(cast, confirmed, engagement=None)
    assert not Recommendation.objects.exists()


def test_another_department_does_not_draft_from_a_finding(cast: Cast) -> None:
    finding = make_confirmed(cast)
    with pytest.raises(Refused, match="belongs to another department"):
        draft_from(cast, finding, department=cast.other_department, coordinator=None)


def test_a_withdrawn_finding_is_noted_on_its_recommendations(cast: Cast) -> None:
    finding = make_confirmed(cast)
    recommendation = draft_from(cast, finding)
    perform(finding, "withdraw", by=cast.head, **REASON)
    withdrawal = Event.objects.of("finding", finding.pk).latest("position")
    noted = Event.objects.of("recommendation", recommendation.pk).select_related("details").latest("position")
    assert (noted.action, noted.actor_id) == ("finding_withdrawn", cast.head.pk)
    assert f'"because_of": {withdrawal.pk}' in noted.details.text
    assert set(noted.messages.values_list("recipient__full_name", flat=True)) == {"Aigul (test)"}
    kept = Draft(
        institution=cast.university, department=cast.department, texts={"ky": "Баары (test)"},
        engagement=finding.engagement, findings=[finding],
    )  # fmt: skip
    edit_draft(recommendation, kept, by=cast.coordinator, version=recommendation.version + 1)
    assert recommendation.finding_links.count() == 1


def test_the_monitoring_counts_its_recommendations_and_leads_to_them(cast: Cast, at: Opened) -> None:
    finding = make_confirmed(cast)
    recommendation = draft_from(cast, finding)
    other = make_recommendation(cast)
    browser, number = at(cast.coordinator), finding.engagement.number
    page = browser.get(finding.engagement.get_absolute_url()).content.decode()
    address = f"/recommendations/?engagement={number}"
    assert f'href="{address}&amp;state=draft"' in page
    assert f'href="/recommendations/new/?engagement={number}"' in page
    listed = browser.get(address).content.decode()
    assert recommendation.number in listed
    assert other.number not in listed
    export = browser.get(f"/recommendations/export.csv?engagement={number}")
    [header, row] = b"".join(export.streaming_content).decode().strip().splitlines()  # type: ignore[arg-type]
    assert "Monitoring" in header
    assert number in row
    assert "Draft a recommendation" not in at(cast.head).get(finding.engagement.get_absolute_url()).content.decode()


def test_a_monitoring_is_not_closed_over_open_recommendations(cast: Cast) -> None:
    finding = make_reported(cast)
    engagement = Engagement.objects.get(pk=finding.engagement_id)
    recommendation = draft_from(cast, finding)
    deliver(cast, engagement)
    perform(engagement, "publish", by=cast.leader, is_checked=True)
    deliver(cast, engagement)
    with pytest.raises(Refused, match=f"Still open: {recommendation.number}"):
        perform(engagement, "close", by=cast.head)


def test_nothing_is_drafted_from_a_monitoring_that_is_over(cast: Cast, at: Opened) -> None:
    engagement = make_engagement(cast, Stage.CLOSED)
    finding = engagement.findings.get()
    with pytest.raises(Refused, match=f"The monitoring {engagement.number} is over"):
        draft_from(cast, finding)
    assert "/recommendations/new/" not in at(cast.coordinator).get(finding.get_absolute_url()).content.decode()


def test_a_successor_answers_what_still_holds(cast: Cast) -> None:
    finding = make_confirmed(cast)
    closed = make_recommendation(cast, "closed")
    Recommendation.objects.filter(pk=closed.pk).update(engagement=finding.engagement)
    closed.finding_links.create(finding=finding)
    successor = draft_successor(Recommendation.objects.get(pk=closed.pk), by=cast.coordinator)
    assert successor.engagement == finding.engagement
    assert [link.finding for link in successor.finding_links.all()] == [finding]
