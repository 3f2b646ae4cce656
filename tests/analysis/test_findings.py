"""Findings from the first draft to the confirmed list, and what is refused on the way."""

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.analysis.models import Finding
from cases.analysis.verbs import edit_finding, write_finding
from cases.desk.talking import add_document
from cases.planning.models import Deliverable, Engagement
from cases.planning.verbs import withdraw_access, write_texts
from tests.cast import Cast
from tests.kinds.engagements import answer_until, deliver, make_engagement, submit
from tests.kinds.findings import list_of, make_confirmed, make_reported
from tests.kinds.planning import REASON, legal_act
from tests.kinds.written import finding_facts, make_finding
from workflow.door import Refused, perform
from workflow.lifecycles.engagement import State as Stage
from workflow.models import Event, Expectation

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@pytest.fixture
def engagement(cast: Cast) -> Engagement:
    return make_engagement(cast, Stage.ANALYSIS)


def owed(finding: Finding) -> list[tuple[str, str, str]]:
    rows = Expectation.objects.open().of("finding", finding.pk)
    return [(row.action, row.role, str(row.assignee or "")) for row in rows]


def decide(cast: Cast, deliverable: Deliverable) -> None:
    answer_until(cast, deliverable, "approved")


def test_a_finding_is_proposed_once_it_is_complete(cast: Cast, engagement: Engagement) -> None:
    bare = {"standard": "", "statement_ky": "", "statement_en": "", "source": ""}
    finding = make_finding(cast, engagement, **bare)
    assert (finding.number, finding.drafter_role, finding.institution) == (
        "F-2026-00001", "contractor_expert", cast.university,
    )  # fmt: skip
    assert owed(finding) == [("propose", "contractor_expert", "Kunduz (test)")]
    for sentence, facts in (
        ("Write the statement", bare),
        ("Name the criterion", {**bare, "statement_ru": "Устарели (test)"}),
        ("Say what it rests on", {"source": ""}),
    ):
        edit_finding(finding, finding_facts(cast, **facts), by=cast.expert, version=finding.version)
        with pytest.raises(Refused, match=sentence):
            perform(finding, "propose", by=cast.expert)
    add_document(finding, SimpleUploadedFile("seen.pdf", PDF), by=cast.expert)
    perform(finding, "propose", by=cast.expert)
    assert (finding.state, owed(finding)) == ("proposed", [])


def test_what_a_finding_says_is_kept_by_the_trail(cast: Cast, engagement: Engagement) -> None:
    finding = make_finding(cast, engagement)
    facts = finding_facts(cast, extent="All (test)", institutions=[])
    edit_finding(finding, facts, by=cast.lead, version=finding.version)
    create, edit = Event.objects.of("finding", finding.pk).select_related("details").order_by("position")
    assert '"institutions": "UNI"' in create.details.text
    assert '"source": "Curricula of 2019 (test)"' in create.details.text
    assert '"institutions": {"": [["UNI"], []]}' in edit.details.text
    assert '"extent": ["3 of 4 programmes (test)", "All (test)"]' in edit.details.text


def test_only_who_wrote_it_and_the_lead_change_a_draft(cast: Cast, engagement: Engagement) -> None:
    finding = write_finding(engagement, finding_facts(cast), by=cast.lead)
    assert owed(finding) == [("propose", "contractor_lead", "")]
    with pytest.raises(Refused, match="It is written by Kanat"):
        perform(finding, "propose", by=cast.expert)


def test_an_expert_without_access_writes_nothing(cast: Cast, engagement: Engagement) -> None:
    withdraw_access(engagement, cast.expert, by=cast.lead)
    with pytest.raises(Refused, match="You may not do this"):
        make_finding(cast, Engagement.objects.get(pk=engagement.pk))
    assert not Finding.objects.exists()


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"direction": 13}, "does not cover the direction “Other important aspects”"),
        ({"institutions": "college"}, "does not cover: COL"),
    ],
)
def test_a_finding_stays_within_its_monitoring(
    cast: Cast, engagement: Engagement, fields: dict[str, Any], sentence: str
) -> None:
    if "institutions" in fields:
        fields = {"institutions": [cast.college]}
    with pytest.raises(Refused, match=sentence):
        make_finding(cast, engagement, **fields)


def test_findings_are_written_in_the_analysis_and_conclusions_alone(cast: Cast) -> None:
    engagement = make_engagement(cast, Stage.COLLECTION)
    with pytest.raises(Refused, match="while the monitoring is in its analysis or conclusions"):
        make_finding(cast, engagement)


def test_the_list_is_not_submitted_without_findings_or_with_drafts(cast: Cast, engagement: Engagement) -> None:
    deliverable = list_of(engagement)
    write_texts(deliverable, {"text_ky": "Тизме (test)"}, by=cast.lead, version=deliverable.version)
    with pytest.raises(Refused, match="No finding is proposed yet"):
        perform(deliverable, "submit", by=cast.lead)
    finding = make_finding(cast, engagement)
    with pytest.raises(Refused, match=f"Findings that are still drafts: {finding.number}"):
        perform(deliverable, "submit", by=cast.lead)
    perform(finding, "propose", by=cast.expert)
    perform(deliverable, "submit", by=cast.lead)
    [listed] = deliverable.versions.get().read()["findings"]
    assert (listed["number"], listed["institutions"], listed["documents"]) == (finding.number, ["UNI"], [])


