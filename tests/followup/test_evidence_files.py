"""Evidence as files: what is taken for what it is, what is refused, and what a full disk leaves."""

import hashlib
import os
import resource
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from cases.followup.models import Recommendation
from cases.ground.storage import SIZE_LIMIT, clean_name
from tests.cast import Cast
from tests.factories import make_recommendation
from tests.followup.files import (
    JPEG,
    PDF,
    PNG,
    PROGRAM,
    archive,
    bomb,
    deep_bomb,
    endless_contents,
    office,
    open_document,
    send_raw,
    upload,
)
from tests.followup.pages import Opened, text_of
from workflow.door import perform

pytestmark = pytest.mark.slow

TOO_LARGE = "The file is larger than 50 MB. Make it smaller or split it."
NO_ROOM = "The server has no room left for files."
NOT_STORED = "The server could not store the file."
OFFICE_KIND = "application/vnd.ms-word.document.macroEnabled"


@pytest.fixture
def folder(settings: Settings, tmp_path: Path) -> Path:
    settings.EVIDENCE_DIR = tmp_path / "evidence"
    return tmp_path / "evidence"


@pytest.fixture
def case(cast: Cast, folder: Path) -> Recommendation:
    made = make_recommendation(cast, "under_review")
    perform(made, "agree_plan", by=cast.coordinator)
    return made


def adding(case: Recommendation) -> str:
    return f"/recommendations/{case.number}/evidence/"


