"""Reading an uploaded workbook (.xlsx): checked as an archive, then read by workbook.py in a process of its own."""

import io
import json
import logging
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from threading import Timer

from django.utils.translation import gettext as _
from openpyxl.utils import get_column_letter

from cases.ground import workbook
from cases.ground.archives import MEGABYTE, opened
from cases.ground.cells import TableError, check_extent, formula_error, text_of
from cases.ground.workbook import CPU, CellKind, WorkbookFault

log = logging.getLogger(__name__)

MAX_UNPACKED = 200 * MEGABYTE
MAX_RATIO = 100
"""How many times its packed size a workbook may have; only checked beyond RATIO_FROM, as small ones pack well."""
RATIO_FROM = 5 * MEGABYTE
MAX_MEMBERS = 2_000
PATIENCE = 2 * CPU
"""Seconds that a workbook may take on a busy machine."""

OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
ZIP = b"PK\x03\x04"


def lines_of(content: bytes) -> Iterator[list[str]]:
    """The lines of the first sheet."""
    _check_archive(content)
    for number, cells in enumerate(_read_apart(content), start=1):
        check_extent(number, len(cells))
        yield [_cell(cell, number, place) for place, cell in enumerate(cells, start=1)]


def _read_apart(content: bytes) -> Iterator[list[workbook.Read]]:
    """The lines that workbook.py reads in a process of its own: a hostile workbook can harm that process alone."""
    with tempfile.TemporaryFile() as file:
        file.write(content)
        file.seek(0)
        command = [sys.executable, "-I", workbook.__file__]
        with subprocess.Popen(command, stdin=file, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={}) as child:
            watch = Timer(PATIENCE, child.kill)
            watch.start()
            try:
                yield from _until_its_end(child)
            finally:
                watch.cancel()
                child.kill()


def _until_its_end(child: "subprocess.Popen[bytes]") -> Iterator[list[workbook.Read]]:
    """Raises TableError when the child reports a fault, or was killed for taking too much time or memory."""
    for line in child.stdout or ():
        read = json.loads(line)
        if read == "end":
            return
        if isinstance(read, dict):
            log.warning("A workbook could not be read: %s", read)
            raise _damaged() if read["fault"] == WorkbookFault.DAMAGED else _too_large()
        yield read
    log.warning("A workbook took too much time or memory.")
    raise _too_large()


def _damaged() -> TableError:
    return TableError(_("The file is damaged: it cannot be read as .xlsx."))


def _too_large() -> TableError:
    return TableError(_("The file would unpack to far more than a table needs; it is not read."))


def _check_archive(content: bytes) -> None:
    """Checks what a workbook would unpack to before anything is unpacked."""
    if content.startswith(OLD_OFFICE):
        raise TableError(
            _("The file is protected by a password. Remove it and upload the file again.")
            if ENCRYPTED in content
            else _("Files of the old Excel (.xls) cannot be read. Save it as .xlsx and upload that.")
        )
    if not content.startswith(ZIP):
        raise TableError(_("The file is called .xlsx, but it is none."))
    try:
        with opened(io.BytesIO(content)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise _damaged() from error
    if any(member.flag_bits & 1 for member in members):
        raise TableError(_("The file is protected by a password. Remove it and upload the file again."))
    unpacked = sum(member.file_size for member in members)
    ratio = unpacked / len(content) if unpacked > RATIO_FROM else 0
    if unpacked > MAX_UNPACKED or ratio > MAX_RATIO or len(members) > MAX_MEMBERS:
        raise _too_large()


def _cell(cell: workbook.Read, row: int, column: int) -> str:
    if cell is None:
        return ""
    kind, text = cell
    if kind == CellKind.FORMULA:
        raise formula_error(row, column)
    if kind == CellKind.ERROR:
        raise TableError(
            _("Row %(row)d, column %(column)s: there is the error value %(value)s.")
            % {"row": row, "column": get_column_letter(column), "value": text}
        )
    return text_of(text, row, column)
