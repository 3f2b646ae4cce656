"""Handing tables out as files: .csv and .xlsx, with nothing in them that a spreadsheet would run."""

import csv
import io
import os
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import islice

import xlsxwriter
from django.http import FileResponse, StreamingHttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

RUNS = ("=", "+", "-", "@", "\t", "\r")
"""Beginnings of a text that a spreadsheet takes for a formula."""
INNER = re.compile(r"[;\t\n\r][ \"]{0,9}(?=[=@]|[+-][^;\n]{0,60}[^\W\d_][(|!])")
"""Where a formula would begin for a spreadsheet that takes semicolons or tabs for the ends of cells."""
ENDS = re.compile(r"[;\t\n\r]")
"""Each match of INNER begins with one of these; texts without any need not be searched."""
LONGEST_CELL = 32_767
MOST_ROWS = 1_048_575
"""Of a sheet, under its header; XlsxWriter would leave out the others without a word."""
TOGETHER = 100
"""Lines of a .csv that are sent at once: each piece costs the web server as much as a line costs us."""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Cells = Sequence[object]


class TooManyRows(Exception):
    """A sheet cannot hold so many rows."""


def csv_response(filename: str, header: Sequence[str], rows: Iterable[Cells]) -> StreamingHttpResponse:
    """Streams the header and then the rows as they come, in UTF-8 with the byte order mark that Excel looks for."""
    response = StreamingHttpResponse(
        _csv_lines([str(name) for name in header], rows), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=filename)
    return response


def xlsx_response(filename: str, header: Sequence[str], rows: Iterable[Cells]) -> FileResponse:
    """Writes the rows to a temporary file, which is deleted once it was sent."""
    # The response closes the file when it was sent; a name is needed by XlsxWriter only while it writes.
    handle, path = tempfile.mkstemp(suffix=".xlsx")
    try:
        os.close(handle)
        write_workbook(path, header, rows)
        return FileResponse(open(path, "rb"), as_attachment=True, filename=filename, content_type=XLSX)
    finally:
        os.unlink(path)


def write_workbook(path: str, header: Sequence[str], rows: Iterable[Cells]) -> int:
    """Writes the table in constant memory; returns how many rows there were. Raises TooManyRows."""
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(path, options) as book:
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        formats = {date: book.add_format({"num_format": "dd.mm.yyyy", "align": "left"}),
                   datetime: book.add_format({"num_format": "dd.mm.yyyy hh:mm", "align": "left"})}  # fmt: skip
        sheet = book.add_worksheet()
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, max(len(header) - 1, 0), 22)
        for column, name in enumerate(header):
            sheet.write_string(0, column, str(name), bold)
        number = 0
        for number, row in enumerate(rows, start=1):
            if number > MOST_ROWS:
                raise TooManyRows(path)
            for column, value in enumerate(row):
                _write(sheet, number, column, value, formats)
    return number


def guarded(value: object) -> str | float | Decimal | date:
    """A text or a part of one that would be run gets an apostrophe before it; dates are ISO, moments are Bishkek's."""
    if isinstance(value, datetime):
        return _local(value).isoformat(" ", "seconds")
    if value is None or isinstance(value, (int, float, Decimal, date)):
        return "" if value is None else value
    text = str(value)
    if ENDS.search(text):
        text = INNER.sub(r"\g<0>'", text)
    return f"'{text}" if text.startswith(RUNS) else text


def _csv_lines(header: Sequence[str], rows: Iterable[Cells]) -> Iterator[str]:
    yield "\ufeff" + _csv([header])
    remaining = iter(rows)
    while lines := list(islice(remaining, TOGETHER)):
        yield _csv(lines)


def _csv(rows: Iterable[Cells]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(map(guarded, row) for row in rows)
    return text.getvalue()


def _write(sheet: Worksheet, row: int, column: int, value: object, formats: Mapping[type[date], Format]) -> None:
    if value is None or value == "":
        return
    if isinstance(value, str):
        sheet.write_string(row, column, value[:LONGEST_CELL])
    elif isinstance(value, datetime):
        sheet.write_datetime(row, column, _local(value).replace(tzinfo=None), formats[datetime])
    elif isinstance(value, date):
        sheet.write_datetime(row, column, value, formats[date])
    elif isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
        sheet.write_number(row, column, value)
    else:
        sheet.write_string(row, column, str(value)[:LONGEST_CELL])


def _local(moment: datetime) -> datetime:
    return timezone.localtime(moment) if timezone.is_aware(moment) else moment
