"""A finding on several institutions: each of them sees it, and learns nothing of the others."""

import io
import re
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from cases.analysis.models import Finding
from cases.desk.models import Document
from cases.desk.talking import add_document
from cases.planning.models import Engagement
from cases.registry.models import Membership, Organisation, User
from tests.analysis.several import both, make_shared, report
from tests.analysis.test_findings import PDF
from tests.analysis.test_recommendations import draft_from
from tests.cast import Cast, person
from tests.conftest import Opened
from tests.followup.draft_forms import school
from tests.kinds.engagements import make_engagement
from tests.kinds.planning import REASON, legal_act
from tests.kinds.written import make_finding
from workflow.door import perform
from workflow.lifecycles.engagement import State as Stage
from workflow.models import Event
from workflow.parties import While
from workflow.roles import Role

pytestmark = pytest.mark.django_db
SECRET = re.compile(r"\bCOL\b")
"""Code and name of the college, in whatever is shown to the university."""


@pytest.fixture
def shared(cast: Cast) -> Finding:
    """On the university and the college, in a monitoring of these and of a school."""
    return make_shared(cast)


@pytest.fixture
def involved(cast: Cast, shared: Finding) -> list[User]:
    """Heads and officers of the institutions that it names."""
    return [cast.rector, cast.officer, cast.director, person("Olga", (cast.college, Role.INSTITUTION_OFFICER))]


@pytest.fixture
def strangers(cast: Cast, shared: Finding) -> list[User]:
    """Of the institution that is monitored, but that it does not name; and who has no place in this at all."""
    unnamed = Organisation.objects.get(code="SCH")
    roles = (Role.INSTITUTION_HEAD, Role.INSTITUTION_OFFICER)
    return [*(person(f"Unnamed{place}", (unnamed, role)) for place, role in enumerate(roles)), cast.controller]


def cells(response: Any) -> list[list[Any]]:
    sheet: Any = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content))).active
    return [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]


def text(response: Any) -> str:
    streamed = b"".join(response.streaming_content) if response.streaming else response.content
    return str(streamed.decode())


def test_each_of_them_sees_it_once_it_is_reported_and_nobody_else(
    cast: Cast, shared: Finding, involved: list[User], strangers: list[User]
) -> None:
    early = make_finding(cast, make_engagement(cast, Stage.ANALYSIS, **both(cast)), "proposed", **both(cast))
    for user in involved:
        assert list(Finding.objects.visible_to(user)) == [shared]
        assert shared.standing(user, [Role.INSTITUTION_HEAD, Role.INSTITUTION_OFFICER]) is not None
        assert early.standing(user, [Role.INSTITUTION_HEAD, Role.INSTITUTION_OFFICER]) is None
    for user in strangers:
        assert not Finding.objects.visible_to(user).exists()
        assert Finding.objects.get(pk=shared.pk).standing(user, Role) is None
    perform(shared, "withdraw", by=cast.head, **REASON)
    assert not Finding.objects.visible_to(cast.rector).exists()


def test_a_finding_on_the_system_is_shown_to_none(cast: Cast, involved: list[User]) -> None:
    engagement = make_engagement(cast, Stage.ANALYSIS, **both(cast))
    on_the_system = make_finding(cast, engagement, "proposed", institutions=[])
    report(cast, engagement)
    assert not any(Finding.objects.visible_to(user).filter(pk=on_the_system.pk).exists() for user in involved)


def test_its_page_names_to_each_only_itself(
    cast: Cast, at: Opened, shared: Finding, involved: list[User], strangers: list[User]
) -> None:
    for user in involved:
        page = text(at(user).get(shared.get_absolute_url()))
        assert shared.statement_en in page
        assert "and 1 more institution" in page
        names = set(re.findall(r"\b(UNI|COL|SCH) \(test\)", page.partition("<main")[2]))
        assert names == ({"UNI"} if user in (cast.rector, cast.officer) else {"COL"})
    for user in strangers:
        assert at(user).get(shared.get_absolute_url()).status_code == 404
        assert at(user).get(f"/case/finding/{shared.pk}/").status_code == 404
    for user in (cast.coordinator, cast.lead, cast.leader, cast.expert):
        page = text(at(user).get(shared.get_absolute_url()))
        assert "more institution" not in page
        assert {"UNI (test)", "COL (test)"} <= set(re.findall(r"\w+ \(test\)", page))


def test_list_search_and_files_name_to_each_only_itself(
    cast: Cast, at: Opened, shared: Finding, involved: list[User], strangers: list[User]
) -> None:
    for user in involved:
        own = "UNI (test)" if user in (cast.rector, cast.officer) else "COL (test)"
        for query in ("", f"?q={shared.number}", f"?engagement={shared.engagement.number}"):
            assert f"{own} and 1 more" in text(at(user).get(f"/findings/{query}"))
            assert f"{own} and 1 more" in text(at(user).get(f"/findings/export.csv{query}"))
            [row] = cells(at(user).get(f"/findings/export.xlsx{query}"))
            assert (row[0], row[3]) == (shared.number, f"{own} and 1 more")
    for ending in ("", "export.csv"):
        assert not SECRET.search(text(at(cast.rector).get(f"/findings/{ending}")))
    for user in strangers:
        for query in ("", f"?q={shared.number}"):
            assert shared.number not in text(at(user).get(f"/findings/{query}")).partition("<tbody")[2]
            assert cells(at(user).get(f"/findings/export.xlsx{query}")) == []
    [row] = cells(at(cast.coordinator).get("/findings/export.xlsx"))
    assert set(row[3].split(", ")) == {"UNI (test)", "COL (test)"}


