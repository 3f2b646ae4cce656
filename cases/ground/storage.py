"""Where documents lie on disk: received under a temporary name, checked, synced, renamed; never overwritten."""

import errno
import hashlib
import logging
import os
import re
import secrets
import unicodedata
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import InterfaceError, OperationalError
from django.utils.translation import gettext as _

from cases.ground.contents import TYPES, objection
from workflow.door import Refused
from workflow.trail.files import sha256_of

log = logging.getLogger(__name__)

SIZE_LIMIT = 50 * 1024 * 1024


class WrongFile(Refused):
    """The file is refused; forms show the reason at the field for it."""


@dataclass(frozen=True)
class Received:
    """A file that lies in its place: `path` is relative to the evidence folder."""

    name: str
    path: str
    content_type: str
    size: int
    sha256: str

    def facts(self) -> dict[str, object]:
        return asdict(self)


@contextmanager
def received(upload: "UploadedFile[bytes]") -> Iterator[Received]:
    """Keep the upload; when the block fails (no right, no row), the file is removed again. Raises Refused."""
    name = clean_name(upload.name or "")
    ending = Path(name).suffix.lower().removeprefix(".")
    if ending not in TYPES:
        raise WrongFile(_("Files of this type are not accepted. Use: %(endings)s.") % {"endings": ", ".join(TYPES)})
    place = Path(settings.EVIDENCE_DIR) / _fresh_path()
    try:
        size, sha256 = _write(upload, place, ending)
    except OSError as error:
        raise WrongFile(disk_sentence(error)) from error
    try:
        yield Received(name, str(place.relative_to(settings.EVIDENCE_DIR)), TYPES[ending], size, sha256)
    except (InterfaceError, OperationalError):
        # The connection may have been lost after the commit: a file without a row does less harm than the reverse.
        raise
    except BaseException:
        with suppress(OSError):
            place.unlink()
        raise


def open_stored(path: str, sha256: str) -> IO[bytes]:
    """The file, read once before it is handed out: nobody gets another one than was received.

    Raises Refused when it cannot be read, such as when the folder was not restored from a backup, or was changed.
    """
    try:
        file = (Path(settings.EVIDENCE_DIR) / path).open("rb")
        with ExitStack() as unless_all_is_well:
            unless_all_is_well.enter_context(file)
            _refuse_another(file, path, sha256)
            file.seek(0)
            unless_all_is_well.pop_all()
    except OSError as error:
        log.error("The file %s cannot be read: %s", path, error)
        raise Refused(_("The file cannot be read from the server's disk. Tell the administrator.")) from error
    return file


def _refuse_another(file: IO[bytes], path: str, sha256: str) -> None:
    present = sha256_of(file)
    if present != sha256:
        log.error("The file %s is not the one that was received: its SHA-256 is %s, not %s.", path, present, sha256)
        raise Refused(_("The file on the server's disk is not the one that was received. Tell the administrator."))


def clean_name(name: str) -> str:
    """The name without folders, shortened, without characters that are invisible or turn the direction of writing."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    printable = "".join(letter for letter in " ".join(last.split()) if letter.isprintable())
    stem, dot, ending = printable.rpartition(".")
    return f"{stem.strip(' .')[:200] or 'file'}{dot}{ending[:20]}" if dot else printable[:200]


def too_large() -> str:
    return _("The file is larger than 50 MB. Make it smaller or split it.")


def disk_sentence(error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return _(
            "The server has no room left for files. Nothing was stored; tell the administrator and try again later."
        )
    return _("The server could not store the file. Nothing was stored; tell the administrator and try again later.")


def _fresh_path() -> Path:
    token = secrets.token_hex(16)
    return Path(token[:2], token[2:])


def _write(upload: "UploadedFile[bytes]", place: Path, ending: str) -> tuple[int, str]:
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = place.with_suffix(".part")
    try:
        with open(unfinished, "xb", opener=_only_ours) as file:
            size, sha256 = _copy(upload, file)
            file.flush()
            os.fsync(file.fileno())
        if sentence := objection(unfinished, ending):
            raise WrongFile(sentence)
        unfinished.rename(place)
        _sync_folder(place.parent)
        _sync_folder(place.parent.parent)
    except BaseException:
        for path in (unfinished, place):
            with suppress(OSError):
                path.unlink(missing_ok=True)
        raise
    return size, sha256


def _only_ours(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _copy(upload: "UploadedFile[bytes]", file: IO[bytes]) -> tuple[int, str]:
    size, digest = 0, hashlib.sha256()
    for chunk in upload.chunks():
        size += len(chunk)
        if size > SIZE_LIMIT:
            raise WrongFile(too_large())
        digest.update(chunk)
        file.write(chunk)
    if size == 0:
        raise WrongFile(_("The file is empty."))
    return size, digest.hexdigest()


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
