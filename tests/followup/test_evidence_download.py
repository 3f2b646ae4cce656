"""How a file is handed out: as an attachment, to those who may see the case, and to nobody else."""

from pathlib import Path

import pytest
from pytest_django import Settings

from cases.followup.models import Evidence, Recommendation
from cases.followup.verbs import attach
from tests.cast import Cast
from tests.factories import make_recommendation
from tests.followup.files import PDF, upload
from tests.followup.pages import Opened, text_of
from workflow.door import perform


@pytest.fixture
def folder(settings: Settings, tmp_path: Path) -> Path:
    settings.EVIDENCE_DIR = tmp_path / "evidence"
    return tmp_path / "evidence"


@pytest.fixture
def case(cast: Cast, folder: Path) -> Recommendation:
    made = make_recommendation(cast, "under_review")
    perform(made, "agree_plan", by=cast.coordinator)
    return made


def downloading(evidence: Evidence) -> str:
    return f"/recommendations/{evidence.recommendation.number}/evidence/{evidence.pk}/file/"


def test_a_file_is_handed_out_as_an_attachment_only(as_: Opened, cast: Cast, case: Recommendation) -> None:
    evidence = attach(case, upload('Отчёт "ө", 1.pdf'), by=cast.officer)
    for who in ("officer", "rector", "coordinator", "second_coordinator", "head", "leader", "observer"):
        response = as_(who).get(downloading(evidence))
        assert b"".join(response.streaming_content) == PDF
        assert response.headers["Content-Type"] == "application/pdf"
        assert response.headers["Content-Length"] == str(len(PDF))
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Cache-Control"] == "private, no-store"
        named = "%D0%9E%D1%82%D1%87%D1%91%D1%82%20%22%D3%A9%22%2C%201.pdf"
        assert response.headers["Content-Disposition"] == f"attachment; filename*=utf-8''{named}"


def test_a_plain_name_is_quoted(as_: Opened, cast: Cast, case: Recommendation) -> None:
    evidence = attach(case, upload('a"b; c.pdf'), by=cast.officer)
    response = as_("officer").get(downloading(evidence))
    assert response.headers["Content-Disposition"] == 'attachment; filename="a\\"b; c.pdf"'
    assert b"".join(response.streaming_content) == PDF


def test_strangers_and_wrong_addresses_find_no_file(as_: Opened, cast: Cast, case: Recommendation) -> None:
    evidence = attach(case, upload(), by=cast.officer)
    for who in ("director", "expert", "lead", "registrar", "stranger"):
        assert as_(who).get(downloading(evidence)).status_code == 404
    other = make_recommendation(cast, "in_progress")
    wrong = downloading(evidence).replace(case.number, other.number)
    assert as_("officer").get(wrong).status_code == 404
    assert as_("officer").get(downloading(evidence).replace(str(evidence.pk), "9" * 30)).status_code == 404
    assert as_("officer").post(downloading(evidence)).status_code == 405


def test_an_older_version_is_handed_out_too(as_: Opened, cast: Cast, case: Recommendation) -> None:
    old = attach(case, upload("a.pdf"), by=cast.officer)
    attach(case, upload("a.pdf", PDF + b"\n"), by=cast.officer, replaces=old)
    response = as_("coordinator").get(downloading(old))
    assert b"".join(response.streaming_content) == PDF


def test_a_file_that_is_lost_from_the_disk_is_told(as_: Opened, cast: Cast, case: Recommendation, folder: Path) -> None:
    evidence = attach(case, upload(), by=cast.officer)
    (folder / evidence.path).unlink()
    client = as_("officer")
    response = client.get(downloading(evidence))
    assert (response.status_code, response.headers["Location"]) == (302, case.get_absolute_url())
    assert "cannot be read from the server" in text_of(client.get(case.get_absolute_url()))


@pytest.mark.parametrize("content", [PDF.replace(b"1.4", b"1.5"), PDF[:-1], PDF + b"\n", b""])
def test_a_file_that_was_changed_on_the_disk_is_not_handed_out(
    as_: Opened, cast: Cast, case: Recommendation, folder: Path, content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    evidence = attach(case, upload(), by=cast.officer)
    (folder / evidence.path).write_bytes(content)
    client = as_("officer")
    response = client.get(downloading(evidence))
    assert (response.status_code, response.headers["Location"]) == (302, case.get_absolute_url())
    assert "is not the one that was received" in text_of(client.get(case.get_absolute_url()))
    assert f"The file {evidence.path} is not the one that was received: its SHA-256 is" in caplog.text
    (folder / evidence.path).write_bytes(PDF)
    assert b"".join(client.get(downloading(evidence)).streaming_content) == PDF


def test_others_on_the_machine_cannot_read_a_file(cast: Cast, case: Recommendation, folder: Path) -> None:
    evidence = attach(case, upload(), by=cast.officer)
    assert (folder / evidence.path).stat().st_mode & 0o077 == 0