def test_the_history_tells_them_of_its_confirmation_alone_and_the_trail_is_not_theirs(
    cast: Cast, at: Opened, shared: Finding
) -> None:
    assert '"institutions": "COL\\nUNI"' in Event.objects.of("finding", shared.pk).earliest("pk").details.text
    page = text(at(cast.rector).get(shared.get_absolute_url()))
    history = page.partition('id="history"')[2]
    assert "Confirm" in history
    assert "Write a finding" not in history
    assert not SECRET.search(page)
    event = Event.objects.of("finding", shared.pk).earliest("pk")
    for address in ("", f"{event.pk}/", "export.csv", "export.jsonl", f"?number={shared.number}"):
        assert at(cast.rector).get(f"/trail/{address}").status_code == 404
        assert at(cast.leader).get(f"/trail/{address}").status_code == 200


def test_a_person_who_also_works_on_it_sees_all_of_them(cast: Cast, at: Opened, shared: Finding) -> None:
    for user, organisation, role in (
        (cast.officer, cast.ministry, Role.MINISTRY_OBSERVER),
        (cast.expert, cast.university, Role.INSTITUTION_OFFICER),
    ):
        Membership.objects.create(person=user, organisation=organisation, role=role, starts="2020-01-01")
        page = text(at(User.objects.get(pk=user.pk)).get(shared.get_absolute_url()))
        assert "COL (test)" in page
        assert "more institution" not in page


def test_its_documents_are_shown_to_none_of_them_but_those_of_a_finding_on_one_are(cast: Cast, at: Opened) -> None:
    def documented(**fields: Any) -> tuple[Finding, Document]:
        engagement = make_engagement(cast, Stage.ANALYSIS, **both(cast))
        finding = make_finding(cast, engagement, **fields)
        document = add_document(finding, SimpleUploadedFile("visit-COL.pdf", PDF), by=cast.expert)
        perform(finding, "propose", by=cast.expert)
        report(cast, engagement)
        return finding, document

    (alone, own), (shared, hidden) = documented(), documented(**both(cast))
    for finding, document, is_shown in ((alone, own, True), (shared, hidden, False)):
        browser = at(cast.rector)
        address = finding.get_absolute_url()
        assert ("visit-COL.pdf" in text(browser.get(address))) == is_shown
        assert browser.get(f"{address}documents/{document.pk}/").status_code == (200 if is_shown else 404)
        assert at(cast.coordinator).get(f"{address}documents/{document.pk}/").status_code == 200


def test_one_does_not_see_the_recommendations_of_another(cast: Cast, at: Opened, shared: Finding) -> None:
    own = draft_from(cast, shared)
    other = draft_from(cast, shared, institution=cast.college)
    assert {own.number, other.number} <= set(
        re.findall(r"D-\d{4}-\d{5}", text(at(cast.coordinator).get(shared.get_absolute_url())))
    )
    assert not re.search(r"D-\d{4}-\d{5}", text(at(cast.rector).get(shared.get_absolute_url())))


def test_the_monitoring_counts_it_for_each(cast: Cast, at: Opened, shared: Finding) -> None:
    address = shared.engagement.get_absolute_url()
    for user in (cast.rector, cast.director):
        assert "All findings" in text(at(user).get(address))
    [row] = cells(at(cast.director).get(f"{address}institutions/export.xlsx"))
    assert (row[0], 1 in row) == ("COL", True)
    assert not SECRET.search(text(at(cast.rector).get(f"{address}institutions/")))


def test_no_letter_about_it_goes_to_them(cast: Cast, shared: Finding) -> None:
    perform(shared, "withdraw", by=cast.head, **REASON)
    event = Event.objects.of("finding", shared.pk).latest("pk")
    assert set(event.messages.values_list("recipient__full_name", flat=True)) == {"Aigul (test)", "Kanat (test)"}


def test_the_relation_says_of_a_case_what_it_says_of_rows(cast: Cast, shared: Finding) -> None:
    relation = Finding.RELATIONS[Role.INSTITUTION_HEAD]
    assert isinstance(relation, While)
    rows = Finding.objects.filter(relation.rows(Finding, [cast.college.pk], cast.director))
    for stage in Stage:
        with transaction.atomic():
            Engagement.objects.update(state=stage, cancelling_act=legal_act())
            named = set(relation.organisations(Finding.objects.get(pk=shared.pk)))
            assert named == ({cast.university.pk, cast.college.pk} if stage in relation.states else set())
            assert rows.exists() == (stage in relation.states)
            transaction.set_rollback(True)


@pytest.mark.parametrize("page", ["", "{number}/"])
def test_as_many_queries_for_many_findings_and_institutions(cast: Cast, at: Opened, shared: Finding, page: str) -> None:
    browsers = [at(user) for user in (cast.rector, cast.head, cast.coordinator, cast.lead)]
    address = f"/findings/{page.format(number=shared.number)}"

    def asked() -> list[int]:
        counts = []
        for browser in browsers:
            with CaptureQueriesContext(connection) as queries:
                assert browser.get(address).status_code == 200
            counts.append(len(queries))
        return counts

    asked()
    before = asked()
    others = make_engagement(cast, Stage.ANALYSIS, **both(cast))
    for place in range(8):
        shared.institutions.add(school(f"S{place}", f"S{place} (test)"))
        make_finding(cast, others, "proposed", **both(cast))
    report(cast, others)
    assert Finding.objects.visible_to(cast.rector).count() == 9
    assert asked() == before
