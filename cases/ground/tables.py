"""Reading uploaded tables (.csv, .xlsx): rows of text with their numbers, or a sentence that says what is wrong."""

import csv
import io
import json
import logging
import re
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from threading import Timer
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from openpyxl.utils import get_column_letter

from cases.ground import workbook
from cases.ground.workbook import CPU, LOWEST_LINE, MAX_COLUMNS, MEGABYTE, Cell, Fault, plain

log = logging.getLogger(__name__)

MAX_SIZE = 20 * MEGABYTE
MAX_UNPACKED = 200 * MEGABYTE
MAX_RATIO = 100
"""How many times its packed size a workbook may have; only checked beyond RATIO_FROM, as small ones pack well."""
RATIO_FROM = 5 * MEGABYTE
MAX_MEMBERS = 2_000
MAX_ROWS = 20_000
PATIENCE = 2 * CPU
"""Seconds that a workbook may take on a busy machine."""
WIDEST_LINE = 16_384
"""Empty lines and cells do not count, but beyond these nobody looks for filled ones."""

OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
ZIP = b"PK\x03\x04"
LONGEST_CELL = 32_767
"""Characters, as in Excel."""
FORMULA = re.compile(r"\A(?:[=@]|[+-]\S*[A-Za-z][(|!])")
"""How a text begins that a spreadsheet would run; "+996 555 …" and "- text" are none."""
GUARD = re.compile(r"'(?=[=+\-@\t\r])")
"""The apostrophe that our own export puts before such a text."""
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")


