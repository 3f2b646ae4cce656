"""Reading uploaded tables (.csv, .xlsx): rows of text with their numbers, or a sentence that says what is wrong."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from openpyxl.utils import get_column_letter

from cases.ground.archives import MEGABYTE
from cases.ground.cells import MAX_ROWS, TableError, check_extent, clean, text_of
from cases.ground.uploaded_workbook import OLD_OFFICE, ZIP, lines_of
from cases.ground.workbook import MAX_COLUMNS

MAX_SIZE = 20 * MEGABYTE
GUARD = re.compile(r"'(?=[=+\-@\t\r])")
"""The apostrophe that our own export puts before such a text."""


@dataclass(frozen=True)
class Row:
    """One row: its number in the file (the first line is 1) and heading (casefolded) -> text; dates as 2026-11-21."""

    number: int
    cells: dict[str, str]


def read_upload(upload: "UploadedFile[bytes]", columns: Sequence[str]) -> list[Row]:
    """`read_table()` of an uploaded file, whose size is checked before it is read into memory. Raises TableError."""
    _check_size(upload.size or 0)
    return read_table(upload.name or "", upload.read(), columns)


def read_table(name: str, content: bytes, columns: Sequence[str]) -> list[Row]:
    """The rows under the heading, empty ones left out; `columns` must be among the headings. Raises TableError."""
    _check_size(len(content))
    suffix = name.lower().rpartition(".")[2]
    if suffix == "xlsx":
        return _rows(lines_of(content), columns)
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
    """`lines` are all lines of the file, the empty ones included, because they count in the numbers of rows."""
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
    names = [heading(text) for text in line]
    while names and not names[-1]:
        names.pop()
    if len(names) > MAX_COLUMNS:
        raise TableError(_("The table has more than %(columns)d columns.") % {"columns": MAX_COLUMNS})
    twice = sorted({name for name in names if name and names.count(name) > 1})
    if twice:
        raise TableError(_("The heading “%(name)s” appears twice in the table.") % {"name": twice[0]})
    missing = [name for name in columns if heading(name) not in names]
    if missing:
        raise TableError(_("These columns are missing: %(names)s.") % {"names": ", ".join(missing)})
    return names


def _csv(content: bytes, columns: Sequence[str]) -> Iterator[list[str]]:
    text = _decoded(content)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text, columns), strict=True)
    number = 0
    try:
        for number, line in enumerate(reader, start=1):
            check_extent(number, len(line))
            yield [_csv_text(cell, number, place) for place, cell in enumerate(line, start=1)]
    except csv.Error as error:
        raise TableError(
            _("Row %(row)d cannot be read: its quotation marks do not match, or a cell is too long.")
            % {"row": number + 1}
        ) from error


def _csv_text(cell: str, row: int, column: int) -> str:
    return clean(cell[1:], row, column) if GUARD.match(cell) else text_of(cell, row, column)


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
    """Whichever of comma, semicolon and tab lets the first line name most of the columns looked for."""
    wanted = {heading(name) for name in columns}
    first = text.lstrip("\r\n").split("\n", 1)[0]

    def score(delimiter: str) -> tuple[int, int]:
        names = [heading(cell.strip('" \r')) for cell in first.split(delimiter)]
        return len(wanted & set(names)), len(names)

    return max(",;\t", key=score)