def left(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


HONEST = [
    ("a.pdf", PDF, "application/pdf"),
    ("a.PDF", b"\xef\xbb\xbf\n" + PDF, "application/pdf"),
    ("a.png", PNG, "image/png"),
    ("a.jpg", JPEG, "image/jpeg"),
    ("a.jpeg", JPEG, "image/jpeg"),
    ("a.docx", office("docx"), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ("a.xlsx", office("xlsx"), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("a.pptx", office("pptx"), "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    ("a.odt", open_document("odt"), "application/vnd.oasis.opendocument.text"),
    ("a.ods", open_document("ods"), "application/vnd.oasis.opendocument.spreadsheet"),
    ("a.txt", "Китепкана толукталды, ө ү ң.\r\n".encode(), "text/plain"),
    ("a.txt", "Библиотека пополнена".encode("cp1251"), "text/plain"),
    ("a.txt", "Китепкана".encode("utf-16"), "text/plain"),
    ("a.csv", "аты;саны\nкитеп;5\n".encode(), "text/csv"),
]
LIARS = [
    ("a.pdf", PROGRAM),
    ("a.pdf", b"<html><script>alert(1)</script>%PDF-1.4"),
    ("a.png", PDF),
    ("a.jpg", PNG),
    ("a.docx", PDF),
    ("a.docx", archive({"evil.exe": PROGRAM})),
    ("a.docx", archive({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<x/>"})),
    ("a.docx", office("docx", kind=OFFICE_KIND)),
    ("a.xlsx", office("docx")),
    ("a.odt", office("docx")),
    ("a.odt", open_document("ods")),
    ("a.docx", office("docx")[:-40]),
    ("a.docx", office("docx")[:200]),
    ("a.docx", deep_bomb("docx")),
    ("a.odt", deep_bomb("odt")),
    ("a.docx", endless_contents("docx")),
    ("a.docx", b"PK\x05\x06" + b"\0" * 18),
    ("a.txt", PROGRAM),
    ("a.txt", PDF),
    ("a.csv", office("xlsx")),
    ("a.txt", b"\xff\xfe" + "текст".encode("utf-16-le") + b"\0"),
    ("a.txt", b"a" * 5000 + b"\0"),
]


@pytest.mark.parametrize(("name", "content", "content_type"), HONEST)
def test_an_honest_file_is_taken_as_what_it_is(
    as_: Opened, case: Recommendation, name: str, content: bytes, content_type: str
) -> None:
    response = as_("officer").post(adding(case), {"file": upload(name, content)})
    assert response.status_code == 302, text_of(response)
    evidence = case.evidence.get()
    assert (evidence.content_type, evidence.size) == (content_type, len(content))
    assert evidence.sha256 == hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize(("name", "content"), LIARS)
def test_a_file_that_lies_about_its_type_is_refused(
    as_: Opened, case: Recommendation, folder: Path, name: str, content: bytes
) -> None:
    response = as_("officer").post(adding(case), {"file": upload(name, content), "note": "Honest"})
    assert response.status_code == 422
    assert f"The contents of the file are not those of a .{name[2:]} file." in text_of(response)
    assert "Honest" in text_of(response)
    assert (case.evidence.count(), left(folder)) == (0, [])


@pytest.mark.parametrize("name", ["a.exe", "a.html", "a.svg", "a.docm", "a.zip", "a.pdf.js", "pdf", "a.", "a"])
def test_other_kinds_of_files_are_not_taken(as_: Opened, case: Recommendation, folder: Path, name: str) -> None:
    response = as_("officer").post(adding(case), {"file": upload(name, PDF)})
    assert (response.status_code, "Files of this type are not accepted." in text_of(response)) == (422, True)
    assert left(folder) == []


def test_an_archive_that_would_unpack_to_gigabytes_is_refused(as_: Opened, case: Recommendation, folder: Path) -> None:
    response = as_("officer").post(adding(case), {"file": upload("a.xlsx", bomb("xlsx"))})
    assert (response.status_code, "larger than 500 MB" in text_of(response)) == (422, True)
    assert left(folder) == []


def test_an_empty_file_is_refused(as_: Opened, case: Recommendation, folder: Path) -> None:
    response = as_("officer").post(adding(case), {"file": upload("a.pdf", b"")})
    assert (response.status_code, "The submitted file is empty." in text_of(response)) == (422, True)
    assert left(folder) == []


NAMES = [
    ("../../etc/passwd.pdf", "passwd.pdf"),
    ("C:\\\\Users\\\\Айгүл\\\\протокол.pdf", "протокол.pdf"),
    ("a\x01b\x1fc.pdf", "abc.pdf"),
    ("gpj.\u202efdp.pdf", "gpj.fdp.pdf"),
    ("Отчёт өүң 🎉.pdf", "Отчёт өүң 🎉.pdf"),
    ("  .pdf", "file.pdf"),
    ("...pdf", "file.pdf"),
    ("<script>.pdf", "<script>.pdf"),
    ("я" * 400 + ".pdf", "я" * 200 + ".pdf"),
]


@pytest.mark.parametrize(("sent", "kept"), NAMES)
def test_a_name_is_kept_as_far_as_it_is_harmless(
    as_: Opened, case: Recommendation, folder: Path, sent: str, kept: str
) -> None:
    response = send_raw(as_("officer"), adding(case), sent)
    assert response.status_code == 302, text_of(response)
    evidence = case.evidence.get()
    assert evidence.name == kept
    assert [str(path.relative_to(folder)) for path in left(folder)] == [evidence.path]
    assert "<script>.pdf" not in text_of(as_("officer").get(case.get_absolute_url()))


@pytest.mark.parametrize("name", ["", ".", "..", "/", "\x01"])
def test_a_file_without_a_name_counts_as_none(as_: Opened, case: Recommendation, name: str) -> None:
    response = send_raw(as_("officer"), adding(case), name)
    assert (response.status_code, "Choose a file." in text_of(response)) == (422, True)


def test_a_name_of_letters_and_their_marks_is_put_together() -> None:
    assert clean_name("и\u0306од.pdf") == "йод.pdf"


def test_fifty_megabytes_are_taken_and_one_byte_more_is_not(as_: Opened, case: Recommendation, folder: Path) -> None:
    client = as_("officer")
    largest = PDF + b" " * (SIZE_LIMIT - len(PDF))
    more = client.post(adding(case), {"note": "Kept note", "file": upload("a.pdf", largest + b" ")})
    assert (more.status_code, TOO_LARGE in text_of(more), "Kept note" in text_of(more)) == (422, True, True)
    assert left(folder) == []
    assert client.post(adding(case), {"file": upload("a.pdf", largest)}).status_code == 302
    assert case.evidence.get().size == SIZE_LIMIT


def test_files_of_one_request_are_counted_together(as_: Opened, case: Recommendation, folder: Path) -> None:
    half = PDF + b" " * (SIZE_LIMIT // 2)
    sent = {"other": upload("b.pdf", half), "file": upload("a.pdf", half)}
    response = as_("officer").post(adding(case), sent)
    assert (response.status_code, TOO_LARGE in text_of(response)) == (422, True)
    assert left(folder) == []


def test_a_request_that_announces_gigabytes_is_not_even_read(as_: Opened, case: Recommendation, folder: Path) -> None:
    announced = str(5 * 1024**3)
    response = send_raw(as_("officer"), adding(case), "a.pdf", PDF * 5_000, CONTENT_LENGTH=announced)
    assert (response.status_code, TOO_LARGE in text_of(response)) == (422, True)
    assert "The typed note" in text_of(response)
    assert left(folder) == []


def test_nobody_uploads_without_signing_in(case: Recommendation, folder: Path) -> None:
    response = send_raw(Client(), adding(case), "a.pdf", PDF * 50_000)
    assert (response.status_code, response["Location"].partition("?")[0]) == (302, "/login/")
    assert not folder.exists()


@contextmanager
def no_file_larger_than(size: int) -> Iterator[None]:
    """Writing on beyond `size` bytes of a file fails, for this process alone."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("size", [600_000, 3_000_000], ids=["while it is stored", "while it arrives"])
def test_a_disk_that_fails_leaves_a_sentence_and_nothing_else(
    as_: Opened, case: Recommendation, folder: Path, size: int
) -> None:
    client = as_("officer")
    version = case.version
    with no_file_larger_than(100_000):
        response = client.post(adding(case), {"note": "Kept note", "file": upload("a.pdf", PDF + b" " * size)})
    assert (response.status_code, NOT_STORED in text_of(response)) == (422, True)
    assert "Kept note" in text_of(response)
    assert (left(folder), case.evidence.count()) == ([], 0)
    assert Recommendation.objects.get(pk=case.pk).version == version
    assert client.post(adding(case), {"file": upload()}).status_code == 302


@pytest.fixture
def small_disk(folder: Path) -> Iterator[Path]:
    """A real disk of two megabytes under the evidence folder."""
    folder.mkdir(parents=True)
    mount = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True).returncode != 0:
        pytest.skip("only root can mount a small disk")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.parametrize("size", [900_000, 3_000_000], ids=["while it is stored", "while it arrives"])
def test_a_full_disk_leaves_a_sentence_and_nothing_else(
    as_: Opened, case: Recommendation, small_disk: Path, size: int
) -> None:
    filler = small_disk / "filler"
    filler.write_bytes(b"x" * 1_500_000)
    client = as_("officer")
    response = client.post(adding(case), {"note": "Kept note", "file": upload("a.pdf", PDF + b" " * size)})
    assert (response.status_code, NO_ROOM in text_of(response)) == (422, True)
    assert "Kept note" in text_of(response)
    assert (left(small_disk), case.evidence.count()) == ([filler], 0)
    filler.unlink()
    assert client.post(adding(case), {"file": upload("a.pdf", PDF + b" " * 900_000)}).status_code == 302


def test_a_folder_that_cannot_be_made_is_told(as_: Opened, case: Recommendation, folder: Path) -> None:
    folder.write_text("a file stands where the folder should be")
    response = as_("officer").post(adding(case), {"file": upload()})
    assert (response.status_code, NOT_STORED in text_of(response)) == (422, True)
    assert case.evidence.count() == 0