class TableError(Exception):
    """The file cannot be read; `sentence` says why, and where."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True)
class Row:
    """One row: its number in the file (the first line is 1) and heading (casefolded) -> text; dates as 2026-11-21."""

    number: int
    cells: dict[str, str]


def read_upload(upload: "UploadedFile[bytes]", columns: Sequence[str]) -> list[Row]:
    """As `read_table()`, of an uploaded file that is not yet in memory. Raises TableError."""
    _check_size(upload.size or 0)
    return read_table(upload.name or "", upload.read(), columns)


def read_table(name: str, content: bytes, columns: Sequence[str]) -> list[Row]:
    """The rows under the heading, empty ones left out; `columns` must be among the headings. Raises TableError."""
    _check_size(len(content))
    suffix = name.lower().rpartition(".")[2]
    if suffix == "xlsx":
        return _rows(_workbook(content), columns)
    if suffix == "csv":
        return _rows(_csv(content, columns), columns)
    if suffix == "xls":
        raise TableError(_("Files of the old Excel (.xls) cannot be read. Save it as .xlsx and upload that."))
    raise TableError(_("Upload a table as .xlsx or .csv."))


def heading(text: str) -> str:
    """A heading as it is compared: lower case, runs of spaces as one."""
    return " ".join(text.casefold().split())


def _check_size(size: int) -> None:
    if size == 0:
        raise TableError(_("The file is empty."))
    if size > MAX_SIZE:
        raise TableError(_("The file is larger than %(megabytes)d MB.") % {"megabytes": MAX_SIZE // MEGABYTE})


def _rows(lines: Iterable[list[str]], columns: Sequence[str]) -> list[Row]:
    """Lines in the order of the file, the empty ones too, as they count."""
    headings: list[str] = []
    rows: list[Row] = []
    for number, line in enumerate(lines, start=1):
        if not any(line):
            continue
        if not headings:
            headings = _headings(line, columns)
            continue
        if len(rows) == MAX_ROWS:
            raise TableError(_("The table has more than %(rows)d rows. Split it.") % {"rows": MAX_ROWS})
        rows.append(_row(number, line, headings))
    if not rows:
        raise TableError(_("The table has no rows."))
    return rows


def _row(number: int, line: list[str], headings: list[str]) -> Row:
    cells = {name: line[place] if place < len(line) else "" for place, name in enumerate(headings) if name}
    for place, text in enumerate(line):
        if text and (place >= len(headings) or not headings[place]):
            raise TableError(
                _("Row %(row)d, column %(column)s: there is a value, but the column has no heading.")
                % {"row": number, "column": get_column_letter(place + 1)}
            )
    return Row(number, cells)


def _headings(line: list[str], columns: Sequence[str]) -> list[str]:
    found = [heading(text) for text in line]
    while found and not found[-1]:
        found.pop()
    if len(found) > MAX_COLUMNS:
        raise TableError(_("The table has more than %(columns)d columns.") % {"columns": MAX_COLUMNS})
    twice = sorted({name for name in found if name and found.count(name) > 1})
    if twice:
        raise TableError(_("The heading “%(name)s” appears twice in the table.") % {"name": twice[0]})
    missing = [name for name in columns if heading(name) not in found]
    if missing:
        raise TableError(_("These columns are missing: %(names)s.") % {"names": ", ".join(missing)})
    return found


def _text(value: object, row: int, column: int) -> str:
    """A cell as text; control characters and formulas are refused with their place."""
    text = _clean(value, row, column)
    if FORMULA.match(text):
        raise _formula(row, column)
    return text


def _clean(value: object, row: int, column: int) -> str:
    text = plain(value)
    if len(text) > LONGEST_CELL:
        raise TableError(
            _("Row %(row)d, column %(column)s: the text has more than %(most)d characters.")
            % {"row": row, "column": get_column_letter(column), "most": LONGEST_CELL}
        )
    if CONTROL.search(text):
        raise TableError(
            _("Row %(row)d, column %(column)s: there is a control character, which no text should have.")
            % {"row": row, "column": get_column_letter(column)}
        )
    return text


def _formula(row: int, column: int) -> TableError:
    return TableError(
        _("Row %(row)d, column %(column)s: there is a formula. Replace it by its value.")
        % {"row": row, "column": get_column_letter(column)}
    )


# --- .csv ---


def _csv(content: bytes, columns: Sequence[str]) -> Iterator[list[str]]:
    text = _decoded(content)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text, columns), strict=True)
    number = 0
    try:
        for number, line in enumerate(reader, start=1):
            _check_extent(number, len(line))
            yield [_csv_text(cell, number, place) for place, cell in enumerate(line, start=1)]
    except csv.Error as error:
        raise TableError(
            _("Row %(row)d cannot be read: its quotation marks do not match, or a cell is too long.")
            % {"row": number + 1}
        ) from error


def _csv_text(cell: str, row: int, column: int) -> str:
    return _clean(cell[1:], row, column) if GUARD.match(cell) else _text(cell, row, column)


def _check_extent(row: int, cells: int) -> None:
    if row > LOWEST_LINE:
        raise TableError(_("The table has more than %(rows)d rows. Split it.") % {"rows": MAX_ROWS})
    if cells > WIDEST_LINE:
        raise TableError(_("The table has more than %(columns)d columns.") % {"columns": MAX_COLUMNS})


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        candidates = ["utf-16"]
    elif content.startswith((ZIP, OLD_OFFICE, b"%PDF")) or b"\0" in content:
        raise TableError(_("The file is called .csv, but it is no text."))
    else:
        candidates = ["utf-8-sig", "cp1251"]
    for encoding in candidates:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise TableError(_("The letters of the file cannot be read. Save it as “CSV UTF-8”."))


def _delimiter(text: str, columns: Sequence[str]) -> str:
    """The one of comma, semicolon and tab with which the first line names most of the columns looked for."""
    wanted = {heading(name) for name in columns}
    first = text.lstrip("\r\n").split("\n", 1)[0]

    def score(delimiter: str) -> tuple[int, int]:
        found = [heading(cell.strip('" \r')) for cell in first.split(delimiter)]
        return len(wanted & set(found)), len(found)

    return max(",;\t", key=score)


# --- .xlsx ---


def _workbook(content: bytes) -> Iterator[list[str]]:
    """The lines of the first sheet."""
    _check_archive(content)
    for number, cells in enumerate(_read_apart(content), start=1):
        _check_extent(number, len(cells))
        yield [_cell(cell, number, place) for place, cell in enumerate(cells, start=1)]


def _read_apart(content: bytes) -> Iterator[list[Any]]:
    """What workbook.py reads in a process of its own: whatever a workbook does, it does to that one."""
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


def _until_its_end(child: "subprocess.Popen[bytes]") -> Iterator[list[Any]]:
    """Raises TableError when the child says so, and when it was ended: it took too much time or memory."""
    for line in child.stdout or ():
        found = json.loads(line)
        if found == "end":
            return
        if isinstance(found, dict):
            log.warning("A workbook could not be read: %s", found)
            raise _damaged() if found["fault"] == Fault.DAMAGED else _too_large()
        yield found
    log.warning("A workbook took too much time or memory.")
    raise _too_large()


def _damaged() -> TableError:
    return TableError(_("The file is damaged: it cannot be read as .xlsx."))


def _too_large() -> TableError:
    return TableError(_("The file would unpack to far more than a table needs; it is not read."))


class _Sip(io.BytesIO):
    """Reads little at once: a table of contents with a million members takes minutes and gigabytes."""

    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(MEGABYTE if size is None or size < 0 else min(size, MEGABYTE))


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
        with zipfile.ZipFile(_Sip(content)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise _damaged() from error
    if any(member.flag_bits & 1 for member in members):
        raise TableError(_("The file is protected by a password. Remove it and upload the file again."))
    unpacked = sum(member.file_size for member in members)
    ratio = unpacked / len(content) if unpacked > RATIO_FROM else 0
    if unpacked > MAX_UNPACKED or ratio > MAX_RATIO or len(members) > MAX_MEMBERS:
        raise _too_large()


def _cell(cell: Any, row: int, column: int) -> str:
    if cell is None:
        return ""
    kind, text = cell
    if kind == Cell.FORMULA:
        raise _formula(row, column)
    if kind == Cell.ERROR:
        raise TableError(
            _("Row %(row)d, column %(column)s: there is the error value %(value)s.")
            % {"row": row, "column": get_column_letter(column), "value": text}
        )
    return _text(text, row, column)
