"""The pages of findings: written, listed, filtered, and shown with their monitoring and its list of findings."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.analysis.models import Finding
from tests.cast import Cast
from tests.conftest import Opened
from tests.kinds.engagements import make_engagement
from tests.kinds.findings import list_of, make_reported
from tests.kinds.written import make_finding
from workflow.lifecycles.engagement import State as Stage

pytestmark = pytest.mark.django_db
FILLED = {
    "version": "0",
    "kind": "risk",
    "direction": "4",
    "severity": "high",
    "standard": "Law (test)",
    "institutions": "uni\n",
    "statement_ru": "Нет медицинского кабинета (test)",
    "source": "Visit (test)",
}


def test_a_finding_is_written_edited_and_proposed_on_its_pages(cast: Cast, at: Opened) -> None:
    engagement = make_engagement(cast, Stage.ANALYSIS)
    browser = at(cast.expert)
    page = browser.get(engagement.get_absolute_url()).content.decode()
    add = f"/engagements/{engagement.number}/findings/add/"
    assert f'href="{add}"' in page
    assert "needed before it is proposed" in browser.get(add).content.decode()
    refused = browser.post(add, {**FILLED, "institutions": "NOWHERE"})
    assert (refused.status_code, Finding.objects.count()) == (422, 0)
    finding = Finding.objects.get(number=browser.post(add, FILLED, follow=True).context["case"].number)
    assert (finding.direction, finding.institution, finding.statement) == (4, cast.university, FILLED["statement_ru"])
    edit = f"/findings/{finding.number}/edit/"
    page = browser.get(edit).content.decode()
    assert "UNI" in page
    assert "Visit (test)" in page
    assert browser.post(edit, {**FILLED, "version": "1", "extent": "Everywhere (test)"}).status_code == 302
    page = browser.get(f"/findings/{finding.number}/").content.decode()
    assert "Everywhere (test)" in page
    assert "Law (test)" in page
    assert browser.post(f"/findings/{finding.number}/act/propose/", {"version": "2"}).status_code == 302
    page = browser.get(list_of(engagement).get_absolute_url()).content.decode()
    assert finding.number in page
    assert FILLED["statement_ru"] in page


def test_strangers_do_not_find_the_pages(cast: Cast, at: Opened) -> None:
    finding = make_finding(cast, make_engagement(cast, Stage.ANALYSIS))
    add = f"/engagements/{finding.engagement.number}/findings/add/"
    assert [at(user).get(add).status_code for user in (cast.coordinator, cast.stranger)] == [403, 404]
    for user in (cast.rector, cast.stranger, cast.director):
        assert at(user).get(finding.get_absolute_url()).status_code == 404
    assert at(cast.coordinator).get(f"/findings/{finding.number}/edit/").status_code == 403


def test_the_institution_reads_its_finding_without_what_was_said_before(cast: Cast, at: Opened) -> None:
    finding = make_reported(cast)
    page = at(cast.rector).get(finding.get_absolute_url())
    assert page.status_code == 200
    text = page.content.decode()
    assert finding.statement_en in text
    assert "Nothing is expected of anybody now. State: Confirmed." in text
    assert "Write a finding" not in text
    assert "Findings" in at(cast.rector).get("/findings/").content.decode()


def test_the_list_is_filtered_by_monitoring_direction_kind_and_severity(cast: Cast, at: Opened) -> None:
    engagement = make_engagement(cast, Stage.ANALYSIS)
    one = make_finding(cast, engagement)
    other = make_finding(cast, engagement, kind="risk", direction=4, severity="low", institutions=[])

    def listed(query: str) -> set[str]:
        page = at(cast.lead).get(f"/findings/?{query}").content.decode()
        assert at(cast.lead).get(f"/findings/export.csv?{query}").status_code == 200
        return {finding.number for finding in (one, other) if f"{finding.number}</a>" in page}

    assert listed("") == listed(f"engagement={engagement.number}") == {one.number, other.number}
    assert listed("engagement=E-1999") == set()
    assert listed("direction=4") == listed("kind=risk") == listed("severity=low") == {other.number}
    assert listed("kind=deficiency") == {one.number}
    export = b"".join(at(cast.lead).get("/findings/export.csv?kind=risk").streaming_content).decode()  # type: ignore[arg-type]
    assert "the system" in export
    page = at(cast.observer).get(engagement.get_absolute_url()).content.decode()
    assert f"/findings/?engagement={engagement.number}&amp;direction=4" in page


def test_the_list_and_the_pages_ask_the_same_of_many_findings(cast: Cast, at: Opened) -> None:
    engagement = make_engagement(cast, Stage.ANALYSIS)
    browser = at(cast.lead)
    addresses = ("/findings/", engagement.get_absolute_url(), list_of(engagement).get_absolute_url())

    def asked() -> list[int]:
        counts = []
        for address in addresses:
            with CaptureQueriesContext(connection) as queries:
                assert browser.get(address).status_code == 200
            counts.append(len(queries))
        return counts

    make_finding(cast, engagement, "proposed")
    before = asked()
    for _ in range(10):
        make_finding(cast, engagement, "proposed")
    assert asked() == before
