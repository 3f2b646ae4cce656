"""Pages of legal acts and their files."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from cases.registry.models import LegalAct
from cases.registry.verbs import fingerprint
from tests.cast import Cast
from tests.registry.browsing import notices
from tests.registry.trail import events

pytestmark = pytest.mark.django_db


PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def test_an_act_is_added_with_its_file_which_is_handed_out_as_attachment(
    cast: Cast, registrar: Client, settings: Settings, tmp_path: Path
) -> None:
    settings.EVIDENCE_DIR = tmp_path
    filled = {"kind": "order", "number": "12", "title_ky": "Буйрук", "upload": SimpleUploadedFile("буйрук.pdf", PDF)}
    registrar.post(reverse("act_add"), filled)
    act = LegalAct.objects.get(number="12")
    assert (act.file_name, act.file_type, act.file_size) == ("буйрук.pdf", "application/pdf", len(PDF))
    response = registrar.get(reverse("act_file", args=[act.pk]))
    assert response["Content-Disposition"].startswith("attachment;")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert b"".join(response) == PDF  # type: ignore[arg-type]
    (tmp_path / act.file_path).write_bytes(PDF + b" ")
    said = notices(registrar.get(reverse("act_file", args=[act.pk]), follow=True))
    assert any("is not the one that was received" in one for one in said)
    [event] = events("legal_act", act.pk)
    assert event.said["inputs"]["file_sha256"] == act.file_sha256
    registrar.post(reverse("act_edit", args=[act.pk]), {"kind": "order", "number": "13", "version": fingerprint(act)})
    act.refresh_from_db()
    assert (act.number, act.file_name) == ("13", "буйрук.pdf")


def test_a_file_that_lies_about_its_type_leaves_neither_row_nor_file(
    cast: Cast, registrar: Client, settings: Settings, tmp_path: Path
) -> None:
    settings.EVIDENCE_DIR = tmp_path
    for name, content in (("x.pdf", b"MZ\x90"), ("x.exe", b"MZ\x90"), ("x.html", b"<script>"), ("x.pdf", b"")):
        filled = {"kind": "order", "number": "12", "upload": SimpleUploadedFile(name, content)}
        assert registrar.post(reverse("act_add"), filled).status_code == 422
    wrong = {"kind": "order", "number": "12", "date": "2026-99", "upload": SimpleUploadedFile("x.pdf", PDF)}
    assert registrar.post(reverse("act_add"), wrong).status_code == 422
    assert not LegalAct.objects.exists()
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_file_that_is_not_there_is_404_and_a_lost_one_is_reported(
    cast: Cast, registrar: Client, act: LegalAct, settings: Settings, tmp_path: Path
) -> None:
    settings.EVIDENCE_DIR = tmp_path
    address = reverse("act_file", args=[act.pk])
    assert registrar.get(address).status_code == 404
    LegalAct.objects.update(file_path="aa/bb", file_name="x.pdf", file_type="application/pdf")
    assert "cannot be read" in notices(registrar.get(address, follow=True))[0]


def test_an_act_without_a_title_has_a_page(registrar: Client, cast: Cast) -> None:
    act = LegalAct.objects.create(kind="decree", number="155", date="2023-06-15")
    page = registrar.get(act.get_absolute_url()).content.decode()
    assert "№ 155, 15.06.2023" in page
    assert "(no title)" in registrar.get(reverse("acts")).content.decode()
