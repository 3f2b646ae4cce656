"""A recommendation goes from draft to closed through `perform()` and the verbs alone."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pytest_django import Settings

from cases.desk.talking import comment
from cases.followup.models import Recommendation, SourceDocument
from cases.followup.verbs import (
    Draft,
    MeasureDraft,
    attach,
    draft_recommendation,
    draft_successor,
    request_extension,
    review_evidence,
    write_plan,
)
from tests.cast import Cast
from workflow.door import Refused, perform
from workflow.may import options
from workflow.models import Event, Expectation
from workflow.terms import legal_date

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@pytest.fixture(autouse=True)
def evidence_dir(settings: Settings, tmp_path: Path) -> Path:
    settings.EVIDENCE_DIR = tmp_path
    return tmp_path


def drafted(cast: Cast) -> Recommendation:
    source = SourceDocument.objects.create(
        kind="council_resolution", title="Resolution (test)", department=cast.department, number="7"
    )
    draft = Draft(
        institution=cast.university,
        department=cast.department,
        source=source,
        item="2.1",
        texts={"ky": "Мониторинг жүргүзүлсүн", "en": "Carry out monitoring"},
        cause="Licence requirements",
        due=legal_date() + timedelta(days=60),
    )
    return draft_recommendation(draft, by=cast.coordinator)


def pdf(name: str = "report.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, PDF)


def owed(recommendation: Recommendation) -> list[tuple[str, str]]:
    rows = Expectation.objects.open().of("recommendation", recommendation.pk).order_by("id")
    return [(row.action, row.role) for row in rows]


def test_a_recommendation_goes_from_draft_to_closed(cast: Cast, evidence_dir: Path) -> None:
    case = drafted(cast)
    assert case.number.startswith("D-")
    assert owed(case) == [("issue", "coordinator")]
    perform(case, "issue", by=cast.coordinator)
    assert case.number == f"R-{legal_date().year}-00001"
    assert [option.action for option in options(case, cast.rector)] == ["respond", "dispute"]
    with pytest.raises(Refused, match="at least one measure"):
        perform(case, "respond", by=cast.rector, response="accepted")
    write_plan(case, [MeasureDraft("Do it", "Dean", case.current_due)], by=cast.officer, version=case.version)
    perform(case, "respond", by=cast.rector, response="accepted")
    perform(case, "agree_plan", by=cast.coordinator)
    assert owed(case) == [("claim", "institution_head"), ("evidence", "institution_officer")]
    [measure] = case.measures_now()
    with pytest.raises(Refused, match="Add evidence"):
        perform(case, "claim", by=cast.rector)
    evidence = attach(case, pdf(), by=cast.officer, measure=measure)
    assert [path.read_bytes() for path in evidence_dir.glob("*/*")] == [PDF]
    assert owed(case) == [("claim", "institution_head")]
    perform(case, "claim", by=cast.rector)
    review_evidence(evidence, "accepted", by=cast.coordinator)
    case = Recommendation.objects.get(pk=case.pk)
    perform(case, "confirm", by=cast.coordinator, degree="full")
    perform(case, "close", by=cast.head, closing_reason="implemented")
    assert case.state == "closed"
    assert owed(case) == []
    actions = Event.objects.of("recommendation", case.pk).values_list("action", flat=True)
    assert list(actions) == [
        "create", "issue", "plan", "respond", "agree_plan", "evidence", "claim", "review_evidence", "confirm", "close",
    ]  # fmt: skip
    successor = draft_successor(case, by=cast.coordinator)
    assert successor.first_due == case.first_due


def test_more_time_moves_the_current_due_date_only(cast: Cast) -> None:
    case = drafted(cast)
    first = case.first_due
    assert first is not None
    perform(case, "issue", by=cast.coordinator)
    write_plan(case, [MeasureDraft("Do it", "Dean", first)], by=cast.officer, version=case.version)
    perform(case, "respond", by=cast.rector, response="accepted")
    perform(case, "agree_plan", by=cast.coordinator)
    extension = request_extension(case, until=first + timedelta(days=20), reason="Late delivery", by=cast.officer)
    with pytest.raises(Refused, match="undecided"):
        request_extension(case, until=first + timedelta(days=30), reason="Again", by=cast.rector)
    perform(extension, "grant", by=cast.coordinator)
    case = Recommendation.objects.get(pk=case.pk)
    assert (case.first_due, case.current_due, case.slips, case.slip_days) == (first, extension.until, 1, 20)
    assert Expectation.objects.open().get(action="claim").due == extension.until
    comment(case, "Well", by=cast.coordinator, is_internal=True)
    with pytest.raises(Refused):
        comment(case, "Well", by=cast.rector, is_internal=True)


def test_a_date_in_the_future_is_not_evidence(cast: Cast) -> None:
    case = drafted(cast)
    with pytest.raises(Refused, match="future"):
        attach(case, pdf(), by=cast.officer, own_date=date(2100, 1, 1))