def test_the_list_needs_no_text_of_its_own(cast: Cast, engagement: Engagement) -> None:
    make_finding(cast, engagement, "proposed")
    deliverable = list_of(engagement)
    perform(deliverable, "submit", by=cast.lead)
    assert deliverable.state == "submitted"


def test_all_proposed_findings_are_confirmed_by_the_approval(cast: Cast, engagement: Engagement) -> None:
    findings = [make_finding(cast, engagement, "proposed") for _ in range(3)]
    deliverable = list_of(engagement)
    submit(cast, deliverable)
    decide(cast, deliverable)
    approval = Event.objects.of("deliverable", deliverable.pk).latest("position")
    for finding in findings:
        event = Event.objects.of("finding", finding.pk).select_related("details").latest("position")
        assert (event.action, event.target, event.actor_id) == ("confirm", "confirmed", cast.head.pk)
        assert f'"because_of": {approval.pk}' in event.details.text


def test_a_finding_that_changed_voids_the_approval(cast: Cast, engagement: Engagement) -> None:
    first, second = (make_finding(cast, engagement, "proposed") for _ in range(2))
    deliverable = list_of(engagement)
    submit(cast, deliverable)
    perform(second, "send_back", by=cast.coordinator, **REASON)
    with pytest.raises(Refused, match="This is not what was submitted"):
        perform(deliverable, "agree", by=cast.coordinator)
    perform(deliverable, "recall", by=cast.lead)
    perform(second, "drop", by=cast.expert, **REASON)
    submit(cast, deliverable)
    decide(cast, deliverable)
    assert [Finding.objects.get(pk=one.pk).state for one in (first, second)] == ["confirmed", "withdrawn"]


def test_a_hundred_findings_are_confirmed_in_few_statements(cast: Cast, engagement: Engagement) -> None:
    def statements(number: int) -> int:
        for _ in range(number):
            make_finding(cast, engagement, "proposed")
        deliverable = list_of(engagement)
        submit(cast, deliverable)
        answer_until(cast, deliverable, "agreed")
        with CaptureQueriesContext(connection) as asked:
            perform(deliverable, "approve", by=cast.head)
        assert set(engagement.findings.values_list("state", flat=True)) == {"confirmed"}
        perform(deliverable, "reopen", by=cast.head, **REASON)
        return len(asked)

    assert statements(2) == statements(20)


def test_an_institution_sees_its_own_confirmed_findings_once_reported(cast: Cast) -> None:
    finding = make_confirmed(cast)
    seen = Finding.objects.visible_to
    assert not seen(cast.rector).exists()
    engagement = finding.engagement
    for stage in (Stage.CONCLUSIONS, Stage.REPORTING):
        deliver(cast, engagement)
        perform(engagement, f"begin_{stage}", by=cast.coordinator)
    assert list(seen(cast.rector)) == list(seen(cast.officer)) == [finding]
    assert not seen(cast.director).exists()
    perform(finding, "withdraw", by=cast.head, **REASON)
    assert not seen(cast.rector).exists()


def test_drafts_rest_with_the_monitoring_and_go_on_with_it(cast: Cast, engagement: Engagement) -> None:
    finding = make_finding(cast, engagement)
    perform(engagement, "suspend", by=cast.head, until=date(2098, 5, 1), **REASON)
    assert owed(finding) == []
    finding.refresh_from_db()
    with pytest.raises(Refused, match="The monitoring is suspended since"):
        perform(Finding.objects.get(pk=finding.pk), "propose", by=cast.expert)
    perform(engagement, "resume", by=cast.head)
    assert owed(finding) == [("propose", "contractor_expert", "Kunduz (test)")]


def test_findings_end_with_a_cancelled_monitoring(cast: Cast, engagement: Engagement) -> None:
    draft, proposed = make_finding(cast, engagement), make_finding(cast, engagement, "proposed")
    perform(engagement, "cancel", by=cast.leader, cancelling_act_id=legal_act().pk, **REASON)
    assert [Finding.objects.get(pk=one.pk).state for one in (draft, proposed)] == ["withdrawn", "withdrawn"]
    assert not Expectation.objects.open().filter(subject_type="finding").exists()


def test_a_monitoring_is_not_closed_over_open_findings(cast: Cast) -> None:
    finding = make_reported(cast)
    engagement = finding.engagement
    late = make_finding(cast, make_engagement(cast, Stage.ANALYSIS))
    Finding.objects.filter(pk=late.pk).update(engagement=engagement)
    deliver(cast, engagement)
    perform(engagement, "publish", by=cast.leader, is_checked=True)
    deliver(cast, engagement)
    with pytest.raises(Refused, match=f"Still open: {late.number}"):
        perform(engagement, "close", by=cast.head)
