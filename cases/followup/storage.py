"""Where evidence lies on disk: received under a temporary name, checked, synced, renamed; never overwritten."""

import errno
import hashlib
import os
import secrets
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

import puremagic
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from workflow.lifecycle import Refused

SIZE_LIMIT = 50 * 1024 * 1024
OFFICE = "application/vnd.openxmlformats-officedocument."
TYPES = {
    "pdf": "application/pdf",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "docx": f"{OFFICE}wordprocessingml.document",
    "xlsx": f"{OFFICE}spreadsheetml.sheet",
    "pptx": f"{OFFICE}presentationml.presentation",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "txt": "text/plain",
    "csv": "text/csv",
}
"""Endings that are taken as evidence, and the type that the contents must have."""
OFFICE_PARTS = {"docx": "word/", "xlsx": "xl/", "pptx": "ppt/"}


@dataclass(frozen=True)
class Received:
    """A file that lies in its place: `path` is relative to the evidence folder."""

    name: str
    path: str
    content_type: str
    size: int
    sha256: str

    def facts(self) -> dict[str, Any]:
        return asdict(self)


@contextmanager
def received(upload: "UploadedFile[Any]") -> Iterator[Received]:
    """Keep the upload; when the block fails (no right, no row), the file is removed again. Raises Refused."""
    name = _clean_name(upload.name or "")
    ending = name.rpartition(".")[2].lower()
    if ending not in TYPES:
        raise Refused(_("Files of this kind are not taken. Use: %(endings)s.") % {"endings": ", ".join(TYPES)})
    place = Path(settings.EVIDENCE_DIR) / _fresh_path()
    try:
        size, sha256 = _write(upload, place, ending)
    except OSError as error:
        raise Refused(_disk_sentence(error)) from error
    try:
        yield Received(name, str(place.relative_to(settings.EVIDENCE_DIR)), TYPES[ending], size, sha256)
    except BaseException:
        place.unlink()
        raise


def open_evidence(path: str) -> IO[bytes]:
    return (Path(settings.EVIDENCE_DIR) / path).open("rb")


def _fresh_path() -> Path:
    token = secrets.token_hex(16)
    return Path(token[:2], token[2:])


def _clean_name(name: str) -> str:
    printable = "".join(letter for letter in os.path.basename(name) if letter.isprintable())
    stem, dot, ending = printable.rpartition(".")
    return f"{stem[:200]}{dot}{ending[:20]}"


def _write(upload: "UploadedFile[Any]", place: Path, ending: str) -> tuple[int, str]:
    place.parent.mkdir(parents=True, exist_ok=True)
    unfinished = place.with_suffix(".part")
    try:
        with unfinished.open("xb") as file:
            size, sha256 = _copy(upload, file)
            file.flush()
            os.fsync(file.fileno())
        _check_contents(unfinished, ending)
        unfinished.rename(place)
        _sync_folder(place.parent)
    finally:
        unfinished.unlink(missing_ok=True)
    return size, sha256


def _copy(upload: "UploadedFile[Any]", file: IO[bytes]) -> tuple[int, str]:
    size, digest = 0, hashlib.sha256()
    for chunk in upload.chunks():
        size += len(chunk)
        if size > SIZE_LIMIT:
            raise Refused(_("The file is larger than 50 MB. Make it smaller or split it."))
        digest.update(chunk)
        file.write(chunk)
    if size == 0:
        raise Refused(_("The file is empty."))
    return size, digest.hexdigest()


def _check_contents(path: Path, ending: str) -> None:
    if not _is_really(path, ending):
        raise Refused(_("The contents of the file are not those of a .%(ending)s file.") % {"ending": ending})


def _is_really(path: Path, ending: str) -> bool:
    with path.open("rb") as file:
        head = file.read(4096)
    if ending in ("txt", "csv"):
        return b"\0" not in head
    if ending in OFFICE_PARTS or ending in ("odt", "ods"):
        return _is_office(path, ending)
    found = {match.mime_type for match in puremagic.magic_string(head)} if head else set()
    return TYPES[ending] in found


def _is_office(path: Path, ending: str) -> bool:
    if not zipfile.is_zipfile(path):
        return False
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        if ending in OFFICE_PARTS:
            return "[Content_Types].xml" in names and any(name.startswith(OFFICE_PARTS[ending]) for name in names)
        return "mimetype" in names and archive.read("mimetype")[:100].decode("ascii", "replace") == TYPES[ending]


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _disk_sentence(error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return _(
            "The server has no room left for files. Nothing was stored; tell the administrator and try again later."
        )
    return _("The server could not store the file. Nothing was stored; tell the administrator and try again later.")
