"""Whether the contents of a file are what its ending says: read from the bytes, within bounds, never unpacked."""

import codecs
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

from django.utils.translation import gettext as _

from cases.ground.archives import MEGABYTE, READ_AT_ONCE, opened

MAX_UNPACKED = 500 * MEGABYTE
OFFICE = "application/vnd.openxmlformats-officedocument."
OPEN_DOCUMENT = "application/vnd.oasis.opendocument."
TYPES = {
    "pdf": "application/pdf",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "docx": f"{OFFICE}wordprocessingml.document",
    "xlsx": f"{OFFICE}spreadsheetml.sheet",
    "pptx": f"{OFFICE}presentationml.presentation",
    "odt": f"{OPEN_DOCUMENT}text",
    "ods": f"{OPEN_DOCUMENT}spreadsheet",
    "odp": f"{OPEN_DOCUMENT}presentation",
    "txt": "text/plain",
    "csv": "text/csv",
}
"""Endings that are taken, and the type that the contents must have."""
BEGINNINGS = {
    "pdf": re.compile(rb"\A(\xef\xbb\xbf)?\s{0,1000}%PDF-\d"),
    "jpg": re.compile(rb"\xff\xd8\xff"),
    "jpeg": re.compile(rb"\xff\xd8\xff"),
    "png": re.compile(rb"\x89PNG\r\n\x1a\n"),
}
CONTROL = bytes({*range(32), 127} - {*b"\t\n\f\r"})
"""Bytes that no text has, in UTF-8 or an older encoding."""


def objection(path: Path, ending: str) -> str:
    """Why the file is not taken as what its ending says; empty when it is."""
    if ending in BEGINNINGS:
        is_right = bool(BEGINNINGS[ending].match(_head(path)))
    elif ending in ("txt", "csv"):
        is_right = _is_text(path)
    else:
        return _about_archive(path, ending)
    return "" if is_right else _not_really(ending)


def _not_really(ending: str) -> str:
    return _("The contents of the file are not those of a .%(ending)s file.") % {"ending": ending}


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(4096)


def _is_text(path: Path) -> bool:
    """UTF-16 with a byte order mark, or anything without control characters that is not one of the other types."""
    head = _head(path)
    if any(beginning.match(head) for beginning in BEGINNINGS.values()):
        return False
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        decode = codecs.getincrementaldecoder("utf-16")().decode
        return path.stat().st_size % 2 == 0 and _holds(path, lambda part: "\0" not in decode(part))
    return _holds(path, lambda part: len(part.translate(None, CONTROL)) == len(part))


def _holds(path: Path, test: Callable[[bytes], bool]) -> bool:
    """Whether every part of the file passes."""
    with path.open("rb") as file:
        try:
            return all(test(part) for part in iter(lambda: file.read(READ_AT_ONCE), b""))
        except UnicodeDecodeError:
            return False


def _about_archive(path: Path, ending: str) -> str:
    try:
        with path.open("rb") as file, opened(file) as archive:
            if not _is_office(archive, ending):
                return _not_really(ending)
            if sum(member.file_size for member in archive.infolist()) > MAX_UNPACKED:
                return _("Unpacked, the file would be larger than 500 MB. Make it smaller or split it.")
    except Exception:  # A damaged archive raises any of a dozen kinds.
        return _not_really(ending)
    return ""


def _is_office(archive: zipfile.ZipFile, ending: str) -> bool:
    if TYPES[ending].startswith(OFFICE):
        return f"{TYPES[ending]}.main+xml".encode() in _member(archive, "[Content_Types].xml")
    return _member(archive, "mimetype").strip() == TYPES[ending].encode()


def _member(archive: zipfile.ZipFile, name: str) -> bytes:
    """The beginning of a member; empty if it is compressed in a way that no office program uses."""
    member = archive.getinfo(name)
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return b""
    with archive.open(member) as file:
        return file.read(READ_AT_ONCE)
